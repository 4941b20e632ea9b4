namespace Hive.Gossip;

/// <summary>
/// Carries events within one process. Each subscription has a queue of its own with a bound, so a slow one loses events of its own and holds up nobody else. Safe to use from
/// several threads.
/// </summary>
/// <param name="queue">How many events wait for one subscription at most.</param>
public sealed class MemoryEventBus(int queue = MemoryEventBus.DefaultQueue) : IEventBus
{
    /// <summary>How many events wait for one subscription unless told otherwise.</summary>
    public const int DefaultQueue = 1_024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Subscription[]> _topics = new(StringComparer.Ordinal);
    private long _dropped;
    private long _faults;

    /// <summary>How many events were not delivered because a subscription was too slow.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>How many events made a handler throw, which it must not.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <inheritdoc/>
    public bool Publish(string topic, ReadOnlySpan<byte> payload)
    {
        EventTopic.Check(topic, payload.Length);
        Subscription[]? subscriptions;
        lock (_lock)
        {
            _topics.TryGetValue(topic, out subscriptions);
        }

        if (subscriptions is not null)
        {
            var copy = payload.ToArray();
            foreach (var subscription in subscriptions) subscription.Take(copy);
        }

        return true;
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(string topic, Action<ReadOnlyMemory<byte>> handler)
    {
        EventTopic.Check(topic);
        var subscription = new Subscription(this, topic, handler, queue);
        lock (_lock)
        {
            _topics[topic] = [.. _topics.GetValueOrDefault(topic, []), subscription];
        }

        return subscription;
    }

    private void Remove(Subscription subscription)
    {
        lock (_lock)
        {
            Subscription[] rest = [.. _topics.GetValueOrDefault(subscription.Topic, []).Where(other => other != subscription)];
            if (rest.Length == 0) _topics.Remove(subscription.Topic);
            else _topics[subscription.Topic] = rest;
        }
    }

    /// <summary>One listener: what waits for it, and whether a thread is at work on that.</summary>
    private sealed class Subscription(MemoryEventBus bus, string topic, Action<ReadOnlyMemory<byte>> handler, int most) : IDisposable, IThreadPoolWorkItem
    {
        /// <summary>After how many events the thread goes on to others.</summary>
        private const int Turn = 64;

        private readonly Queue<byte[]> _waiting = new();
        private bool _isBusy;
        private bool _isOver;

        public string Topic => topic;

        public void Take(byte[] payload)
        {
            lock (_waiting)
            {
                if (_isOver)
                {
                    return;
                }

                if (_waiting.Count == most)
                {
                    Interlocked.Increment(ref bus._dropped);
                    return;
                }

                _waiting.Enqueue(payload);
                if (_isBusy)
                {
                    return;
                }

                _isBusy = true;
            }

            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        public void Execute()
        {
            for (var i = 0; i < Turn; i++)
            {
                byte[]? payload;
                lock (_waiting)
                {
                    if (!_waiting.TryDequeue(out payload))
                    {
                        _isBusy = false;
                        return;
                    }
                }

                Handle(payload);
            }

            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        public void Dispose()
        {
            lock (_waiting)
            {
                _isOver = true;
                _waiting.Clear();
            }

            bus.Remove(this);
        }

        private void Handle(byte[] payload)
        {
            try
            {
                handler(payload);
            }
            catch (Exception)
            {
                // One listener's mistake must not end the process, nor what the others hear.
                Interlocked.Increment(ref bus._faults);
            }
        }
    }
}
