using System.Collections.Concurrent;
using FsCheck.Fluent;
using Hive.Engine.Tests.Support;
using Orleans.Concurrency;
using Orleans.TestingHost;

namespace Hive.Engine.Tests;

public interface INamed : IGrainWithStringKey
{
    Task<string> Where();

    Task Hang(Guid begun);

    [AlwaysInterleave]
    Task<string> Ask(string other);
}

[OnNamedSilo]
public sealed class NamedGrain(ILocalSiloDetails silo) : Grain, INamed
{
    public Task<string> Where() => Task.FromResult(silo.Name);

    public Task Hang(Guid begun)
    {
        Gates.Open(begun);
        return new TaskCompletionSource().Task;
    }

    public Task<string> Ask(string other) => GrainFactory.GetGrain<INamed>(other).Where();
}

public interface IFree : IGrainWithIntegerKey
{
    Task<string> Where();
}

public sealed class FreeGrain(ILocalSiloDetails silo) : Grain, IFree
{
    public Task<string> Where() => Task.FromResult(silo.Name);
}

public interface IWorker : IGrainWithIntegerKey
{
    Task Work(Guid batch, int parties);
}

/// <summary>Its calls wait for each other, so they end only if they run at the same time.</summary>
[StatelessWorker(4)]
public sealed class WorkerGrain : Grain, IWorker
{
    private static readonly ConcurrentDictionary<Guid, (int Left, TaskCompletionSource Done)> Batches = new();

    public Task Work(Guid batch, int parties)
    {
        var (left, done) = Batches.AddOrUpdate(
            batch, _ => (parties - 1, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)), static (_, one) => (one.Left - 1, one.Done));
        if (left == 0) done.TrySetResult();
        return done.Task;
    }
}

public sealed class PlacementTests
{
    [Fact]
    public async Task A_grain_lives_on_the_silo_that_its_filter_names()
    {
        await using var cluster = await TestClusters.StartAsync(3);
        Property.ForAll(Gen.Choose(0, 2).SelectMany(silo => Gen.Choose(0, 1000).Select(number => (silo, number))), 60, async one =>
        {
            var key = $"Silo_{one.silo}/{one.number}";
            Assert.Equal($"Silo_{one.silo}", await cluster.Client.GetGrain<INamed>(key).Where());
            Assert.Equal($"Silo_{one.silo}", await cluster.Client.GetGrain<INamed>("Silo_0/asker").Ask(key));
        });
    }

    [Fact]
    public async Task A_grain_whose_silo_does_not_live_is_refused_at_once()
    {
        await using var cluster = await TestClusters.StartAsync(1);
        await Assert.ThrowsAnyAsync<OrleansException>(() => cluster.Client.GetGrain<INamed>("Silo_9/1").Where());
        var silo = await cluster.StartAdditionalSiloAsync();
        Assert.Equal("Silo_1", await WhereOnceKnownAsync(cluster.Client.GetGrain<INamed>("Silo_1/1")));
        await cluster.StopSiloAsync(silo);
        await Assert.ThrowsAnyAsync<OrleansException>(() => cluster.Client.GetGrain<INamed>("Silo_1/1").Where());
    }

    /// <summary>Orleans tells the other silos what a new one can host a moment after it has started.</summary>
    private static async Task<string> WhereOnceKnownAsync(INamed grain)
    {
        while (true)
        {
            try
            {
                return await grain.Where();
            }
            catch (OrleansException)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    [Fact]
    public async Task Grains_of_a_killed_silo_are_reported_gone_and_never_replaced()
    {
        await using var cluster = await TestClusters.StartAsync(2);
        var grain = cluster.Client.GetGrain<INamed>("Silo_1/1");
        await grain.Where();
        await cluster.KillSiloAsync(cluster.Silos[1]);
        await cluster.WaitForLivenessToStabilizeAsync(didKill: true);
        await Assert.ThrowsAnyAsync<OrleansException>(() => grain.Where());
    }

    [Fact]
    public async Task A_grain_without_a_filter_is_activated_elsewhere_when_its_silo_has_been_killed()
    {
        await using var cluster = await TestClusters.StartAsync(2);
        var grains = Enumerable.Range(0, 20).Select(key => cluster.Client.GetGrain<IFree>(key)).ToList();
        var killed = cluster.Silos.Single(silo => silo.Name == "Silo_0");
        foreach (var grain in grains) await grain.Where();
        await cluster.KillSiloAsync(killed);
        await cluster.WaitForLivenessToStabilizeAsync(didKill: true);
        foreach (var grain in grains) Assert.Equal("Silo_1", await grain.Where());
    }

    [Fact]
    public async Task A_stateless_worker_runs_calls_at_the_same_time()
    {
        await using var cluster = await TestClusters.StartAsync(1);
        var worker = cluster.Client.GetGrain<IWorker>(0);
        for (var round = 0; round < 5; round++)
        {
            var batch = Guid.NewGuid();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => worker.Work(batch, 4)));
        }
    }

    [Fact]
    public async Task Management_counts_silos_and_activations()
    {
        await using var cluster = await TestClusters.StartAsync(2);
        for (var i = 0; i < 10; i++) await cluster.Client.GetGrain<INamed>($"Silo_{i % 2}/{i}").Where();
        var management = cluster.Client.GetGrain<IManagementGrain>(0);
        Assert.Equal(2, (await management.GetHosts(onlyActive: true)).Count);
        var statistics = await management.GetSimpleGrainStatistics();
        var ours = statistics.Where(one => one.GrainType.Contains(nameof(NamedGrain), StringComparison.Ordinal)).ToList();
        Assert.True(ours.Sum(one => one.ActivationCount) >= 10);
        Assert.True(await management.GetTotalActivationCount() >= 10);
    }
}
