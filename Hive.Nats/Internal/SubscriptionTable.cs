using System.Collections.Concurrent;

namespace Hive.Nats.Internal;

/// <summary>The subscriptions of a connection. Its lock keeps table and server in step: what is in the table when a server is attached is subscribed there, once.</summary>
internal sealed class SubscriptionTable(OutgoingBuffer outgoing)
{
    private readonly Lock _gate = new();

    private readonly ConcurrentDictionary<long, NatsSubscription> _byId = new();

    private long _lastId;

    /// <summary>Subscribes now, or when a server is connected; false if the outgoing buffer is full.</summary>
    /// <exception cref="NatsException">The connection is closed.</exception>
    public bool TryAdd(NatsSubscription subscription)
    {
        lock (_gate)
        {
            // In the table before it is sent: the server may answer before the call returns.
            subscription.Id = ++_lastId;
            _byId[subscription.Id] = subscription;
            var command = new SubscribeCommand(subscription.SubjectUtf8, subscription.QueueGroupUtf8, subscription.Id);
            var admission = outgoing.TryAppend(ref command);
            if (admission is Admission.Accepted or Admission.Disconnected)
            {
                return true;
            }

            _byId.TryRemove(subscription.Id, out _);
            return admission == Admission.Closed ? throw NatsConnection.IsClosed() : false;
        }
    }

    /// <summary>Ends a subscription, now or after so many messages in all; false if the outgoing buffer is full.</summary>
    public bool TryRemove(NatsSubscription subscription, long? max)
    {
        lock (_gate)
        {
            if (!_byId.ContainsKey(subscription.Id))
            {
                return true;
            }

            // Set before it is sent: the last message may come before the call returns.
            subscription.Max = max ?? 0;
            var over = subscription.Delivered >= subscription.Max;
            var command = new UnsubscribeCommand(subscription.Id, over ? null : max - subscription.DeliveredBefore);
            if (outgoing.TryAppend(ref command) == Admission.Full)
            {
                return false;
            }

            if (subscription.Delivered >= subscription.Max)
            {
                Remove(subscription, null);
            }

            return true;
        }
    }

    /// <summary>Hands a message to its subscription; one that has just ended still gets some, which mean nothing.</summary>
    public void Deliver(long id, in NatsMessageView message)
    {
        if (_byId.TryGetValue(id, out var subscription) && subscription.Take(message))
        {
            Remove(subscription, null);
        }
    }

    /// <summary>Ends those that the server refused, and returns one of them.</summary>
    public NatsSubscription? Refuse(string subject, NatsException reason)
    {
        NatsSubscription? refused = null;
        foreach (var subscription in _byId.Values.Where(subscription => subscription.Subject == subject))
        {
            refused = subscription;
            Remove(subscription, reason);
        }

        return refused;
    }

    /// <summary>Connects a server: subscribes there to everything before anything else is sent.</summary>
    public void Attach(OutgoingWriter writer)
    {
        lock (_gate)
        {
            var preamble = new GrowingBuffer();
            foreach (var subscription in _byId.Values.Where(subscription => !subscription.IsSilenced).OrderBy(subscription => subscription.Id))
            {
                Append(preamble, new SubscribeCommand(subscription.SubjectUtf8, subscription.QueueGroupUtf8, subscription.Id));
                subscription.DeliveredBefore = subscription.Delivered;
                if (subscription.Max < long.MaxValue)
                {
                    Append(preamble, new UnsubscribeCommand(subscription.Id, Math.Max(1, subscription.Max - subscription.DeliveredBefore)));
                }
            }

            outgoing.Attach(writer, preamble.Written.Span);
        }
    }

    /// <summary>Tells the server that nothing more is wanted, except by one subscription; true when all of it is in the outgoing buffer.</summary>
    public bool TrySilence(NatsSubscription? except)
    {
        lock (_gate)
        {
            foreach (var subscription in _byId.Values.Where(subscription => subscription != except && !subscription.IsSilenced))
            {
                var command = new UnsubscribeCommand(subscription.Id, null);
                if (outgoing.TryAppend(ref command) == Admission.Full)
                {
                    return false;
                }

                subscription.IsSilenced = true;
            }

            return true;
        }
    }

    /// <summary>Ends all.</summary>
    public void Close(NatsException? reason)
    {
        foreach (var subscription in _byId.Values)
        {
            Remove(subscription, reason);
        }
    }

    private static void Append<TCommand>(GrowingBuffer buffer, TCommand command)
        where TCommand : IClientCommand => command.Write(buffer.Extend(command.Size));

    private void Remove(NatsSubscription subscription, NatsException? reason)
    {
        if (_byId.TryRemove(subscription.Id, out _))
        {
            subscription.End(reason);
        }
    }
}
