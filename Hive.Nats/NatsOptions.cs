using System.Collections.Immutable;

namespace Hive.Nats;

/// <summary>How a <see cref="NatsConnection"/> reaches its server, says who it is, and which bounds it keeps. Checked as a whole when the connection is opened.</summary>
public sealed record NatsOptions
{
    /// <summary>The servers, as <c>nats://host:port</c> or <c>tls://host:port</c> (the port may be left out: 4222); tried in turn. Credentials do not belong in them.</summary>
    public ImmutableArray<string> Servers { get; init; } = ["nats://127.0.0.1:4222"];

    /// <summary>The name under which the server's monitoring shows this connection; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>The user, together with <see cref="Password"/>; null for none.</summary>
    public string? User { get; init; }

    /// <summary>The password of <see cref="User"/>.</summary>
    public string? Password { get; init; }

    /// <summary>A token instead of user and password; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Files and names for TLS; null to use TLS only where the server or a <c>tls://</c> address asks for it.</summary>
    public NatsTls? Tls { get; init; }

    /// <summary>Whether a subscription of this connection receives what this connection publishes.</summary>
    public bool Echo { get; init; } = true;

    /// <summary>The subject below which this connection's own inboxes lie, such as <c>_INBOX.mycluster.silo.a</c>; the server's permissions must allow to subscribe there.</summary>
    public string InboxPrefix { get; init; } = "_INBOX";

    /// <summary>Bound on reaching one server, from dialling to its first PONG.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The wait before the first attempt to reconnect; it doubles with each round over all servers, and each wait is spread at random over its upper half.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait between attempts to reconnect.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Rounds over all servers before the connection closes for good; null to go on until it is disposed.</summary>
    public int? MaxReconnectRounds { get; init; }

    /// <summary>How often the server is asked whether it is still there.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Unanswered PINGs after which the connection counts as stale.</summary>
    public int MaxPingsOutstanding { get; init; } = 2;

    /// <summary>Bound on the bytes that wait to be sent; beyond it <c>PublishAsync</c> waits and <c>TryPublish</c> refuses.</summary>
    public int OutgoingBufferBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bound on headers and payload of one message, whatever the server announces: a larger one is not sent, and receiving one ends the connection.</summary>
    public int MaxPayloadBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bound on requests that wait for a reply at the same time.</summary>
    public int MaxRequestsInFlight { get; init; } = 65_536;

    /// <summary>The clock of every wait.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the jitter of the waits comes from; it must be safe to use from any thread.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Shows the addresses and the name, never a secret.</summary>
    public override string ToString() => $"NatsOptions {{ Servers = {string.Join(", ", Servers)}, Name = {Name}, User = {User} }}";

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    internal ImmutableArray<Internal.ServerAddress> Validate()
    {
        Require(!Servers.IsDefaultOrEmpty, nameof(Servers), "at least one address");
        Require(User is null == Password is null, nameof(Password), "a password with each user, and a user with each password");
        Require(Token is null || User is null, nameof(Token), "either a token or a user, not both");
        Require(NatsSubject.IsValid(InboxPrefix, wildcards: false), nameof(InboxPrefix), "a subject without wildcards");
        RequirePositive(ConnectTimeout, nameof(ConnectTimeout));
        RequirePositive(ReconnectDelay, nameof(ReconnectDelay));
        RequirePositive(PingInterval, nameof(PingInterval));
        Require(MaxReconnectDelay >= ReconnectDelay, nameof(MaxReconnectDelay), $"at least {nameof(ReconnectDelay)}");
        Require(MaxReconnectRounds is null or > 0, nameof(MaxReconnectRounds), "at least 1, or null");
        Require(MaxPingsOutstanding > 0, nameof(MaxPingsOutstanding), "at least 1");
        Require(OutgoingBufferBytes is >= 16 * 1024 and <= 1 << 30, nameof(OutgoingBufferBytes), "16 KiB to 1 GiB");
        Require(MaxPayloadBytes is >= 1024 and <= 64 * 1024 * 1024, nameof(MaxPayloadBytes), "1 KiB to 64 MiB");
        Require(MaxRequestsInFlight is > 0 and <= 1 << 24, nameof(MaxRequestsInFlight), "1 to 16,777,216");
        Tls?.Validate();
        return [.. Servers.Select(Internal.ServerAddress.Parse)];
    }

    private static void RequirePositive(TimeSpan value, string name) =>
        Require(value > TimeSpan.Zero && value <= TimeSpan.FromDays(1), name, "more than nothing and at most a day");

    private static void Require(bool holds, string name, string wanted)
    {
        if (!holds)
        {
            throw new ArgumentException($"NatsOptions.{name} must be: {wanted}.", name);
        }
    }
}
