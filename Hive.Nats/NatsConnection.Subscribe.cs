using Hive.Nats.Internal;

namespace Hive.Nats;

public sealed partial class NatsConnection
{
    /// <summary>
    /// Subscribes with a handler that runs on the read loop and reads messages in place. A subscription that the server does not permit fails through its
    /// <see cref="NatsSubscription.Completion"/>; <see cref="FlushAsync"/> returns after that.
    /// </summary>
    /// <param name="subject">The subject, perhaps with wildcards.</param>
    /// <param name="handler">Takes each message.</param>
    /// <param name="queueGroup">The group of which one member receives each message; null for none.</param>
    /// <param name="cancellation">Gives up the wait for room in the outgoing buffer.</param>
    /// <exception cref="ArgumentException">Subject or queue group is malformed.</exception>
    /// <exception cref="NatsException">The connection is closed.</exception>
    public async ValueTask<NatsSubscription> SubscribeAsync(string subject, NatsMessageHandler handler, string? queueGroup = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var subscription = new HandlerSubscription(this, subject, queueGroup, handler);
        await AddAsync(subscription, cancellation).ConfigureAwait(false);
        return subscription;
    }

    /// <summary>Subscribes with a bounded channel of copied messages.</summary>
    /// <param name="subject">The subject, perhaps with wildcards.</param>
    /// <param name="capacity">Bound on messages that wait for the reader; at least 1.</param>
    /// <param name="queueGroup">The group of which one member receives each message; null for none.</param>
    /// <param name="cancellation">Gives up the wait for room in the outgoing buffer.</param>
    /// <exception cref="ArgumentException">Subject, capacity or queue group is malformed.</exception>
    /// <exception cref="NatsException">The connection is closed.</exception>
    public async ValueTask<NatsChannelSubscription> SubscribeAsync(string subject, int capacity = 1024, string? queueGroup = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var subscription = new NatsChannelSubscription(this, subject, queueGroup, capacity);
        await AddAsync(subscription, cancellation).ConfigureAwait(false);
        return subscription;
    }

    internal async ValueTask UnsubscribeAsync(NatsSubscription subscription, long? max, CancellationToken cancellation)
    {
        while (!_subscriptions.TryRemove(subscription, max))
        {
            await _outgoing.WaitForRoomAsync(new UnsubscribeCommand(subscription.Id, max).Size, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask AddAsync(NatsSubscription subscription, CancellationToken cancellation)
    {
        while (!_subscriptions.TryAdd(subscription))
        {
            var size = new SubscribeCommand(subscription.SubjectUtf8, subscription.QueueGroupUtf8, long.MaxValue).Size;
            await _outgoing.WaitForRoomAsync(size, cancellation).ConfigureAwait(false);
        }
    }
}
