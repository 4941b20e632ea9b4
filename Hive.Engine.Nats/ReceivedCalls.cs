using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Hive.Nats;
using Orleans.Runtime;

namespace Hive.Engine.Nats;

/// <summary>The calls from other processes to one silo of this one: read, run on their grains, and answered.</summary>
internal sealed class ReceivedCalls(
    string silo, ICallReceiver receiver, NatsConnection connection, Outgoing outgoing, WireSerializer serializer, NatsTransportOptions options, TransportLog log)
{
    private readonly Dictionary<NatsSubject, Caller> _callers = new(SubjectComparer.Instance);
    private int _running;

    /// <summary>Takes a message that came for the silo; on the connection's read loop.</summary>
    public void Take(in NatsMessageView message)
    {
        if (options.MayAct?.Invoke() == false)
        {
            // A hub without authority is as good as gone.
            return;
        }

        if (!Envelope.TryRead(message.Payload.Span, out var envelope) || CallerOf(message.ReplyTo) is not { } caller)
        {
            log.Stray(silo, message.Payload.Length);
            return;
        }

        Take(caller, envelope.Kind, envelope.Number, message.Payload.Span[Envelope.Size..]);
    }

    /// <summary>The callers were cut off and wait for nothing any more.</summary>
    public void CancelAll()
    {
        Caller[] callers;
        lock (_callers)
        {
            callers = [.. _callers.Values];
            _callers.Clear();
        }

        foreach (var caller in callers)
        {
            foreach (var call in caller.Running.Values) call.Cancel();
        }
    }

    private void Take(Caller caller, MessageKind kind, ulong number, ReadOnlySpan<byte> body)
    {
        switch (kind)
        {
            case MessageKind.Call:
            case MessageKind.OneWayCall:
                Begin(caller, number, body, kind == MessageKind.OneWayCall);
                break;
            case MessageKind.Cancel when caller.Running.TryRemove(number, out var call):
                call.Cancel();
                break;
            case MessageKind.Part:
                byte[]? whole;
                lock (caller.Parts) whole = caller.Parts.Take(number, body, out kind);
                if (whole is not null && kind != MessageKind.Part) Take(caller, kind, number, whole);
                break;
        }
    }

    private void Begin(Caller caller, ulong number, ReadOnlySpan<byte> body, bool isOneWay)
    {
        if (Interlocked.Increment(ref _running) > options.MaxReceivedCalls)
        {
            Interlocked.Decrement(ref _running);
            if (!isOneWay) Refuse(caller, number, new LimitExceededException($"Silo {silo} runs {options.MaxReceivedCalls:N0} calls of others already; try again later."));
            return;
        }

        try
        {
            var call = serializer.ReadCall(body, out var grainId);
            if (!isOneWay) caller.Running[number] = call;
            _ = RunAsync(caller, number, grainId, call, isOneWay);
        }
        catch (Exception e)
        {
            Interlocked.Decrement(ref _running);
            if (!isOneWay) Refuse(caller, number, e);
        }
    }

    private async Task RunAsync(Caller caller, ulong number, GrainId grainId, GrainCall call, bool isOneWay)
    {
        try
        {
            Exception? failure = null;
            try
            {
                await receiver.ReceiveAsync(grainId, call).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                failure = e;
            }

            // One that was cancelled by its caller is out of the table, and nobody waits for it.
            if (isOneWay || !caller.Running.TryRemove(number, out _)) return;
            if (failure is null) Answer(caller, number, call);
            else Refuse(caller, number, failure);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private void Answer(Caller caller, ulong number, GrainCall call)
    {
        try
        {
            Send(caller, new Envelope(MessageKind.Result, number), (serializer, call), static (state, output) => state.serializer.WriteResult(state.call, output));
        }
        catch (OrleansException e)
        {
            // What cannot be written is the method's failure, and not silence.
            Refuse(caller, number, e);
        }
    }

    private void Refuse(Caller caller, ulong number, Exception failure) =>
        Send(caller, new Envelope(MessageKind.Failure, number), (serializer, failure), static (state, output) => state.serializer.WriteException(state.failure, output));

    private void Send<TState>(Caller caller, Envelope envelope, TState state, Action<TState, System.Buffers.IBufferWriter<byte>> write)
    {
        if (options.MayAct?.Invoke() == false || outgoing.TrySend(caller.Replies, default, envelope, state, write)) return;
        if (connection.State == NatsState.Connected) _ = SendWithRoomAsync(caller, envelope, state, write);
    }

    /// <summary>The outgoing buffer is full: an answer waits for room, because its caller would wait for it in vain.</summary>
    private async Task SendWithRoomAsync<TState>(Caller caller, Envelope envelope, TState state, Action<TState, System.Buffers.IBufferWriter<byte>> write)
    {
        try
        {
            do
            {
                await connection.FlushAsync().ConfigureAwait(false);
            }
            while (!outgoing.TrySend(caller.Replies, default, envelope, state, write));
        }
        catch (NatsException e)
        {
            log.NotAnswered(e, silo);
        }
    }

    private Caller? CallerOf(ReadOnlySpan<byte> replies)
    {
        lock (_callers)
        {
            if (_callers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(replies, out var known)) return known;
            var subject = replies.IsEmpty ? default : new NatsSubject(replies);
            if (_callers.Count >= options.MaxSilos)
            {
                foreach (var idle in _callers.Where(caller => caller.Value.Running.IsEmpty).Select(caller => caller.Key).ToArray()) _callers.Remove(idle);
                if (_callers.Count >= options.MaxSilos) return null;
            }

            var caller = new Caller(subject, new Parts.Assembly(options.MaxMessageBytes));
            _callers[subject] = caller;
            return caller;
        }
    }

    /// <summary>Who calls, known by where it wants its answers.</summary>
    private sealed record Caller(NatsSubject Replies, Parts.Assembly Parts)
    {
        public ConcurrentDictionary<ulong, GrainCall> Running { get; } = new();
    }

    /// <summary>Finds a subject by its bytes in a receive buffer, without copying them.</summary>
    private sealed class SubjectComparer : IEqualityComparer<NatsSubject>, IAlternateEqualityComparer<ReadOnlySpan<byte>, NatsSubject>
    {
        public static readonly SubjectComparer Instance = new();

        public bool Equals(NatsSubject x, NatsSubject y) => x == y;

        public int GetHashCode([DisallowNull] NatsSubject subject) => GetHashCode(subject.Span);

        public bool Equals(ReadOnlySpan<byte> alternate, NatsSubject other) => other.Span.SequenceEqual(alternate);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public NatsSubject Create(ReadOnlySpan<byte> alternate) => new(alternate);
    }
}
