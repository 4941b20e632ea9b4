using System.Buffers;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;

namespace Hive.Engine;

/// <summary>Gives memory streams: what is sent while nobody is subscribed is gone, and all is gone with the process. Where a transport joins processes, subscribers of all of them are told, at most once.</summary>
internal sealed class MemoryStreamProvider(string name, FabricMember member) : IStreamProvider
{
    public string Name => name;

    public bool IsRewindable => false;

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => new MemoryStream<T>(name, streamId, member);
}

/// <inheritdoc/>
internal sealed class MemoryStream<T>(string providerName, StreamId streamId, FabricMember member) : IAsyncStream<T>
{
    public bool IsRewindable => false;

    public string ProviderName => providerName;

    public StreamId StreamId => streamId;

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var grain = CurrentGrain();
        var subscription = new StreamSubscription(streamId, member, grain?.GrainId ?? (object)member, grain, Decode);
        subscription.Attach(observer);
        member.Fabric.Streams.Add(providerName, streamId, subscription);
        return Task.FromResult<StreamSubscriptionHandle<T>>(new MemoryStreamHandle<T>(this, subscription));
    }

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null) =>
        token is null && filterData is null
            ? SubscribeAsync(observer)
            : throw new NotSupportedException("A memory stream can neither rewind nor filter.");

    public Task OnNextAsync(T item, StreamSequenceToken? token = null) => Publish([item]);

    public Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null) => Publish([.. batch]);

    public Task OnCompletedAsync() => Publish(StreamMessageKind.Completed, static (_, _) => { }, 1, static (_, _) => new Completed());

    public Task OnErrorAsync(Exception ex) => Publish(StreamMessageKind.Failed, (serializer, output) => serializer.WriteException(ex, output), 1, (_, _) => new Failed(ex));

    public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles()
    {
        var subscriber = CurrentGrain()?.GrainId ?? (object)member;
        var subscriptions = member.Fabric.Streams.Find(providerName, streamId)?.Of(subscriber) ?? [];
        return Task.FromResult<IList<StreamSubscriptionHandle<T>>>([.. subscriptions.Select(subscription => new MemoryStreamHandle<T>(this, subscription))]);
    }

    internal void End(StreamSubscription subscription) => member.Fabric.Streams.Remove(providerName, streamId, subscription);

    public bool Equals(IAsyncStream<T>? other) => other is not null && other.StreamId == streamId && other.ProviderName == providerName;

    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

    public override int GetHashCode() => HashCode.Combine(providerName, streamId);

    public int CompareTo(IAsyncStream<T>? other) => other is null ? 1 : streamId.CompareTo(other.StreamId);

    private static GrainReference? CurrentGrain() => Turn.CurrentActivation is { Owner: Silo } activation ? activation.GrainReference : null;

    private static Func<long, int, StreamNotification> Nexts(T[] items) => (number, index) => new Next(items[index], new MemoryStreamToken(number, index));

    private (int Count, Func<long, int, StreamNotification> Create) Decode(StreamMessage sent)
    {
        var serializer = member.Services.GetRequiredService<WireSerializer>();
        if (sent.Kind == StreamMessageKind.Completed) return (1, static (_, _) => new Completed());
        if (sent.Kind == StreamMessageKind.Failed)
        {
            var failure = serializer.ReadException(sent.Body.Span);
            return (1, (_, _) => new Failed(failure));
        }

        var items = serializer.Read<T[]>(sent.Body.Span) ?? [];
        return (items.Length, Nexts(items));
    }

    private Task Publish(T[] items) => Publish(StreamMessageKind.Items, (serializer, output) => serializer.Write(items, output), items.Length, Nexts(items));

    private Task Publish(StreamMessageKind kind, Action<WireSerializer, IBufferWriter<byte>> write, int count, Func<long, int, StreamNotification> create)
    {
        try
        {
            if (member.Fabric.HasTransport)
            {
                var body = new ArrayBufferWriter<byte>();
                write(member.Services.GetRequiredService<WireSerializer>(), body);
                member.Fabric.Publish(new StreamMessage(providerName, streamId, kind, body.WrittenMemory).ToBytes());
            }

            member.Fabric.Streams.Find(providerName, streamId)?.Publish(count, create);
            return Task.CompletedTask;
        }
        catch (OrleansException exception)
        {
            return Task.FromException(exception);
        }
    }

    private sealed class Next(T item, StreamSequenceToken token) : StreamNotification
    {
        internal override Task DeliverAsync(object observer) => ((IAsyncObserver<T>)observer).OnNextAsync(item, token);
    }

    private sealed class Completed : StreamNotification
    {
        internal override Task DeliverAsync(object observer) => ((IAsyncObserver<T>)observer).OnCompletedAsync();
    }

    private sealed class Failed(Exception exception) : StreamNotification
    {
        internal override Task DeliverAsync(object observer) => ((IAsyncObserver<T>)observer).OnErrorAsync(exception);
    }
}

/// <inheritdoc/>
internal sealed class MemoryStreamHandle<T>(MemoryStream<T> stream, StreamSubscription subscription) : StreamSubscriptionHandle<T>
{
    public override StreamId StreamId => stream.StreamId;

    public override string ProviderName => stream.ProviderName;

    public override Guid HandleId => subscription.HandleId;

    public override Task UnsubscribeAsync()
    {
        stream.End(subscription);
        return Task.CompletedTask;
    }

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (token is not null) throw new NotSupportedException("A memory stream cannot rewind.");
        if (subscription.IsEnded) throw new InvalidOperationException($"The subscription to {StreamId} has been ended.");
        subscription.Attach(observer);
        return Task.FromResult<StreamSubscriptionHandle<T>>(this);
    }

    public override bool Equals(StreamSubscriptionHandle<T>? other) => other is not null && other.HandleId == HandleId;

    public override bool Equals(object? obj) => Equals(obj as StreamSubscriptionHandle<T>);

    public override int GetHashCode() => HandleId.GetHashCode();
}

/// <inheritdoc/>
internal sealed class MemoryStreamToken : StreamSequenceToken
{
    internal MemoryStreamToken(long number, int index)
    {
        SequenceNumber = number;
        EventIndex = index;
    }

    public override long SequenceNumber { get; protected set; }

    public override int EventIndex { get; protected set; }

    public override bool Equals(StreamSequenceToken? other) =>
        other is not null && other.SequenceNumber == SequenceNumber && other.EventIndex == EventIndex;

    public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

    public override int GetHashCode() => HashCode.Combine(SequenceNumber, EventIndex);

    public override int CompareTo(StreamSequenceToken? other)
    {
        if (other is null) return 1;
        var byNumber = SequenceNumber.CompareTo(other.SequenceNumber);
        return byNumber != 0 ? byNumber : EventIndex.CompareTo(other.EventIndex);
    }
}
