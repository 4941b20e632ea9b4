using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>The memory streams of a process's cluster: those that somebody is subscribed to.</summary>
internal sealed class StreamHub
{
    private readonly Lock _subscribing = new();
    private readonly ConcurrentDictionary<(string Provider, StreamId StreamId), MemoryStreamTopic> _topics = new();

    /// <summary>Takes in what another process sent to a stream. What is no sending, or is sent to a stream that nobody here listens to, is nothing.</summary>
    internal void Receive(ReadOnlyMemory<byte> message)
    {
        if (StreamMessage.TryRead(message, out var sent)) Find(sent.Provider, sent.StreamId)?.Receive(sent);
    }

    internal MemoryStreamTopic? Find(string provider, StreamId streamId) => _topics.GetValueOrDefault((provider, streamId));

    internal void Add(string provider, StreamId streamId, StreamSubscription subscription)
    {
        lock (_subscribing) _topics.GetOrAdd((provider, streamId), static _ => new MemoryStreamTopic()).Add(subscription);
    }

    internal void Remove(string provider, StreamId streamId, StreamSubscription subscription)
    {
        lock (_subscribing)
        {
            if (Find(provider, streamId) is { } topic && topic.Remove(subscription)) _topics.TryRemove((provider, streamId), out _);
        }

        subscription.End();
    }

    /// <summary>Ends every subscription of a client that has gone.</summary>
    internal void RemoveSubscriber(object subscriber)
    {
        foreach (var ((provider, streamId), topic) in _topics)
        {
            foreach (var subscription in topic.Of(subscriber)) Remove(provider, streamId, subscription);
        }
    }
}
