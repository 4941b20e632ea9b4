using System.Collections.Concurrent;
using System.Security.Cryptography;
using Hive.Nats;
using Orleans.Runtime;

namespace Hive.Engine.Nats;

/// <summary>
/// The calls from here to one silo. Its answers come to a subject that only this silo is told, so no other can answer for it. A server that knows no subscriber says so at
/// once, and then the silo is gone.
/// </summary>
internal sealed class Peer : IAsyncDisposable
{
    private const int NoResponders = 503;

    private readonly ConcurrentDictionary<ulong, Pending> _pending = new();
    private readonly NatsConnection _connection;
    private readonly Outgoing _outgoing;
    private readonly WireSerializer _serializer;
    private readonly Parts.Assembly _parts;
    private readonly NatsSubject _subject;
    private readonly NatsSubject _replies;
    private readonly Action<Peer> _onGone;
    private NatsSubscription? _subscription;
    private ulong _lastNumber;
    private int _isOver;

    public Peer(Member member, NatsConnection connection, Outgoing outgoing, WireSerializer serializer, int maxBytes, Action<Peer> onGone)
    {
        Member = member;
        _connection = connection;
        _outgoing = outgoing;
        _serializer = serializer;
        _parts = new Parts.Assembly(maxBytes);
        _subject = member.Said.Subject;
        _replies = $"{connection.Inbox}.peer.{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        _onGone = onGone;
    }

    /// <summary>The silo as it was known when this was made.</summary>
    public Member Member { get; }

    /// <summary>How many calls wait for an answer.</summary>
    public int Count => _pending.Count;

    /// <summary>Begins to listen for answers.</summary>
    public async Task StartAsync(CancellationToken cancellation) =>
        _subscription = await _connection.SubscribeAsync(_replies.ToString(), Take, cancellation: cancellation).ConfigureAwait(false);

    /// <summary>Sends a call. It ends here with its answer, or as lost.</summary>
    public void Send(GrainCall call, bool isOneWay, bool isCancellable)
    {
        var number = Interlocked.Increment(ref _lastNumber);
        if (isOneWay)
        {
            Send(new Envelope(MessageKind.OneWayCall, number), _replies, call);
            call.Complete();
            return;
        }

        var pending = new Pending(this, number, call);
        _pending[number] = pending;
        if (Volatile.Read(ref _isOver) != 0)
        {
            Lose(pending);
            return;
        }

        try
        {
            if (!Send(new Envelope(MessageKind.Call, number), _replies, call))
            {
                Lose(pending);
                return;
            }
        }
        catch
        {
            _pending.TryRemove(number, out _);
            throw;
        }

        if (isCancellable) pending.Registration = call.Abandoned.UnsafeRegister(static state => ((Pending)state!).Cancel(), pending);
    }

    /// <summary>Forgets calls that were ended by somebody else, such as by their time-out.</summary>
    public void Sweep()
    {
        foreach (var pending in _pending.Values)
        {
            if (pending.Call.IsSettled && _pending.TryRemove(pending.Number, out _)) pending.Forget();
        }
    }

    /// <summary>Asks whether anybody still listens there; if not, the server says so.</summary>
    public void Probe() => _outgoing.TrySend(_subject, new Envelope(MessageKind.Cancel, 0), _replies);

    /// <summary>Nothing that is under way will be answered.</summary>
    public void Lose()
    {
        foreach (var pending in _pending.Values) Lose(pending);
        lock (_parts) _parts.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isOver, 1);
        Lose();
        if (_subscription is { } subscription) await subscription.DisposeAsync().ConfigureAwait(false);
    }

    private bool Send(Envelope envelope, NatsSubject replyTo, GrainCall call) =>
        _outgoing.TrySend(_subject, replyTo, envelope, (_serializer, call), static (state, output) => state._serializer.WriteCall(state.call, output));

    private void Take(in NatsMessageView message)
    {
        if (message.Headers.Status == NoResponders)
        {
            _onGone(this);
        }
        else if (Envelope.TryRead(message.Payload.Span, out var envelope))
        {
            Take(envelope.Kind, envelope.Number, message.Payload.Span[Envelope.Size..]);
        }
    }

    private void Take(MessageKind kind, ulong number, ReadOnlySpan<byte> body)
    {
        switch (kind)
        {
            case MessageKind.Result when _pending.TryRemove(number, out var pending):
                pending.Forget();
                _serializer.ReadResult(pending.Call, body);
                break;
            case MessageKind.Failure when _pending.TryRemove(number, out var pending):
                pending.Forget();
                pending.Call.Fail(ReadFailure(body));
                break;
            case MessageKind.Part:
                byte[]? whole;
                lock (_parts) whole = _parts.Take(number, body, out kind);
                if (whole is not null && kind != MessageKind.Part) Take(kind, number, whole);
                break;
        }
    }

    private Exception ReadFailure(ReadOnlySpan<byte> body)
    {
        try
        {
            return _serializer.ReadException(body);
        }
        catch (WireFormatException e)
        {
            return new OrleansException($"Silo {Member.Said.Name} said that a call failed, in words that cannot be read: {e.Message}", e);
        }
    }

    private void Lose(Pending pending)
    {
        if (!_pending.TryRemove(pending.Number, out _)) return;
        pending.Forget();
        pending.Call.Fail(new SiloUnavailableException($"Silo {Member.Said.Name} cannot be reached; whether the call was carried out is not known."));
    }

    /// <summary>A call that waits for its answer.</summary>
    private sealed class Pending(Peer peer, ulong number, GrainCall call)
    {
        public ulong Number => number;

        public GrainCall Call => call;

        public CancellationTokenRegistration Registration { get; set; }

        public void Forget() => Registration.Unregister();

        /// <summary>Nobody waits any more: the silo is told, and what it still answers is ignored.</summary>
        public void Cancel()
        {
            if (peer._pending.TryRemove(number, out _)) peer._outgoing.TrySend(peer._subject, new Envelope(MessageKind.Cancel, number), peer._replies);
        }
    }
}
