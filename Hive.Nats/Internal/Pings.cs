namespace Hive.Nats.Internal;

/// <summary>The PINGs that are under way, in the order in which their PONGs come.</summary>
internal sealed class Pings(OutgoingBuffer outgoing)
{
    /// <summary>Bound on flushes that wait at the same time.</summary>
    private const int MaxOutstanding = 1024;

    private readonly Lock _gate = new();

    private readonly Queue<TaskCompletionSource?> _outstanding = new();

    private int _keepAlives;

    /// <summary>Keep-alive PINGs that have no answer yet.</summary>
    public int KeepAlives => Volatile.Read(ref _keepAlives);

    /// <summary>Asks whether the server is still there.</summary>
    public void SendKeepAlive()
    {
        lock (_gate)
        {
            // Counted even if it cannot be sent: a server that takes no bytes any more is as stale as one that sends none.
            _keepAlives++;
            var ping = new PingCommand();
            if (_outstanding.Count < MaxOutstanding + _keepAlives && outgoing.TryAppend(ref ping, control: true) == Admission.Accepted)
            {
                _outstanding.Enqueue(null);
            }
        }
    }

    /// <summary>Sends a PING; the task completes with its PONG, and fails when the connection is lost.</summary>
    public (Admission Admission, Task Pong) Send()
    {
        lock (_gate)
        {
            if (_outstanding.Count >= MaxOutstanding)
            {
                throw new NatsException(NatsErrorKind.Full, $"{MaxOutstanding} flushes are under way already.");
            }

            var ping = new PingCommand();
            var admission = outgoing.TryAppend(ref ping);
            if (admission != Admission.Accepted)
            {
                return (admission, Task.CompletedTask);
            }

            var pong = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _outstanding.Enqueue(pong);
            return (admission, pong.Task);
        }
    }

    /// <summary>Takes a PONG; one that answers no PING means nothing.</summary>
    public void Pong()
    {
        lock (_gate)
        {
            _keepAlives = 0;
            if (_outstanding.TryDequeue(out var waiting))
            {
                waiting?.TrySetResult();
            }
        }
    }

    /// <summary>Fails all that wait: their PONGs will not come.</summary>
    public void Fail(NatsException reason)
    {
        lock (_gate)
        {
            _keepAlives = 0;
            while (_outstanding.TryDequeue(out var waiting))
            {
                waiting?.TrySetException(reason);
            }
        }
    }
}
