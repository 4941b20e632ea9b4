using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>The memory streams of a process's cluster.</summary>
internal sealed class StreamHub
{
    private readonly ConcurrentDictionary<(string Provider, StreamId StreamId), MemoryStreamTopic> _topics = new();

    internal MemoryStreamTopic Topic(string provider, StreamId streamId) => _topics.GetOrAdd((provider, streamId), static _ => new MemoryStreamTopic());

    internal MemoryStreamTopic? TopicIfAny(string provider, StreamId streamId) => _topics.GetValueOrDefault((provider, streamId));
}
