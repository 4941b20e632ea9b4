using System.Threading.Tasks.Sources;

namespace Hive.Nats.Internal;

/// <summary>
/// A place for one request at a time, used again and again so that requests allocate nothing but their reply. Each use has its own number, which is part of the
/// reply's subject: the reply, the time-out, the cancellation and the loss of the connection race for it, and the first one wins.
/// </summary>
internal sealed class PendingRequest : IValueTaskSource<NatsMessage>
{
    private readonly TimeProvider _time;

    private readonly ITimer _timer;

    private readonly byte[] _replyTo;

    private ManualResetValueTaskSourceCore<NatsMessage> _source = new() { RunContinuationsAsynchronously = true };

    private CancellationTokenRegistration _registration;

    private CancellationToken _cancellation;

    private NatsSubject _subject;

    private TimeSpan _timeout;

    private long _started;

    private uint _use;

    private long _waiting;

    public PendingRequest(int index, ReadOnlySpan<byte> inbox, TimeProvider time)
    {
        Index = index;
        _time = time;
        _replyTo = [.. inbox, .. new byte[ReplyToken.Bytes]];
        _timer = time.CreateTimer(static state => ((PendingRequest)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Index { get; }

    /// <summary>Where this use's reply goes.</summary>
    public ReadOnlyMemory<byte> ReplyTo => _replyTo;

    /// <summary>The reply.</summary>
    public ValueTask<NatsMessage> Reply => new(this, _source.Version);

    /// <summary>Begins a use.</summary>
    public void Begin(NatsSubject subject, TimeSpan timeout, CancellationToken cancellation)
    {
        _use = _use == uint.MaxValue ? 1 : _use + 1;
        _source.Reset();
        _subject = subject;
        _timeout = timeout;
        _cancellation = cancellation;
        _started = _time.GetTimestamp();
        ReplyToken.Write(_replyTo.AsSpan(^ReplyToken.Bytes..), Index, _use);
        Volatile.Write(ref _waiting, _use);
        _timer.Change(timeout, Timeout.InfiniteTimeSpan);
        _registration = cancellation.UnsafeRegister(static state => ((PendingRequest)state!).OnCancelled(), this);
    }

    /// <summary>Ends a use, whatever came of it.</summary>
    public void End()
    {
        // Waits for a cancellation that runs now, so that it cannot meet the next use.
        _registration.Dispose();
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (Win(_use))
        {
            return;
        }

        // Whoever won may still be about to set the outcome, which must not meet the next use either.
        var spin = new SpinWait();
        while (_source.GetStatus(_source.Version) == ValueTaskSourceStatus.Pending)
        {
            spin.SpinOnce();
        }
    }

    /// <summary>Takes a reply to one use.</summary>
    public void Take(uint use, in NatsMessageView reply)
    {
        if (!Win(use))
        {
            return;
        }

        if (reply.Payload.IsEmpty && reply.Headers.Status == 503)
        {
            _source.SetException(new NoRespondersException(_subject.ToString()));
        }
        else
        {
            _source.SetResult(reply.ToMessage());
        }
    }

    /// <summary>Fails the use at hand, if there is one that waits.</summary>
    public void Fail(Exception reason)
    {
        if (Volatile.Read(ref _waiting) is not 0 and var use && Win((uint)use))
        {
            _source.SetException(reason);
        }
    }

    /// <summary>Whether the use at hand goes to this subject.</summary>
    public bool IsTo(string subject) => _subject.ToString() == subject;

    NatsMessage IValueTaskSource<NatsMessage>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<NatsMessage>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<NatsMessage>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private bool Win(uint use) => Interlocked.CompareExchange(ref _waiting, 0, use) == use;

    private void OnCancelled() => Fail(new OperationCanceledException(_cancellation));

    private void OnTimer()
    {
        // A timer of an earlier use may only now get to run: the time of this one decides.
        var left = _timeout - _time.GetElapsedTime(_started);
        if (left > TimeSpan.Zero)
        {
            _timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            return;
        }

        Fail(new NatsException(NatsErrorKind.TimedOut, $"No reply on '{_subject}' within {_timeout.TotalSeconds:0.###} s."));
    }
}
