using System.Collections.Concurrent;
using FsCheck.Fluent;
using Hive.Engine.Tests.Support;
using Orleans.TestingHost;

namespace Hive.Engine.Tests.Embedded;

public interface ICitizen : IGrainWithIntegerKey
{
    Task<int> Live(int awaits, long next);
}

/// <summary>Knows, outside of itself, which object last spoke for its grain; another speaking in between means two activations at once.</summary>
public sealed class CitizenGrain : Grain, ICitizen
{
    public static readonly ConcurrentDictionary<long, Guid> Speakers = new();
    public static readonly ConcurrentBag<string> Doubles = [];
    private readonly Guid _self = Guid.NewGuid();
    private bool _isInside;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Speakers[this.GetPrimaryKeyLong()] = _self;
        return Task.CompletedTask;
    }

    public async Task<int> Live(int awaits, long next)
    {
        Check();
        if (_isInside) Doubles.Add($"{this.GetPrimaryKeyLong()} ran two calls at once");
        _isInside = true;
        for (var i = 0; i < awaits; i++)
        {
            await Task.Yield();
            Check();
        }

        var below = next > this.GetPrimaryKeyLong() ? await GrainFactory.GetGrain<ICitizen>(next).Live(awaits, -1) : 0;
        Check();
        _isInside = false;
        return below + 1;
    }

    private void Check()
    {
        if (Speakers[this.GetPrimaryKeyLong()] != _self) Doubles.Add($"{this.GetPrimaryKeyLong()} had two activations");
    }
}

public sealed class ChaosTests
{
    private long _keys;

    [Fact]
    public void While_silos_start_stop_and_die_every_call_runs_or_fails_as_the_engine_says_and_no_grain_lives_twice() => Property.ForAll(
        Gen.Elements("start", "stop", "kill").ArrayOf().Select(steps => steps.Take(8).ToArray()), 15, async steps =>
        {
            // A turn of a silo that was killed runs to its next await, maybe beyond the end of its cluster; so each cluster has grains of its own.
            var keys = Interlocked.Add(ref _keys, 1_000);
            await using var cluster = await TestClusters.StartAsync(2);
            using var ending = new CancellationTokenSource();
            var callers = Enumerable.Range(0, 4).Select(number => Task.Run(() => CallAsync(cluster, keys, number, ending.Token))).ToList();
            foreach (var step in steps)
            {
                // Let some calls through between any two steps.
                await cluster.Client.GetGrain<ICitizen>(keys).Live(3, -1);
                var silos = cluster.Silos;
                if (step == "start" || silos.Count < 2) await cluster.StartAdditionalSiloAsync();
                else if (step == "stop") await cluster.StopSiloAsync(silos[steps.Length % silos.Count]);
                else await cluster.KillSiloAsync(silos[steps.Length % silos.Count]);
            }

            await ending.CancelAsync();
            await Task.WhenAll(callers);
            Assert.Empty(CitizenGrain.Doubles);
        });

    [Fact]
    public async Task A_silo_that_stops_gently_finishes_the_calls_that_it_has()
    {
        await using var cluster = await TestClusters.StartAsync(2);
        Property.ForAll(Gen.Choose(1, 60), 15, async calls =>
        {
            var silo = await cluster.StartAdditionalSiloAsync();
            var running = Enumerable.Range(0, calls).Select(number => cluster.Client.GetGrain<IFinisher>($"{silo.Name}/{number}").Work(50)).ToList();
            await Task.WhenAll(Enumerable.Range(0, calls).Select(number => cluster.Client.GetGrain<IFinisher>($"{silo.Name}/{number}").HasBegun()));
            await cluster.StopSiloAsync(silo);
            Assert.All(running, static call => Assert.True(call.IsCompletedSuccessfully));
            Assert.All(Enumerable.Range(0, calls), number => Assert.Equal(
                DeactivationReasonCode.ShuttingDown, FinisherGrain.Ends[$"{silo.Name}/{number}"]));
        });
    }

    private static async Task CallAsync(InProcessTestCluster cluster, long keys, int seed, CancellationToken token)
    {
        const int AtLeast = 50;
        var random = new Random(seed);
        for (var made = 0; made < AtLeast || !token.IsCancellationRequested; made++)
        {
            var (key, next) = (keys + random.Next(30), keys + random.Next(60));
            try
            {
                var lived = await cluster.Client.GetGrain<ICitizen>(key).Live(random.Next(5), next);
                Assert.Equal(next > key ? 2 : 1, lived);
            }
            catch (OrleansException)
            {
                // The silo is gone, and the exception says so; anything else fails the test.
            }
        }
    }
}

public interface IFinisher : IGrainWithStringKey
{
    Task Work(int awaits);

    [Orleans.Concurrency.AlwaysInterleave]
    Task HasBegun();
}

[OnNamedSilo]
public sealed class FinisherGrain : Grain, IFinisher
{
    public static readonly ConcurrentDictionary<string, DeactivationReasonCode> Ends = new();

    public async Task Work(int awaits)
    {
        for (var i = 0; i < awaits; i++) await Task.Yield();
    }

    public Task HasBegun() => Task.CompletedTask;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Ends[this.GetPrimaryKeyString()] = reason.ReasonCode;
        return Task.CompletedTask;
    }
}
