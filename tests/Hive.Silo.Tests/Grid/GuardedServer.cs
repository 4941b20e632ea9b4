using Hive.Client.Grid;
using Hive.Nats;
using Hive.Testing;

namespace Hive.Silo.Tests.Grid;

/// <summary>A NATS server with the users and permissions that Hive ships in deploy/nats.conf.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    private readonly Dictionary<string, string> _passwords;

    private GuardedServer(NatsServer server, Dictionary<string, string> passwords)
    {
        Server = server;
        _passwords = passwords;
    }

    public NatsServer Server { get; }

    public static async Task<GuardedServer> StartAsync()
    {
        var passwords = new Dictionary<string, string>();
        foreach (var user in (string[])["hub", "silo", "client", "admin"]) passwords[user] = Guid.NewGuid().ToString("N");
        var shipped = await File.ReadAllTextAsync(Path.Combine(Root, "deploy", "nats.conf"));
        var lines = string.Join('\n', passwords.Select(user => $"{user.Key.ToUpperInvariant()}: \"{user.Value}\""));
        var configuration = shipped.Replace("listen: $HIVE_NATS_LISTEN", string.Empty, StringComparison.Ordinal).Replace("include ./passwords.conf", lines, StringComparison.Ordinal);
        return new GuardedServer(await NatsServer.StartAsync(configuration, cancellation: TestContext.Current.CancellationToken), passwords);
    }

    /// <summary>The repository's root.</summary>
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Hive.sln"))) folder = folder.Parent!;
            return folder.FullName;
        }
    }

    public GridOptions Grid(string user) => new() { Server = Server.Location, User = user, Password = _passwords[user] };

    public Task<NatsConnection> ConnectAsync(string user) => NatsConnection.ConnectAsync(Grid(user).ToNats($"test as {user}", TimeProvider.System), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
