using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>Takes a stream's items, one at a time.</summary>
public interface IAsyncObserver<in T>
{
    /// <summary>Takes an item.</summary>
    Task OnNextAsync(T item, StreamSequenceToken? token = null);

    /// <summary>The producer will send nothing more.</summary>
    Task OnCompletedAsync();

    /// <summary>The producer failed.</summary>
    Task OnErrorAsync(Exception ex);
}

/// <summary>Something that can be subscribed to.</summary>
public interface IAsyncObservable<T>
{
    /// <summary>Subscribes; items sent from now on arrive in their order.</summary>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);

    /// <summary>Subscribes; memory streams cannot rewind, so <paramref name="token"/> must be null.</summary>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null);
}

/// <summary>Takes several items at once from a producer.</summary>
public interface IAsyncBatchProducer<in T> : IAsyncObserver<T>
{
    /// <summary>Sends several items, all or none.</summary>
    Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null);
}

/// <summary>A stream, whatever its items are.</summary>
public interface IAsyncStream
{
    /// <summary>Whether a subscriber can ask for items of the past.</summary>
    bool IsRewindable { get; }

    /// <summary>The provider's name.</summary>
    string ProviderName { get; }

    /// <summary>The identity.</summary>
    StreamId StreamId { get; }
}

/// <summary>A stream: whoever has its identity may send to it and subscribe to it.</summary>
public interface IAsyncStream<T> : IAsyncStream, IEquatable<IAsyncStream<T>>, IComparable<IAsyncStream<T>>, IAsyncObservable<T>, IAsyncBatchProducer<T>
{
    /// <summary>The subscriptions of this grain or client, for example to resume them after activation.</summary>
    Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles();
}

/// <summary>Gives streams by identity. A stream needs no creation.</summary>
public interface IStreamProvider
{
    /// <summary>The provider's name.</summary>
    string Name { get; }

    /// <summary>Whether a subscriber can ask for items of the past.</summary>
    bool IsRewindable { get; }

    /// <summary>A stream.</summary>
    IAsyncStream<T> GetStream<T>(StreamId streamId);
}

/// <summary>The place of an item in its stream.</summary>
public abstract class StreamSequenceToken : IEquatable<StreamSequenceToken>, IComparable<StreamSequenceToken>
{
    /// <summary>The number of the sending, from 0 when the first subscribed.</summary>
    public abstract long SequenceNumber { get; protected set; }

    /// <summary>The number of the item in its sending, from 0.</summary>
    public abstract int EventIndex { get; protected set; }

    /// <inheritdoc/>
    public abstract bool Equals(StreamSequenceToken? other);

    /// <inheritdoc/>
    public abstract int CompareTo(StreamSequenceToken? other);
}

/// <summary>A subscription. It outlasts deactivation: a grain that is activated anew resumes it with an observer of its new self.</summary>
public abstract class StreamSubscriptionHandle<T> : IEquatable<StreamSubscriptionHandle<T>>
{
    /// <summary>The stream.</summary>
    public abstract StreamId StreamId { get; }

    /// <summary>The provider's name.</summary>
    public abstract string ProviderName { get; }

    /// <summary>The subscription's own identity.</summary>
    public abstract Guid HandleId { get; }

    /// <summary>Ends the subscription; nothing arrives after the task has completed.</summary>
    public abstract Task UnsubscribeAsync();

    /// <summary>Takes items with another observer from now on.</summary>
    public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null);

    /// <inheritdoc/>
    public abstract bool Equals(StreamSubscriptionHandle<T>? other);
}
