using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Hive.Basins;
using Hive.Randomness;

namespace Hive.Research.Tests.Basins;

public sealed class MergeTests
{
    private static readonly MergeOptions Open = new() { RequireEvidence = false };
    private static readonly Dictionary<string, DeltaEvidence> NoEvidence = [];

    [Fact]
    public void The_order_of_deltas_does_not_matter_to_the_last_bit() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var crowd = new Crowd(random, 3 + random.NextInt(30));
        foreach (var rule in Enum.GetValues<AggregationRule>())
        {
            var one = crowd.Merge(crowd.Deltas, Open with { Rule = rule });
            var other = crowd.Merge([.. crowd.Deltas.Reverse()], Open with { Rule = rule });
            Assert.Equal(0, one.Point.Distance(other.Point));
            Assert.Equal(one.Accepted, other.Accepted);
            Assert.Equal(one.Window.Norms, other.Window.Norms);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Deltas_that_agree_move_the_point_where_they_say_under_every_rule()
    {
        var random = new SeededRandom(5);
        var crowd = new Crowd(random, 1);
        var tangent = RandomBasins.Tangent(crowd.Point, 0.1, random);
        var deltas = Enumerable.Range(0, 12).Select(i => crowd.Delta(i, tangent)).ToArray();
        foreach (var rule in Enum.GetValues<AggregationRule>())
        {
            Assert.True(crowd.Merge(deltas, Open with { Rule = rule }).Point.Distance(crowd.Point.Exp(deltas[0].Delta.Tangent.Span)) < 1e-3);
        }
    }

    [Fact]
    public void A_mean_of_two_is_weighed()
    {
        var random = new SeededRandom(6);
        var crowd = new Crowd(random, 1);
        var tangent = RandomBasins.Tangent(crowd.Point, 0.2, random);
        WeighedDelta[] deltas = [crowd.Delta(0, tangent) with { Capacity = 3 }, crowd.Delta(1, new double[tangent.Length])];
        var report = crowd.Merge(deltas, Open with { Rule = AggregationRule.Mean });
        Assert.Equal(0.15, crowd.Point.Distance(report.Point), 1e-3);
    }

    [Fact]
    public void Who_sends_many_has_no_more_weight_than_who_sends_one()
    {
        var random = new SeededRandom(7);
        var crowd = new Crowd(random, 1);
        var (left, right) = (RandomBasins.Tangent(crowd.Point, 0.2, random), RandomBasins.Tangent(crowd.Point, 0.2, random));
        var single = crowd.Merge([crowd.Delta(0, left), crowd.Delta(1, right)], Open with { Rule = AggregationRule.Mean });
        WeighedDelta[] flood = [crowd.Delta(0, left), .. Enumerable.Range(0, 50).Select(i => crowd.Delta(1, right, claim: $"c{i}"))];
        Assert.Equal(0, single.Point.Distance(crowd.Merge(flood, Open with { Rule = AggregationRule.Mean, RefuseOutliers = false }).Point), 1e-9);
    }

    [Fact]
    public void What_lies_too_far_out_is_refused_and_a_window_of_equal_lengths_still_lets_longer_ones_pass()
    {
        var random = new SeededRandom(8);
        var crowd = new Crowd(random, 1);
        var window = OutlierWindow.Empty.With(Enumerable.Repeat(0.1, 20));
        Assert.Equal(0.115, window.Threshold(1), 1e-12);
        Assert.Equal(0.05, window.Threshold(0.05));
        Assert.Equal(1, OutlierWindow.Empty.With(Enumerable.Repeat(0.1, OutlierWindow.WarmUp - 1)).Threshold(1));
        Assert.Equal(OutlierWindow.Size, window.With(Enumerable.Repeat(1.0, 1000)).Norms.Length);
        var report = crowd.Merge([crowd.Delta(0, RandomBasins.Tangent(crowd.Point, 0.11, random)), crowd.Delta(1, RandomBasins.Tangent(crowd.Point, 0.12, random))], Open, window);
        Assert.Equal(RefusalReason.Outlier, Assert.Single(report.Refused).Reason);
        Assert.Single(report.Accepted);
    }

    [Fact]
    public void A_delta_on_an_older_base_is_carried_and_one_on_an_unknown_base_refused()
    {
        var random = new SeededRandom(9);
        var crowd = new Crowd(random, 1);
        var elsewhere = BasinPacket.Write(RandomBasins.Point(crowd.Space, random), Crowd.Record);
        var delta = new WeighedDelta(BasinDelta.Create(Crowd.Author(1), elsewhere, crowd.Space, [], 1, RandomBasins.Tangent(elsewhere.PointIn(crowd.Space), 0.1, random)), 1, 1);
        Assert.Equal(RefusalReason.UnknownBase, Assert.Single(crowd.Merge([delta], Open).Refused).Reason);
        var bases = new Dictionary<string, BasinPoint> { [elsewhere.Address] = elsewhere.PointIn(crowd.Space), [crowd.Packet.Address] = crowd.Point };
        var report = BasinMerger.Merge(crowd.Point, bases, [delta], NoEvidence, OutlierWindow.Empty, Open);
        Assert.Single(report.Accepted);
        Assert.Equal(report.Window.Norms[0], Math.Sqrt(delta.Delta.Tangent.ToArray().Sum(x => x * x)), 1e-3);
    }

    [Fact]
    public void Without_trust_capacity_or_evidence_nothing_moves()
    {
        var random = new SeededRandom(10);
        var crowd = new Crowd(random, 1);
        var worked = crowd.Space.Techniques.Sample(random);
        var step = BasinLearning.Step(crowd.Point, [new Success(worked, 1)], 0.01);
        var delta = crowd.Delta(0, step, claim: "claim-1");
        Assert.Equal(RefusalReason.NoWeight, Assert.Single(crowd.Merge([delta with { Trust = 0 }], Open).Refused).Reason);
        Assert.Equal(RefusalReason.NoWeight, Assert.Single(crowd.Merge([delta with { Capacity = double.NaN }], Open).Refused).Reason);
        RefusalReason[] Refused(WeighedDelta sent, params DeltaEvidence[] evidence) =>
            [.. crowd.Merge([sent], new MergeOptions(), OutlierWindow.Empty, evidence.ToDictionary(review => review.Claim)).Refused.Select(refused => refused.Reason)];
        Assert.Equal([RefusalReason.NoEvidence], Refused(delta));
        Assert.Equal([RefusalReason.NoEvidence], Refused(delta, new DeltaEvidence("claim-1", worked, false)));
        Assert.Equal([RefusalReason.NoEvidence], Refused(crowd.Delta(0, [.. step.Select(x => -x)], claim: "claim-1"), new DeltaEvidence("claim-1", worked, true)));
        Assert.Empty(Refused(delta, new DeltaEvidence("claim-1", worked, true)));
    }

    [Fact]
    public void A_three_way_merge_keeps_what_one_side_alone_learnt()
    {
        var space = new BasinSpace(new TechniqueSpace([new CategoricalTechnique("a", ["x", "y"]), new CategoricalTechnique("b", ["x", "y"]), new RealTechnique("c", 0, 1)]));
        var ancestor = BasinPoint.Even(space);
        BasinPoint With(double a, double b) => new(space, [new SimplexFactor([a, 1 - a]), new SimplexFactor([b, 1 - b]), GaussianFactor.Even()]);
        var merged = ThreeWayMerge.Of(ancestor, With(0.9, 0.5), 10, With(0.5, 0.2), 1);
        Assert.Equal(0, merged.Distance(With(0.9, 0.2)), 1e-12);
        var both = ThreeWayMerge.Of(ancestor, With(0.9, 0.5), 1, With(0.7, 0.5), 1);
        Assert.Equal(both.Factors[0].Distance(With(0.9, 0.5).Factors[0]), both.Factors[0].Distance(With(0.7, 0.5).Factors[0]), 1e-9);
    }

    /// <summary>A point, its packet, and agents that send deltas at it.</summary>
    private sealed class Crowd
    {
        public static readonly BasinRecord Record = new("domain", new string('a', 64), [], 0, 0, 0, "", 0);

        public Crowd(SeededRandom random, int agents)
        {
            Space = RandomBasins.Space(random);
            Packet = BasinPacket.Write(RandomBasins.Point(Space, random), Record);
            Point = Packet.PointIn(Space);
            Deltas = [.. Enumerable.Range(0, agents).Select(agent => Delta(agent, RandomBasins.Tangent(Point, 0.3 * random.NextDouble(), random)))];
        }

        public BasinSpace Space { get; }

        public BasinPacket Packet { get; }

        public BasinPoint Point { get; }

        public ImmutableArray<WeighedDelta> Deltas { get; }

        public static string Author(int agent) => agent.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

        public WeighedDelta Delta(int agent, double[] tangent, string? claim = null) =>
            new(BasinDelta.Create(Author(agent), Packet, Space, claim is null ? [] : [claim], 10, tangent), 1, 1);

        public MergeReport Merge(IReadOnlyCollection<WeighedDelta> deltas, MergeOptions options, OutlierWindow? window = null, Dictionary<string, DeltaEvidence>? evidence = null) =>
            BasinMerger.Merge(Point, new Dictionary<string, BasinPoint> { [Packet.Address] = Point }, deltas, evidence ?? NoEvidence, window ?? OutlierWindow.Empty, options);
    }
}
