using System.Collections.Immutable;

namespace Hive.Basins;

/// <summary>
/// Brings a fork back: each factor becomes the weighted Fréchet mean of both sides, but a side that left a factor as their common ancestor had it has no say on that factor.
/// So what one side learnt is kept whole where the other learnt nothing.
/// </summary>
public static class ThreeWayMerge
{
    private const double Unchanged = 1e-9;

    /// <summary>The merged point.</summary>
    /// <param name="ancestor">Where both come from; null where nothing is known of that, and then both sides have their say on every factor.</param>
    /// <param name="ours">The one side.</param>
    /// <param name="ourWeight">Its weight, such as its experiments since the ancestor; not negative.</param>
    /// <param name="theirs">The other side.</param>
    /// <param name="theirWeight">Its weight.</param>
    public static BasinPoint Of(BasinPoint? ancestor, BasinPoint ours, double ourWeight, BasinPoint theirs, double theirWeight)
    {
        if (!(ourWeight >= 0 && theirWeight >= 0 && double.IsFinite(ourWeight + theirWeight))) throw new ArgumentException("weights are finite and not negative");
        var total = ourWeight + theirWeight;
        var share = total > 0 ? theirWeight / total : 0.5;
        var mean = BasinPoint.Mean([ours, theirs], [1 - share, share]);
        if (ancestor is null) return mean;
        var factors = ImmutableArray.CreateBuilder<BasinFactor>(ours.Factors.Length);
        for (var i = 0; i < ours.Factors.Length; i++)
        {
            var (ourChange, theirChange) = (ancestor.Factors[i].Distance(ours.Factors[i]), ancestor.Factors[i].Distance(theirs.Factors[i]));
            factors.Add(theirChange < Unchanged ? ours.Factors[i] : ourChange < Unchanged ? theirs.Factors[i] : mean.Factors[i]);
        }

        return new BasinPoint(ours.Space, factors.MoveToImmutable());
    }
}
