using System.Buffers;
using Hive.Nats.Internal;

namespace Hive.Nats;

public sealed partial class NatsConnection
{
    /// <summary>
    /// Publishes a message. Completes when it is in the outgoing buffer, at once if there is room; waits while the buffer is full. While the connection is being
    /// restored, messages wait in the buffer too, and are sent when a server is back; what waits at the moment when a server is lost, is lost with it.
    /// </summary>
    /// <param name="subject">The subject.</param>
    /// <param name="payload">The payload; it may be changed as soon as the task has completed.</param>
    /// <param name="replyTo">Where a reply should go; default for none.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <param name="cancellation">Gives up the wait for room; the message is not sent then.</param>
    /// <exception cref="NatsException">The message is too large, or the connection is closed.</exception>
    public ValueTask PublishAsync(NatsSubject subject, ReadOnlyMemory<byte> payload, NatsSubject replyTo = default, NatsHeaders? headers = null,
        CancellationToken cancellation = default) =>
        TryAppend(subject.Span, replyTo.Span, headers, payload.Span, default, mayWait: true, out var size)
            ? ValueTask.CompletedTask
            : new ValueTask(PublishWithRoomAsync(size, subject, payload, replyTo, headers, cancellation));

    /// <summary>Publishes a message if it can be taken at once; false if the outgoing buffer is full or no server is connected.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="replyTo">Where a reply should go; default for none.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <exception cref="NatsException">The message is too large, or the connection is closed.</exception>
    public bool TryPublish(NatsSubject subject, ReadOnlySpan<byte> payload, NatsSubject replyTo = default, NatsHeaders? headers = null) =>
        TryAppend(subject.Span, replyTo.Span, headers, payload, default, mayWait: false, out _);

    /// <summary>Publishes a message whose payload comes in two parts, as <see cref="TryPublish(NatsSubject, ReadOnlySpan{byte}, NatsSubject, NatsHeaders?)"/> does.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="head">The first part of the payload.</param>
    /// <param name="body">The rest of it.</param>
    /// <param name="replyTo">Where a reply should go; default for none.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <exception cref="NatsException">The message is too large, or the connection is closed.</exception>
    public bool TryPublish(NatsSubject subject, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, NatsSubject replyTo = default, NatsHeaders? headers = null) =>
        TryAppend(subject.Span, replyTo.Span, headers, head, body, mayWait: false, out _);

    /// <summary>
    /// Publishes a message whose payload is written straight into the outgoing buffer. The writing runs under the connection's lock: it must be quick, and must not
    /// use the connection. If it throws, nothing is sent.
    /// </summary>
    /// <param name="subject">The subject.</param>
    /// <param name="replyTo">Where a reply should go; default for none.</param>
    /// <param name="state">What is to be written.</param>
    /// <param name="write">Writes it.</param>
    /// <returns>False if the outgoing buffer is full or no server is connected.</returns>
    /// <exception cref="NatsException">The message is too large, or the connection is closed.</exception>
    public bool TryPublish<TState>(NatsSubject subject, NatsSubject replyTo, TState state, Action<TState, IBufferWriter<byte>> write)
        where TState : allows ref struct
    {
        RequireSubject(subject.Span);
        ArgumentNullException.ThrowIfNull(write);
        var head = new ComposedPublish(subject.Span, replyTo.Span);
        return IsAccepted(_outgoing.TryCompose(ref head, PayloadBound(head.Size + 2), state, write));
    }

    /// <summary>Replies to a request from within its handler; false if it wants no reply, or as <see cref="TryPublish(NatsSubject, ReadOnlySpan{byte}, NatsSubject, NatsHeaders?)"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="payload">The reply.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <exception cref="NatsException">The reply is too large, or the connection is closed.</exception>
    public bool TryRespond(in NatsMessageView request, ReadOnlySpan<byte> payload, NatsHeaders? headers = null) =>
        NatsSubject.IsValid(request.ReplyTo, wildcards: false) && TryAppend(request.ReplyTo, default, headers, payload, default, mayWait: false, out _);

    private static void RequireSubject(ReadOnlySpan<byte> subject)
    {
        if (subject.IsEmpty)
        {
            throw new ArgumentException("A message needs a subject.", nameof(subject));
        }
    }

    private static bool IsAccepted(Admission admission) => admission switch
    {
        Admission.Accepted => true,
        Admission.Closed => throw IsClosed(),
        _ => false,
    };

    private bool TryAppend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, NatsHeaders? headers, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, bool mayWait,
        out int size)
    {
        RequireSubject(subject);
        var command = new PublishCommand(subject, replyTo, headers is null ? default : headers.Block.Bytes, head, body);
        size = command.Size;
        if (PayloadBound(size - command.Total) is var bound && command.Total > bound)
        {
            throw TooLarge(command.Total, bound);
        }

        return IsAccepted(_outgoing.TryAppend(ref command, mayWait));
    }

    /// <summary>The largest payload beside so many bytes of command: what the server takes, and what the outgoing buffer can ever hold.</summary>
    private int PayloadBound(int overhead) => Math.Min(MaxPayload, _options.OutgoingBufferBytes - overhead);

    private async Task PublishWithRoomAsync(int size, NatsSubject subject, ReadOnlyMemory<byte> payload, NatsSubject replyTo, NatsHeaders? headers,
        CancellationToken cancellation)
    {
        do
        {
            await _outgoing.WaitForRoomAsync(size, cancellation).ConfigureAwait(false);
        }
        while (!TryAppend(subject.Span, replyTo.Span, headers, payload.Span, default, mayWait: true, out _));
    }
}
