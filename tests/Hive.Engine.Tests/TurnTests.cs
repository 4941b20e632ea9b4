using FsCheck.Fluent;
using Hive.Engine.Tests.Support;
using Orleans.Concurrency;
using Orleans.TestingHost;

namespace Hive.Engine.Tests;

public interface ITurnProbe : IGrainWithGuidKey
{
    Task Write(int awaits);

    [AlwaysInterleave]
    Task Interleave(int awaits);

    [ReadOnly]
    Task Read(int awaits);

    [AlwaysInterleave]
    Task<ProbeReport> Report();
}

[GenerateSerializer, Immutable, Alias("Hive.Engine.Tests.ProbeReport")]
public sealed record ProbeReport([property: Id(0)] int Calls, [property: Id(1)] int OverlappingTurns, [property: Id(2)] int OverlappingCalls);

/// <summary>Counts turns that run at the same time, and calls that should have kept each other out.</summary>
public abstract class TurnProbeBase : Grain, ITurnProbe
{
    private int _inTurn;
    private int _writers;
    private int _readers;
    private int _calls;
    private int _overlappingTurns;
    private int _overlappingCalls;

    public async Task Write(int awaits)
    {
        if (_writers++ > 0 || _readers > 0) _overlappingCalls++;
        await Work(awaits);
        _writers--;
    }

    public async Task Read(int awaits)
    {
        _readers++;
        if (_writers > 0) _overlappingCalls++;
        await Work(awaits);
        _readers--;
    }

    public Task Interleave(int awaits) => Work(awaits);

    public Task<ProbeReport> Report() => Task.FromResult(new ProbeReport(_calls, _overlappingTurns, _overlappingCalls));

    private async Task Work(int awaits)
    {
        _calls++;
        for (var i = 0; i < awaits; i++)
        {
            Occupy();
            if (i % 3 == 2) await Task.Run(static () => Thread.SpinWait(50));
            else await Task.Yield();
        }

        Occupy();
    }

    private void Occupy()
    {
        if (Interlocked.Exchange(ref _inTurn, 1) != 0) _overlappingTurns++;
        Thread.SpinWait(20);
        Volatile.Write(ref _inTurn, 0);
    }
}

public interface IPlainProbe : ITurnProbe;

public interface IReentrantProbe : ITurnProbe;

public sealed class PlainProbe : TurnProbeBase, IPlainProbe;

[Reentrant]
public sealed class ReentrantProbe : TurnProbeBase, IReentrantProbe;

public sealed class TurnTests : IAsyncLifetime
{
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestClusters.StartAsync(2);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public void Turns_of_a_grain_never_overlap() => Property.ForAll(Plans, 60, async plan =>
    {
        var probe = _cluster.Client.GetGrain<IPlainProbe>(Guid.NewGuid());
        var report = await RunAsync(probe, plan);
        Assert.Equal((plan.Length, 0), (report.Calls, report.OverlappingTurns));
    });

    [Fact]
    public void Turns_of_a_reentrant_grain_never_overlap_either() => Property.ForAll(Plans, 60, async plan =>
    {
        var probe = _cluster.Client.GetGrain<IReentrantProbe>(Guid.NewGuid());
        var report = await RunAsync(probe, plan);
        Assert.Equal((plan.Length, 0), (report.Calls, report.OverlappingTurns));
    });

    internal static FsCheck.Gen<(int Kind, int Awaits)[]> Plans =>
        Gen.Choose(0, 2).SelectMany(kind => Gen.Choose(0, 5).Select(awaits => (kind, awaits))).ArrayOf().Select(plan => plan.Take(60).ToArray());

    internal static async Task<ProbeReport> RunAsync(ITurnProbe probe, (int Kind, int Awaits)[] plan)
    {
        await Task.WhenAll(plan.Select(step => Task.Run(() => step.Kind switch
        {
            0 => probe.Write(step.Awaits),
            1 => probe.Interleave(step.Awaits),
            _ => probe.Read(step.Awaits),
        })));
        return await probe.Report();
    }
}
