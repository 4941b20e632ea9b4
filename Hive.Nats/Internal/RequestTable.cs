namespace Hive.Nats.Internal;

/// <summary>The requests that wait for a reply on one inbox, up to a bound.</summary>
internal sealed class RequestTable(byte[] inbox, int bound, TimeProvider time)
{
    private readonly Lock _gate = new();

    private readonly Stack<PendingRequest> _free = new();

    private PendingRequest[] _all = new PendingRequest[16];

    private int _count;

    private TaskCompletionSource? _idle;

    /// <summary>Begins a request.</summary>
    /// <exception cref="NatsException">Too many are under way.</exception>
    public PendingRequest Begin(NatsSubject subject, TimeSpan timeout, CancellationToken cancellation)
    {
        PendingRequest? request;
        lock (_gate)
        {
            if (!_free.TryPop(out request))
            {
                if (_count == bound)
                {
                    throw new NatsException(NatsErrorKind.Full, $"{bound} requests are under way already.");
                }

                if (_count == _all.Length)
                {
                    Array.Resize(ref _all, Math.Min(2 * _count, bound));
                }

                request = _all[_count] = new PendingRequest(_count++, inbox, time);
            }
        }

        request.Begin(subject, timeout, cancellation);
        return request;
    }

    /// <summary>Ends a request and gives its place back.</summary>
    public void End(PendingRequest request)
    {
        request.End();
        lock (_gate)
        {
            _free.Push(request);
            if (_free.Count == _count)
            {
                _idle?.TrySetResult();
            }
        }
    }

    /// <summary>Completes when no request is under way.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (_free.Count == _count)
            {
                return Task.CompletedTask;
            }

            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Takes a reply; one that comes too late, or that nobody asked for, means nothing.</summary>
    public void Take(in NatsMessageView reply)
    {
        if (ReplyToken.TryRead(reply.Subject, out var index, out var use) && Find(index) is { } request)
        {
            request.Take(use, reply);
        }
    }

    /// <summary>Fails the requests that wait: all, or those to one subject.</summary>
    public void Fail(Exception reason, string? subject = null)
    {
        foreach (var request in Snapshot())
        {
            if (subject is null || request.IsTo(subject))
            {
                request.Fail(reason);
            }
        }
    }

    private PendingRequest? Find(int index)
    {
        lock (_gate)
        {
            return index >= 0 && index < _count ? _all[index] : null;
        }
    }

    private PendingRequest[] Snapshot()
    {
        lock (_gate)
        {
            return _all[.._count];
        }
    }
}
