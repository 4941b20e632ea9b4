using System.Collections.Concurrent;
using Hive.Client.Grid;
using Hive.Gossip;
using Hive.Nats;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hive.Silo.Grid;

/// <summary>
/// Events over NATS: topic <c>T</c> of grid <c>C</c> is the subject <c>hive.C.bus.T</c>. A topic is subscribed to once for the process, however many listen; those of the process hear an event from
/// within it too, at once and also while the server is away.
/// </summary>
internal sealed partial class NatsEventBus(GridLink link, ILogger<NatsEventBus> logger) : IEventBus, IHostedService
{
    private readonly MemoryEventBus _local = new();
    private readonly ConcurrentDictionary<string, Task<NatsSubscription>> _topics = new(StringComparer.Ordinal);
    private readonly byte[] _self = Guid.NewGuid().ToByteArray();

    public bool Publish(string topic, ReadOnlySpan<byte> payload)
    {
        var heard = _local.Publish(topic, payload);
        try
        {
            // The process's own mark comes first, so that what it has heard already is not heard twice.
            return link.Connection.TryPublish(Subject(topic), _self, payload) && heard;
        }
        catch (NatsException e)
        {
            LogNotPublished(topic, e.Message);
            return false;
        }
    }

    public IDisposable Subscribe(string topic, Action<ReadOnlyMemory<byte>> handler)
    {
        var listener = _local.Subscribe(topic, handler);
        _topics.GetOrAdd(topic, ListenAsync);
        return listener;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var topic in _topics.Values)
        {
            try
            {
                await (await topic).DisposeAsync();
            }
            catch (NatsException)
            {
                // The connection went first, and the subscription with it.
            }
        }
    }

    private string Subject(string topic) => $"hive.{link.Options.Cluster}.bus.{topic}";

    private async Task<NatsSubscription> ListenAsync(string topic) => await link.Connection.SubscribeAsync(
        Subject(topic),
        (in NatsMessageView message) =>
        {
            var payload = message.Payload;
            if (payload.Length >= _self.Length && payload.Length <= IEventBus.MaxEventBytes + _self.Length && !payload.Span.StartsWith(_self))
            {
                _local.Publish(topic, payload.Span[_self.Length..]);
            }
        });

    [LoggerMessage(Level = LogLevel.Warning, Message = "An event of {Topic} was not published: {Reason}")]
    private partial void LogNotPublished(string topic, string reason);
}
