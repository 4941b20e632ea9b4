namespace Hive.Nats;

/// <summary>A received message, read in place in the receive buffer: valid only until the handler returns.</summary>
public readonly ref struct NatsMessageView
{
    internal NatsMessageView(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headers, ReadOnlyMemory<byte> payload)
    {
        Subject = subject;
        ReplyTo = replyTo;
        Headers = new NatsHeaderBlock(headers);
        Payload = payload;
    }

    /// <summary>The subject that it was published to, in UTF-8.</summary>
    public ReadOnlySpan<byte> Subject { get; }

    /// <summary>Where to send a reply, in UTF-8; empty if none is wanted.</summary>
    public ReadOnlySpan<byte> ReplyTo { get; }

    /// <summary>The headers.</summary>
    public NatsHeaderBlock Headers { get; }

    /// <summary>The payload; the memory is reused after the handler has returned.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Copies the message, to keep it.</summary>
    public NatsMessage ToMessage() => new(this);
}

/// <summary>Takes a message on the connection's read loop: it must be quick, must not block, and must not keep the message. What it publishes is sent when the loop has worked off what it read.</summary>
/// <param name="message">The message.</param>
public delegate void NatsMessageHandler(in NatsMessageView message);
