using System.Collections.Concurrent;
using FsCheck.Fluent;
using Hive.Engine.Tests.Support;

namespace Hive.Engine.Tests.Embedded;

public interface IComputer : IGrainWithStringKey
{
    /// <summary>Keeps its thread until it is let go.</summary>
    Task Compute(Guid begun);

    Task<int> Touch();

    Task ComputeTogether(IReadOnlyList<string> others);

    Task Join(Guid party);
}

[OnNamedSilo]
public sealed class ComputerGrain : Grain, IComputer
{
    public static readonly ConcurrentDictionary<Guid, ManualResetEventSlim> Held = new();
    public static readonly ConcurrentDictionary<Guid, CountdownEvent> Parties = new();

    public Task Compute(Guid begun)
    {
        Gates.Open(begun);
        Held[begun].Wait();
        return Task.CompletedTask;
    }

    public Task<int> Touch() => Task.FromResult(1);

    public async Task ComputeTogether(IReadOnlyList<string> others)
    {
        var party = Guid.NewGuid();
        Parties[party] = new CountdownEvent(others.Count);
        await Task.WhenAll(others.Select(other => GrainFactory.GetGrain<IComputer>(other).Join(party)));
    }

    public Task Join(Guid party)
    {
        var countdown = Parties[party];
        countdown.Signal();
        countdown.Wait();
        return Task.CompletedTask;
    }
}

/// <summary>Grains that compute for long hold a thread; nobody else may have to wait for them to notice what is due.</summary>
public sealed class ComputingTests
{
    [Fact]
    public async Task Grains_that_a_grain_calls_run_at_the_same_time()
    {
        await using var cluster = await TestClusters.StartAsync();
        await cluster.Client.GetGrain<IComputer>("Silo_0/caller").ComputeTogether(["Silo_0/a", "Silo_0/b", "Silo_0/c"]);
    }

    [Fact]
    public void Who_waits_for_a_grain_that_computes_is_told_of_the_time_out_all_the_same() => Property.ForAll(
        Gen.Choose(0, 20), 6, async waiting =>
        {
            var time = new ManualTime();
            await using var cluster = await TimeTests.StartAsync(time, responseTimeout: TimeSpan.FromSeconds(5));
            using var held = new ManualResetEventSlim();
            var grain = cluster.Client.GetGrain<IComputer>("Silo_0/a");
            var computing = (await BeginAsync(grain, held)).Call;
            var calls = Enumerable.Range(0, waiting).Select(Task (_) => grain.Touch()).Append(computing).ToList();
            foreach (var call in calls) await Assert.ThrowsAsync<TimeoutException>(() => time.AdvanceUntilAsync(call, TimeSpan.FromSeconds(1)));
            held.Set();
            Assert.Equal(1, await grain.Touch());
        });

    [Fact]
    public async Task Who_waits_for_a_grain_that_computes_on_a_silo_that_is_killed_is_told_at_once()
    {
        await using var cluster = await TestClusters.StartAsync(2);
        using var held = new ManualResetEventSlim();
        var grain = cluster.Client.GetGrain<IComputer>("Silo_1/a");
        var computing = (await BeginAsync(grain, held)).Call;
        var waiting = grain.Touch();
        await cluster.KillSiloAsync(cluster.Silos[1]);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => computing);
        await Assert.ThrowsAnyAsync<OrleansException>(() => waiting);
        await Assert.ThrowsAnyAsync<OrleansException>(() => grain.Touch());
        held.Set();
    }

    [Fact]
    public void The_oldest_hub_is_preferred_then_the_oldest_silo() => Property.ForAll(
        Gen.Choose(0, 100).ArrayOf().Select(choices => choices.Take(6).ToArray()), 8, async choices =>
        {
            await using var cluster = await TestClusters.StartAsync(3);
            var key = 0;
            foreach (var choice in choices)
            {
                var silos = cluster.Silos;
                var expected = silos.FirstOrDefault(silo => silo.Name == "Silo_0") ?? silos[0];
                Assert.Equal(expected.Name, await cluster.Client.GetGrain<IFree>(key++).Where());
                if (choice % 3 == 0 || silos.Count == 1) await cluster.StartAdditionalSiloAsync();
                else if (choice % 3 == 1) await cluster.StopSiloAsync(silos[choice % silos.Count]);
                else await cluster.KillSiloAsync(silos[choice % silos.Count]);
            }
        });

    private static async Task<Begun> BeginAsync(IComputer grain, ManualResetEventSlim held)
    {
        var gate = Guid.NewGuid();
        ComputerGrain.Held[gate] = held;
        var begun = Gates.WhenOpen(gate);
        var computing = grain.Compute(gate);
        await begun;
        return new Begun(computing);
    }

    /// <summary>A call that has begun; a task of a task would be awaited to its end.</summary>
    private sealed record Begun(Task Call);
}
