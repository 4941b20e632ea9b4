using System.Collections.Immutable;
using Hive.Randomness;
using Hive.Statistics;

namespace Hive.Swarm;

/// <summary>
/// One seed of a measurement of two ways to research: the level is the best that the slower way ever reached, and what counts is after how many experiments each was there. A
/// way that never was counts as one experiment more than it made: at least as many as it would have needed.
/// </summary>
/// <param name="Seed">The seed of both.</param>
/// <param name="Level">The best value of the reference.</param>
/// <param name="ReferenceAt">After how many experiments the reference reached it.</param>
/// <param name="At">After how many experiments the other way did, or one more than it made.</param>
/// <param name="IsCensored">Whether the other way never reached it.</param>
/// <param name="Final">The other way's best value.</param>
/// <param name="ChecksUntilThen">How many runs of review the other way had asked for until then.</param>
public sealed record RaceRow(ulong Seed, double Level, int ReferenceAt, int At, bool IsCensored, double Final, int ChecksUntilThen)
{
    /// <summary>Compares two campaigns that have ended.</summary>
    /// <param name="seed">Their seed.</param>
    /// <param name="reference">The one that sets the level.</param>
    /// <param name="other">The one that is to reach it.</param>
    public static RaceRow Of(ulong seed, Campaign reference, Campaign other)
    {
        var level = Values(reference).Aggregate((best, value) => reference.IsBetter(value, best) || double.IsNaN(best) ? value : best);
        var referenceAt = After(reference, level) ?? throw new ArgumentException("no experiment of the reference gave a value", nameof(reference));
        var at = After(other, level);
        var final = Values(other).Aggregate((best, value) => other.IsBetter(value, best) || double.IsNaN(best) ? value : best);
        var until = at ?? other.Experiments.Count;
        var checks = other.Papers.Where(paper => paper.Claim.Number < until).Sum(_ => 2 * PeerReview.Reviewers) + other.Experiments.Take(until).Count(experiment => experiment.WasAudited);
        return new RaceRow(seed, level, referenceAt, at ?? other.Experiments.Count + 1, at is null, final, checks);
    }

    private static IEnumerable<double> Values(Campaign campaign) => campaign.Experiments.Where(experiment => !experiment.IsSimulatedLie).Select(experiment => experiment.Value);

    private static int? After(Campaign campaign, double level)
    {
        var at = campaign.Experiments.Select((experiment, i) => (experiment, i)).FirstOrDefault(pair => !pair.experiment.IsSimulatedLie && !(campaign.IsBetter(level, pair.experiment.Value) || double.IsNaN(pair.experiment.Value)), (null!, -1)).i;
        return at < 0 ? null : at + 1;
    }
}

/// <summary>What a race over several seeds came to.</summary>
/// <param name="Rows">The seeds.</param>
/// <param name="Ratio">The geometric mean of experiments needed over those the reference needed, with its 95 % interval (studentised bootstrap of the logarithms).</param>
/// <param name="RatioWithChecks">The same with runs of review counted as experiments.</param>
/// <param name="ShareOfAll">The geometric mean of experiments needed over all that the reference made.</param>
/// <param name="PValue">Of the ratio being 1 or more: all signs of the logarithms flipped, one-sided.</param>
/// <param name="PValueOfGoal">Of the ratio being at least the goal, likewise.</param>
/// <param name="Goal">The ratio that is hoped for.</param>
public sealed record Race(
    ImmutableArray<RaceRow> Rows,
    ConfidenceInterval Ratio,
    ConfidenceInterval RatioWithChecks,
    ConfidenceInterval ShareOfAll,
    double PValue,
    double PValueOfGoal,
    double Goal)
{
    /// <summary>Sums a race up.</summary>
    /// <param name="rows">Two or more seeds.</param>
    /// <param name="experiments">How many experiments the reference made.</param>
    /// <param name="goal">The ratio that is hoped for.</param>
    public static Race Of(ImmutableArray<RaceRow> rows, int experiments, double goal)
    {
        double[] ratios = [.. rows.Select(row => row.At / (double)row.ReferenceAt)];
        double[] logarithms = [.. ratios.Select(ratio => Math.Log(ratio))];
        return new Race(
            rows,
            Bootstrap.GeometricMean(ratios, new SeededRandom(1)),
            Bootstrap.GeometricMean([.. rows.Select(row => (row.At + row.ChecksUntilThen) / (double)row.ReferenceAt)], new SeededRandom(1)),
            Bootstrap.GeometricMean([.. rows.Select(row => row.At / (double)experiments)], new SeededRandom(1)),
            PermutationTest.Paired(logarithms, Alternative.Less, new SeededRandom(1)),
            PermutationTest.Paired([.. logarithms.Select(logarithm => logarithm - Math.Log(goal))], Alternative.Less, new SeededRandom(1)),
            goal);
    }
}
