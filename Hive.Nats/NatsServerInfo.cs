namespace Hive.Nats;

/// <summary>What a server said about itself in its INFO.</summary>
public sealed record NatsServerInfo
{
    /// <summary>The server's identity, new with each start.</summary>
    public required string ServerId { get; init; }

    /// <summary>The server's version.</summary>
    public required string Version { get; init; }

    /// <summary>Bound on headers and payload of one message, in bytes.</summary>
    public required int MaxPayload { get; init; }

    /// <summary>Whether message headers are supported.</summary>
    public required bool Headers { get; init; }

    /// <summary>Whether only TLS is accepted.</summary>
    public required bool TlsRequired { get; init; }

    /// <summary>Whether TLS is offered.</summary>
    public required bool TlsAvailable { get; init; }

    /// <summary>Whether a client certificate is demanded.</summary>
    public required bool TlsVerify { get; init; }

    /// <summary>Whether the server is about to shut down and asks its clients to leave.</summary>
    public required bool LameDuck { get; init; }
}
