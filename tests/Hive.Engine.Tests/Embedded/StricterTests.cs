using Hive.Engine.Tests.Support;
using Orleans.Streams;
using Orleans.TestingHost;

namespace Hive.Engine.Tests.Embedded;

/// <summary>What the embedded engine promises beyond what Orleans does.</summary>
public sealed class StricterTests
{
    [Fact]
    public async Task Calls_overlap_only_where_an_attribute_says_so()
    {
        await using var cluster = await TestClusters.StartAsync(2);
        Property.ForAll(TurnTests.Plans, 60, async plan =>
        {
            var probe = cluster.Client.GetGrain<IPlainProbe>(Guid.NewGuid());
            Assert.Equal(new ProbeReport(plan.Length, 0, 0), await TurnTests.RunAsync(probe, plan));
        });
    }

    [Fact]
    public async Task A_call_in_flight_to_a_killed_silo_fails_as_such()
    {
        await using var cluster = await TestClusters.StartAsync(2);
        var grain = cluster.Client.GetGrain<INamed>("Silo_1/1");
        var gate = Guid.NewGuid();
        var begun = Gates.WhenOpen(gate);
        var running = grain.Hang(gate);
        await begun;
        var waiting = grain.Where();
        await cluster.KillSiloAsync(cluster.Silos[1]);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => running);
        await Assert.ThrowsAnyAsync<OrleansException>(() => waiting);
        await Assert.ThrowsAnyAsync<OrleansException>(() => grain.Where());
    }

    [Fact]
    public async Task Who_has_unsubscribed_hears_nothing_more()
    {
        await using var cluster = await TestClusters.StartAsync();
        var id = Guid.NewGuid();
        var listener = cluster.Client.GetGrain<IListener>(id);
        await listener.Listen(1);
        var heard = Gates.WhenOpen(id);
        await Stream(cluster, id).OnNextAsync(1);
        await heard;
        await listener.StopListening();
        await Stream(cluster, id).OnNextAsync(2);
        await listener.Listen(2);
        heard = Gates.WhenOpen(id);
        await Stream(cluster, id).OnNextAsync(3);
        await heard;
        Assert.Equal([1, 3], await listener.Heard());
    }

    [Fact]
    public async Task Management_counts_every_activation_once()
    {
        await using var cluster = await TestClusters.StartAsync(2);
        for (var i = 0; i < 10; i++) await cluster.Client.GetGrain<INamed>($"Silo_{i % 2}/{i}").Where();
        var statistics = await cluster.Client.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        var ours = statistics.Where(one => one.GrainType.Contains(nameof(NamedGrain), StringComparison.Ordinal)).ToList();
        Assert.Equal((2, 10), (ours.Count, ours.Sum(one => one.ActivationCount)));
    }

    private static IAsyncStream<int> Stream(InProcessTestCluster cluster, Guid id) =>
        cluster.Client.GetStreamProvider(TestClusters.Streams).GetStream<int>("numbers", id);
}
