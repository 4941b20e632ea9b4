using Hive.Nats;

namespace Hive.Client.Grid;

/// <summary>Where a grid is and who wants in. Secrets come from the environment or from files that it names, never from arguments.</summary>
public sealed record GridOptions
{
    /// <summary>The cluster unless named otherwise.</summary>
    public const string DefaultCluster = "hive";

    /// <summary>The user of whoever gives none: on a server without users everybody is trusted alike.</summary>
    public const string DefaultUser = "admin";

    private const int MaxToken = 64;

    /// <summary>The NATS server: <c>nats://host:port</c> or <c>tls://host:port</c>.</summary>
    public required string Server { get; init; }

    /// <summary>The grid's name: 1 to 64 letters, digits, <c>-</c> and <c>_</c>. Grids of different names share a server without meeting.</summary>
    public string Cluster { get; init; } = DefaultCluster;

    /// <summary>The NATS user; absent on a server without users. It is also the name under which a client submits goals.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>A token instead of user and password.</summary>
    public string? Token { get; init; }

    /// <summary>Files for TLS; absent: only where the server or a <c>tls://</c> address asks for it.</summary>
    public NatsTls? Tls { get; init; }

    /// <summary>The word that stands for this participant in subjects.</summary>
    public string Participant => User ?? DefaultUser;

    /// <summary>
    /// The options that the environment gives: <c>HIVE_NATS_USER</c>, <c>HIVE_NATS_PASSWORD</c>, <c>HIVE_NATS_TOKEN</c> (each also as a file, <c>…_FILE</c>),
    /// <c>HIVE_NATS_CA</c>, <c>HIVE_NATS_CERT</c> and <c>HIVE_NATS_KEY</c> (PEM files).
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="cluster">The grid's name; null for <see cref="DefaultCluster"/>.</param>
    /// <param name="environment">Reads a variable; null for the process's own.</param>
    /// <exception cref="ArgumentException">A name or a file is not usable; the message says which and how to mend it.</exception>
    public static GridOptions FromEnvironment(string server, string? cluster = null, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        var authority = environment("HIVE_NATS_CA");
        var certificate = environment("HIVE_NATS_CERT");
        var key = environment("HIVE_NATS_KEY");
        var options = new GridOptions
        {
            Server = CheckServer(server),
            Cluster = CheckToken(cluster ?? DefaultCluster, "the name of a grid"),
            User = EnvironmentSecret.Read("HIVE_NATS_USER", environment),
            Password = EnvironmentSecret.Read("HIVE_NATS_PASSWORD", environment),
            Token = EnvironmentSecret.Read("HIVE_NATS_TOKEN", environment),
            Tls = authority is null && certificate is null && key is null ? null : new NatsTls { AuthorityFile = authority, CertificateFile = certificate, KeyFile = key },
        };
        _ = CheckToken(options.Participant, "the name of a user (HIVE_NATS_USER)");
        return options.User is null == options.Password is null
            ? options
            : throw new ArgumentException("HIVE_NATS_USER and HIVE_NATS_PASSWORD (or HIVE_NATS_PASSWORD_FILE) belong together; set both or neither");
    }

    /// <summary>How to connect in a role.</summary>
    /// <param name="name">What the server's monitoring shows.</param>
    /// <param name="time">The clock.</param>
    public NatsOptions ToNats(string name, TimeProvider time) => new()
    {
        Servers = [Server],
        Name = name,
        User = User,
        Password = Password,
        Token = Token,
        Tls = Tls,
        InboxPrefix = $"_INBOX.{Cluster}.{Participant}",
        TimeProvider = time,
    };

    /// <summary>Checks a word that becomes a part of subjects.</summary>
    /// <param name="word">The word.</param>
    /// <param name="what">What it is, for the error.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    internal static string CheckToken(string word, string what) =>
        word.Length is > 0 and <= MaxToken && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? word
            : throw new ArgumentException($"'{word}' cannot be {what}: 1 to {MaxToken} letters, digits, '-' and '_'");

    private static string CheckServer(string server) =>
        Uri.TryCreate(server, UriKind.Absolute, out var uri) && uri.Scheme is "nats" or "tls"
            ? uri.UserInfo.Length == 0
                ? server
                : throw new ArgumentException("the address of the NATS server must not hold a password, because others can read arguments; set HIVE_NATS_USER and HIVE_NATS_PASSWORD_FILE")
            : throw new ArgumentException($"'{server}' is no address of a NATS server; write nats://host:4222, or tls://host:4222");
}
