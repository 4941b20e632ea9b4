using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>One stream: who has subscribed, and the number of the next sending.</summary>
internal sealed class MemoryStreamTopic
{
    private readonly Lock _lock = new();
    private readonly List<StreamSubscription> _subscriptions = [];
    private long _next;

    internal void Add(StreamSubscription subscription)
    {
        lock (_lock) _subscriptions.Add(subscription);
    }

    /// <summary>Takes a subscription out, and tells whether none is left.</summary>
    internal bool Remove(StreamSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subscription);
            return _subscriptions.Count == 0;
        }
    }

    internal IReadOnlyList<StreamSubscription> Of(object subscriber)
    {
        lock (_lock) return [.. _subscriptions.Where(subscription => subscription.Subscriber.Equals(subscriber))];
    }

    /// <summary>Tells the subscribers here what another process sent. A subscriber that is too far behind loses it, and so do the others: at most once.</summary>
    internal void Receive(StreamMessage sent)
    {
        StreamSubscription? any;
        lock (_lock) any = _subscriptions.FirstOrDefault();
        if (any?.Decode(sent) is not { } notifications) return;
        try
        {
            Publish(notifications.Count, notifications.Create);
        }
        catch (LimitExceededException exception)
        {
            any.NotTold(exception);
        }
    }

    /// <summary>Queues notifications for every subscriber, or for none.</summary>
    /// <exception cref="LimitExceededException">A subscriber's queue has no room.</exception>
    internal void Publish(int count, Func<long, int, StreamNotification> create)
    {
        lock (_lock)
        {
            foreach (var subscription in _subscriptions)
            {
                if (!subscription.HasRoom(count)) throw new LimitExceededException(subscription.FullMessage);
            }

            var number = _next++;
            for (var index = 0; index < count; index++)
            {
                var notification = create(number, index);
                foreach (var subscription in _subscriptions) subscription.Enqueue(notification);
            }
        }
    }
}
