using System.Collections.Immutable;
using Hive.Research;

namespace Hive.Basins;

/// <summary>A configuration that worked, and how much it counts beside others.</summary>
/// <param name="Configuration">The configuration.</param>
/// <param name="Weight">Finite, above 0: its utility, such as a rank or a gain.</param>
public sealed record Success(Configuration Configuration, double Weight);

/// <summary>
/// The natural-gradient step towards what worked (information-geometric optimisation: Ollivier, Arnold, Auger and Hansen, 2017). In expectation parameters it is a plain
/// move towards the sample: on a categorical factor p ← p + α·(e − p), which is PBIL (Baluja 1994); on a Gaussian the same for μ and for the variance. The step is handed out
/// as the tangent vector of the geodesic to where that ends, so that it can be carried, weighed and merged.
/// </summary>
public static class BasinLearning
{
    /// <summary>The tangent vector at a point that learns from successes.</summary>
    /// <param name="point">Where to learn.</param>
    /// <param name="successes">At least one; their weights are taken as shares.</param>
    /// <param name="rate">α, above 0 and at most 1: how far towards them.</param>
    /// <exception cref="ArgumentException">A configuration is no point of the space, or a number is out of range.</exception>
    public static double[] Step(BasinPoint point, IReadOnlyList<Success> successes, double rate) => point.Log(Learnt(point, successes, rate));

    /// <summary>The point after the step.</summary>
    /// <param name="point">Where to learn.</param>
    /// <param name="successes">At least one; their weights are taken as shares.</param>
    /// <param name="rate">α, above 0 and at most 1.</param>
    /// <exception cref="ArgumentException">A configuration is no point of the space, or a number is out of range.</exception>
    public static BasinPoint Learnt(BasinPoint point, IReadOnlyList<Success> successes, double rate)
    {
        Check(point, successes, rate);
        var total = successes.Sum(success => success.Weight);
        var shares = successes.Select(success => rate * (success.Weight / total)).ToArray();
        var techniques = point.Space.Techniques.Techniques.Length;
        var factors = ImmutableArray.CreateBuilder<BasinFactor>(point.Factors.Length);
        for (var i = 0; i < techniques; i++)
        {
            factors.Add(point.Factors[i] is SimplexFactor simplex ? Learnt(simplex, i, successes, shares) : Learnt(point, (GaussianFactor)point.Factors[i], i, successes, shares));
        }

        for (var i = 0; i < point.Space.Associations.Length; i++) factors.Add(Learnt(point, i, successes, shares));
        return new BasinPoint(point.Space, factors.MoveToImmutable());
    }

    private static SimplexFactor Learnt(SimplexFactor factor, int technique, IReadOnlyList<Success> successes, double[] shares)
    {
        var probabilities = factor.Probabilities.ToArray();
        for (var i = 0; i < probabilities.Length; i++) probabilities[i] *= 1 - shares.Sum();
        for (var i = 0; i < shares.Length; i++) probabilities[(int)successes[i].Configuration[technique]] += shares[i];
        return SimplexFactor.Lifted(probabilities);
    }

    private static GaussianFactor Learnt(BasinPoint point, GaussianFactor factor, int technique, IReadOnlyList<Success> successes, double[] shares)
    {
        var (center, variance) = (factor.Center, factor.Deviation * factor.Deviation);
        for (var i = 0; i < shares.Length; i++)
        {
            var apart = point.Space.Techniques.ToCoordinate(technique, successes[i].Configuration[technique]) - factor.Center;
            center += shares[i] * apart;
            variance += shares[i] * ((apart * apart) - (factor.Deviation * factor.Deviation));
        }

        return GaussianFactor.Bounded(center, Math.Sqrt(Math.Max(variance, 0)));
    }

    /// <summary>The correlation moves towards the product of the two standard scores, which has it as its mean.</summary>
    private static AssociationFactor Learnt(BasinPoint point, int index, IReadOnlyList<Success> successes, double[] shares)
    {
        var association = point.Space.Associations[index];
        var factor = (AssociationFactor)point.Factors[point.Space.Techniques.Techniques.Length + index];
        var correlation = factor.Correlation;
        for (var i = 0; i < shares.Length; i++)
        {
            var product = Score(point, association.First, association.FirstWay, successes[i].Configuration) * Score(point, association.Second, association.SecondWay, successes[i].Configuration);
            correlation += shares[i] * (Math.Clamp(product, -1, 1) - factor.Correlation);
        }

        return AssociationFactor.Bounded(correlation);
    }

    private static double Score(BasinPoint point, int technique, int way, Configuration configuration) => point.Factors[technique] switch
    {
        SimplexFactor simplex => StandardScore.OfWay(simplex.Probabilities[way], (int)configuration[technique] == way),
        GaussianFactor gaussian => (point.Space.Techniques.ToCoordinate(technique, configuration[technique]) - gaussian.Center) / gaussian.Deviation,
        _ => 0,
    };

    private static void Check(BasinPoint point, IReadOnlyList<Success> successes, double rate)
    {
        if (!(rate is > 0 and <= 1)) throw new ArgumentException($"a rate is above 0 and at most 1, not {rate}", nameof(rate));
        if (successes.Count == 0) throw new ArgumentException("there is nothing to learn from", nameof(successes));
        foreach (var success in successes)
        {
            if (!(success.Weight > 0 && double.IsFinite(success.Weight))) throw new ArgumentException($"{success.Weight} is no weight", nameof(successes));
            if (point.Space.Techniques.Mistake(success.Configuration) is { } mistake) throw new ArgumentException(mistake, nameof(successes));
        }
    }
}
