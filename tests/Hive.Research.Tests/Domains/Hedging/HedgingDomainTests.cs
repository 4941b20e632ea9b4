using FsCheck;
using FsCheck.Fluent;
using Hive.Randomness;
using Hive.Research.Hedging;

namespace Hive.Research.Tests.Domains.Hedging;

public sealed class HedgingDomainTests
{
    private static readonly HedgingDomain Domain = new();

    [Fact]
    public void Any_point_has_a_value_that_its_seed_repeats() => Prop.ForAll<ulong>(seed =>
    {
        var point = Domain.Space.Sample(new SeededRandom(seed));
        var result = Run(point, seed);
        return result is { Failure: null } && double.IsFinite(result.Value) && result == Run(point, seed) && result.Work == Domain.Budget.Amount;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void Validation_and_test_are_other_traces() =>
        Assert.NotEqual(Run(Domain.Baseline, 1).Value, Run(Domain.Baseline, 1, DataPart.Test).Value);

    [Fact]
    public void A_twin_shortens_the_tail_and_more_can_be_found()
    {
        var none = Mean(Domain.Baseline.With(Domain.Space.IndexOf("twins"), 0));
        var baseline = Mean(Domain.Baseline);
        var tuned = Mean(Domain.Baseline.With(Domain.Space.IndexOf("cancel"), 1).With(Domain.Space.IndexOf("placement"), 2).With(Domain.Space.IndexOf("first"), 1));
        Assert.True(baseline < none, $"{baseline} against {none} without twins");
        Assert.True(tuned < 0.9 * baseline, $"{tuned} against {baseline}");
    }

    [Fact]
    public void Twins_never_make_an_attempt_slower_and_none_cost_nothing() => Prop.ForAll<ulong>(seed =>
    {
        // Which silo comes first is all that chance decides here, so both see the same.
        var options = HedgingOptions.Of(Domain.Baseline) with { Placement = TwinPlacement.Fastest };
        var trace = new LatencyTrace(500, new SeededRandom(seed));
        var (with, _) = new HedgingSimulation(trace, options, new SeededRandom(seed)).Run(500);
        var (without, extra) = new HedgingSimulation(trace, options with { Twins = 0 }, new SeededRandom(seed)).Run(500);
        return extra == 0 && with.Zip(without).All(pair => pair.First <= pair.Second);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public async Task What_is_no_point_of_the_space_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await Domain.RunAsync(new Configuration([2]), 1, DataPart.Validation, TestContext.Current.CancellationToken));

    private static double Mean(Configuration point) => Enumerable.Range(1, 4).Average(seed => Run(point, (ulong)seed).Value);

    private static ExperimentResult Run(Configuration point, ulong seed, DataPart part = DataPart.Validation) =>
        Domain.RunAsync(point, seed, part, TestContext.Current.CancellationToken).AsTask().Result;
}
