using Orleans.Runtime;
using Orleans.Streams;

namespace Hive.Engine;

/// <summary>Something to tell a subscriber's observer.</summary>
internal abstract class StreamNotification
{
    internal abstract Task DeliverAsync(object observer);
}

/// <summary>
/// One subscription: a bounded queue, and a pump that tells the subscriber one thing after another. A grain subscriber is told by a call, so
/// its observer runs as a turn of it; a client's observer runs on the thread pool.
/// </summary>
internal sealed class StreamSubscription(
    StreamId streamId, FabricMember member, object subscriber, GrainReference? grain, Func<StreamMessage, (int Count, Func<long, int, StreamNotification> Create)> decode)
{
    internal const int Capacity = 16_384;

    private readonly Queue<StreamNotification> _queue = new();
    private readonly Lock _lock = new();
    private volatile object? _observer;
    private volatile bool _isEnded;
    private bool _isPumping;

    internal Guid HandleId { get; } = Guid.NewGuid();

    /// <summary>A grain's identity, or the client.</summary>
    internal object Subscriber { get; } = subscriber;

    internal bool IsEnded => _isEnded;

    internal string FullMessage => $"{Subscriber} is {Capacity} items behind in stream {streamId}; nothing was sent.";

    /// <summary>What a sending from another process tells; null where it cannot be read.</summary>
    internal (int Count, Func<long, int, StreamNotification> Create)? Decode(StreamMessage sent)
    {
        try
        {
            return decode(sent);
        }
        catch (WireFormatException exception)
        {
            NotTold(exception);
            return null;
        }
    }

    internal void NotTold(Exception exception) => member.Log.StreamDeliveryFailed(streamId, Subscriber.ToString()!, exception);

    internal void Attach(object observer)
    {
        if (grain is null) _observer = observer;
        else StreamObservers.OfCurrentActivation()[HandleId] = observer;
    }

    internal bool HasRoom(int count)
    {
        lock (_lock) return _queue.Count + count <= Capacity;
    }

    internal void Enqueue(StreamNotification notification)
    {
        lock (_lock)
        {
            _queue.Enqueue(notification);
            if (_isPumping) return;
            _isPumping = true;
        }

        using (ExecutionContext.SuppressFlow()) _ = Task.Run(PumpAsync);
    }

    internal void End()
    {
        _isEnded = true;
        lock (_lock) _queue.Clear();
    }

    private async Task PumpAsync()
    {
        while (Take() is { } notification)
        {
            try
            {
                if (grain is not null) await new DeliveryCall(this, notification).SendAsync(grain);
                else if (_observer is { } observer) await notification.DeliverAsync(observer);
            }
            catch (Exception exception)
            {
                NotTold(exception);
            }
        }
    }

    private StreamNotification? Take()
    {
        lock (_lock)
        {
            if (!_isEnded && _queue.TryDequeue(out var notification)) return notification;
            _isPumping = false;
            return null;
        }
    }

    private sealed class DeliveryCall(StreamSubscription subscription, StreamNotification notification) : VoidCall
    {
        private static readonly GrainMethod DeliverMethod = GrainMethod.Internal(nameof(IAsyncObserver<>), nameof(IAsyncObserver<>.OnNextAsync));

        public override GrainMethod Method => DeliverMethod;

        internal override ValueTask InvokeOn(Activation activation) =>
            !subscription.IsEnded && StreamObservers.Of(activation).TryGetValue(subscription.HandleId, out var observer)
                ? new ValueTask(notification.DeliverAsync(observer))
                : default;

        protected override ValueTask Invoke(object target) => default;
    }
}

/// <summary>The observers of an activation by subscription; they end with it.</summary>
internal static class StreamObservers
{
    internal static Dictionary<Guid, object> Of(Activation activation)
    {
        var components = activation.Extras.Components;
        if (components.TryGetValue(typeof(StreamObservers), out var existing)) return (Dictionary<Guid, object>)existing;
        var observers = new Dictionary<Guid, object>();
        components.Add(typeof(StreamObservers), observers);
        return observers;
    }

    internal static Dictionary<Guid, object> OfCurrentActivation() => Turn.CurrentActivation is { } activation
        ? Of(activation)
        : throw new InvalidOperationException("A grain's subscription can only be resumed on one of the grain's own turns.");
}
