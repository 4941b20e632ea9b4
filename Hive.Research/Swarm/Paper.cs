using System.Collections.Immutable;

namespace Hive.Swarm;

/// <summary>A claim that a result is better than the best that has been replicated, and what three others found when they tried.</summary>
/// <param name="Number">Which of the campaign's papers, from 1.</param>
/// <param name="Claim">The experiment whose result is claimed.</param>
/// <param name="Incumbent">The experiment that it is said to beat.</param>
/// <param name="Review">What the reviewers found; null while they are at it.</param>
public sealed record Paper(int Number, Experiment Claim, Experiment Incumbent, Review? Review);

/// <summary>What three reviewers found: each ran claim and incumbent with a seed of its own on the data held back.</summary>
/// <param name="Reviewers">Who they were.</param>
/// <param name="Claim">What the claimed configuration gave each of them; not a number where it gave nothing.</param>
/// <param name="Incumbent">What the incumbent's gave each of them.</param>
/// <param name="EffectSize">Hedges's g of the two groups, positive where the claim is better.</param>
/// <param name="Agreement">The share of reviewers for whom the claim was better.</param>
/// <param name="Score">1 to 10: 1 + 9 · agreement · g⁺ / (g⁺ + ½).</param>
/// <param name="IsReplicated">Whether at least two thirds agree and the mean is better.</param>
public sealed record Review(
    ImmutableArray<int> Reviewers,
    ImmutableArray<double> Claim,
    ImmutableArray<double> Incumbent,
    double EffectSize,
    double Agreement,
    double Score,
    bool IsReplicated)
{
    /// <summary>The score from which on a replicated claim is a breakthrough.</summary>
    public const double BreakthroughScore = 8;

    /// <summary>Whether the claim moves the canonical basin.</summary>
    public bool IsBreakthrough => IsReplicated && Score >= BreakthroughScore;
}
