namespace Hive.Nats.Internal;

internal enum ServerCommandKind
{
    Info,
    Message,
    Ping,
    Pong,
    Ok,
    Error,
}

/// <summary>One command of the server, read in place.</summary>
internal readonly ref struct ServerCommand
{
    public ServerCommandKind Kind { get; init; }

    /// <summary>The bytes of the whole command.</summary>
    public int Length { get; init; }

    /// <summary>The JSON of INFO, or the text of -ERR without quotes.</summary>
    public ReadOnlySpan<byte> Text { get; init; }

    public ReadOnlySpan<byte> Subject { get; init; }

    public ReadOnlySpan<byte> ReplyTo { get; init; }

    public long SubscriptionId { get; init; }

    public ReadOnlySpan<byte> Headers { get; init; }

    /// <summary>Where the payload begins in the input.</summary>
    public int PayloadStart { get; init; }

    public int PayloadLength { get; init; }
}
