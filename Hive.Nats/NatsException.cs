namespace Hive.Nats;

/// <summary>Why something with a NATS server failed.</summary>
public enum NatsErrorKind
{
    /// <summary>No server could be reached at the address.</summary>
    Refused,

    /// <summary>Nothing came in time.</summary>
    TimedOut,

    /// <summary>The server does not accept these credentials.</summary>
    AuthorizationViolation,

    /// <summary>TLS could not be agreed on: a certificate that is not trusted, a wrong name, a file that cannot be read, TLS on one side only.</summary>
    TlsFailure,

    /// <summary>What answers there does not speak the NATS protocol, or the stream broke its grammar or bounds.</summary>
    Protocol,

    /// <summary>The server does not support message headers (before nats-server 2.2).</summary>
    NoHeaders,

    /// <summary>The connection was lost, or is being restored.</summary>
    ConnectionLost,

    /// <summary>The server reported an error and ended the connection.</summary>
    ServerError,

    /// <summary>The connection or subscription is closed.</summary>
    Closed,

    /// <summary>The message is larger than the server, or this connection's options, allow.</summary>
    PayloadTooLarge,

    /// <summary>This user may not publish or subscribe there.</summary>
    PermissionsViolation,

    /// <summary>A bound of this connection is reached.</summary>
    Full,

    /// <summary>Nobody subscribes to the subject of the request.</summary>
    NoResponders,
}

/// <summary>Something with a NATS server failed; the message says where and why.</summary>
/// <param name="kind">Why.</param>
/// <param name="message">Where, why, and how to mend it.</param>
/// <param name="inner">What lies below.</param>
public class NatsException(NatsErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public NatsErrorKind Kind { get; } = kind;
}

/// <summary>A request that nobody subscribes to: the server says so at once (status 503), no time-out is waited for.</summary>
/// <param name="subject">The request's subject.</param>
public sealed class NoRespondersException(string subject) : NatsException(NatsErrorKind.NoResponders, $"Nobody answers on '{subject}'.")
{
    /// <summary>The request's subject.</summary>
    public string Subject { get; } = subject;
}
