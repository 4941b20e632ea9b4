using System.Buffers;
using Hive.Nats;
using Orleans.Runtime;

namespace Hive.Engine.Nats;

/// <summary>Sends messages of any size up to the bound: in one piece where the server carries it, in parts otherwise.</summary>
internal sealed class Outgoing(NatsConnection connection, int maxBytes)
{
    private readonly ThreadLocal<ArrayBufferWriter<byte>> _buffer = new(() => new ArrayBufferWriter<byte>(1024));

    /// <summary>What a buffer keeps of its size from one message to the next.</summary>
    private const int KeptBytes = 256 * 1024;

    /// <summary>Writes and sends a message.</summary>
    /// <returns>Whether it was taken; false when no server is there or the outgoing buffer is full.</returns>
    /// <exception cref="OrleansException">It is larger than the bound.</exception>
    public bool TrySend<TState>(NatsSubject subject, NatsSubject replyTo, Envelope envelope, TState state, Action<TState, IBufferWriter<byte>> write)
    {
        var buffer = _buffer.Value!;
        buffer.ResetWrittenCount();
        try
        {
            write(state, buffer);
            return TrySend(subject, replyTo, envelope, buffer.WrittenMemory);
        }
        finally
        {
            if (buffer.Capacity > KeptBytes) _buffer.Value = new ArrayBufferWriter<byte>(1024);
        }
    }

    /// <summary>Sends a message without a body.</summary>
    public bool TrySend(NatsSubject subject, Envelope envelope, NatsSubject replyTo) => TrySend(subject, replyTo, envelope, ReadOnlyMemory<byte>.Empty);

    private bool TrySend(NatsSubject subject, NatsSubject replyTo, Envelope envelope, ReadOnlyMemory<byte> body)
    {
        if (body.Length > maxBytes)
        {
            throw new OrleansException($"A message of {body.Length:N0} bytes is larger than the {maxBytes:N0} that travel between silos; hand over a smaller piece, or a name to fetch it by.");
        }

        Span<byte> head = stackalloc byte[Envelope.Size];
        var room = connection.MaxPayload - Envelope.Size;
        if (body.Length <= room)
        {
            envelope.Write(head);
            return connection.TryPublish(subject, head, body.Span, replyTo);
        }

        foreach (var part in Parts.Cut(envelope.Kind, body, room - Parts.HeadSize))
        {
            (envelope with { Kind = MessageKind.Part }).Write(head);
            if (!connection.TryPublish(subject, head, part.Span, replyTo)) return false;
        }

        return true;
    }
}
