using FsCheck.Fluent;
using Hive.Engine.Tests.Support;
using Orleans.Streams;
using Orleans.TestingHost;

namespace Hive.Engine.Tests;

public interface IListener : IGrainWithGuidKey
{
    Task Listen(int expected);

    Task StopListening();

    Task<List<int>> Heard();

    Task Leave();
}

/// <summary>Listens to the stream of its own key. It opens the gate of its key when it has heard as much as was expected.</summary>
public sealed class ListenerGrain : Grain, IListener
{
    private readonly List<int> _heard = [];
    private StreamSubscriptionHandle<int>? _subscription;
    private int _expected;

    private IAsyncStream<int> Stream => this.GetStreamProvider(TestClusters.Streams).GetStream<int>("numbers", this.GetPrimaryKey());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var subscription in await Stream.GetAllSubscriptionHandles()) _subscription = await subscription.ResumeAsync(Hear);
    }

    public async Task Listen(int expected)
    {
        _expected = expected;
        _subscription ??= await Stream.SubscribeAsync(Hear);
    }

    public async Task StopListening()
    {
        if (_subscription is not null) await _subscription.UnsubscribeAsync();
        _subscription = null;
    }

    public Task<List<int>> Heard() => Task.FromResult(_heard.ToList());

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private Task Hear(int item, StreamSequenceToken? token)
    {
        _heard.Add(item);
        if (_heard.Count >= _expected) Gates.Open(this.GetPrimaryKey());
        return Task.CompletedTask;
    }
}

public sealed class StreamTests : IAsyncLifetime
{
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestClusters.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public void Every_subscriber_gets_every_item_in_order() => Property.ForAll(
        Gen.Choose(1, 200).SelectMany(count => Gen.Choose(1, 20).Select(batch => (count, batch))), 15, async one =>
        {
            var id = Guid.NewGuid();
            var listener = _cluster.Client.GetGrain<IListener>(id);
            var stream = Stream(id);
            var heard = new List<int>();
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var subscription = await stream.SubscribeAsync((item, _) =>
            {
                heard.Add(item);
                if (heard.Count == one.count) done.TrySetResult();
                return Task.CompletedTask;
            });
            var grainHeard = Gates.WhenOpen(id);
            await listener.Listen(one.count);
            foreach (var batch in Enumerable.Range(0, one.count).Chunk(one.batch)) await stream.OnNextBatchAsync(batch);
            await Task.WhenAll(done.Task, grainHeard);
            Assert.Equal(Enumerable.Range(0, one.count), heard);
            Assert.Equal(Enumerable.Range(0, one.count), await listener.Heard());
            await subscription.UnsubscribeAsync();
        });

    [Fact]
    public async Task A_subscription_outlives_the_activation_that_made_it()
    {
        var id = Guid.NewGuid();
        var listener = _cluster.Client.GetGrain<IListener>(id);
        await listener.Listen(1);
        await listener.Leave();
        await listener.Listen(2);
        var heard = Gates.WhenOpen(id);
        await Stream(id).OnNextAsync(1);
        await Stream(id).OnNextAsync(2);
        await heard;
        Assert.Equal([1, 2], await listener.Heard());
    }

    private IAsyncStream<int> Stream(Guid id) => _cluster.Client.GetStreamProvider(TestClusters.Streams).GetStream<int>("numbers", id);
}
