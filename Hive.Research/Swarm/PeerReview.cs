using System.Collections.Immutable;
using Hive.Research;
using Hive.Statistics;

namespace Hive.Swarm;

/// <summary>
/// Review as replication. A claim's score says how large the effect is against the noise of other seeds, and whether the reviewers agree:
/// <c>score = 1 + 9 · agreement · g⁺ / (g⁺ + ½)</c> with Hedges's g. So a claim on which all agree reaches 8 from g = 1¾ on, and one on which a reviewer
/// disagrees never exceeds 7.
/// </summary>
internal static class PeerReview
{
    /// <summary>How many reviewers a claim has.</summary>
    public const int Reviewers = 3;

    private const double HalfEffect = 0.5;
    private const double LeastAgreement = 2.0 / 3;

    /// <summary>Judges a claim.</summary>
    /// <param name="direction">Which way is better.</param>
    /// <param name="reviewers">Who ran it again.</param>
    /// <param name="claim">What the claimed configuration gave each reviewer; not a number where it gave nothing.</param>
    /// <param name="incumbent">What the incumbent's configuration gave each.</param>
    public static Review Judge(Direction direction, ImmutableArray<int> reviewers, ImmutableArray<double> claim, ImmutableArray<double> incumbent)
    {
        var sign = direction == Direction.Maximize ? 1 : -1;
        var agreeing = 0;
        for (var i = 0; i < claim.Length; i++)
        {
            // A claim that fails in a reviewer's hands does not hold there; one that runs where the incumbent fails does.
            if (double.IsFinite(claim[i]) && !(sign * (claim[i] - incumbent[i]) <= 0)) agreeing++;
        }

        var agreement = (double)agreeing / claim.Length;
        var isMeasured = claim.All(double.IsFinite) && incumbent.All(double.IsFinite);
        var effect = isMeasured ? sign * EffectSize.HedgesG(claim.AsSpan(), incumbent.AsSpan()) : 0;
        var score = 1 + (9 * agreement * Share(Math.Max(0, effect)));
        return new Review(reviewers, claim, incumbent, effect, agreement, score, agreement >= LeastAgreement && (effect > 0 || !isMeasured));
    }

    private static double Share(double effect) => double.IsPositiveInfinity(effect) ? 1 : effect / (effect + HalfEffect);
}
