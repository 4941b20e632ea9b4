using System.Collections.Immutable;
using System.Numerics.Tensors;
using Hive.Research;

namespace Hive.Basins;

/// <summary>
/// What has been learnt, as a point of a product of statistical manifolds: distance² is the sum of the factors' distances². For commuting states this is the quantum Fisher
/// distance (four times Bures's metric). Immutable.
/// </summary>
public sealed class BasinPoint
{
    /// <summary>A point.</summary>
    /// <param name="space">The space.</param>
    /// <param name="factors">A factor for each technique and association, in the space's order.</param>
    /// <exception cref="ArgumentException">The factors are not those of the space.</exception>
    public BasinPoint(BasinSpace space, ImmutableArray<BasinFactor> factors)
    {
        if (factors.IsDefault || factors.Length != space.Count) throw new ArgumentException($"{space.Count} factors are wanted", nameof(factors));
        for (var i = 0; i < factors.Length; i++)
        {
            var isRight = i >= space.Techniques.Techniques.Length ? factors[i] is AssociationFactor
                : space.Techniques.Techniques[i] is CategoricalTechnique categorical ? factors[i] is SimplexFactor simplex && simplex.Dimension == categorical.Values.Length
                : factors[i] is GaussianFactor;
            if (!isRight) throw new ArgumentException($"factor {i} is not of its technique's kind", nameof(factors));
        }

        (Space, Factors) = (space, factors);
    }

    /// <summary>What the point is about.</summary>
    public BasinSpace Space { get; }

    /// <summary>What it knows of each choice.</summary>
    public ImmutableArray<BasinFactor> Factors { get; }

    /// <summary>The entropy in nats: the sum of the factors'.</summary>
    public double Entropy => Factors.Sum(factor => factor.Entropy);

    /// <summary>Knowing nothing: every way as likely, every coordinate about as likely, no associations.</summary>
    /// <param name="space">The space.</param>
    public static BasinPoint Even(BasinSpace space) => new(
        space,
        [
            .. space.Techniques.Techniques.Select(BasinFactor (technique) => technique is CategoricalTechnique categorical ? SimplexFactor.Uniform(categorical.Values.Length) : GaussianFactor.Even()),
            .. space.Associations.Select(_ => new AssociationFactor(0)),
        ]);

    /// <summary>
    /// The weighted Fréchet (Karcher) mean: the point with the least weighted sum of squared distances. Its gradient vanishes to 1e-10 or better; iterations are bounded.
    /// </summary>
    /// <param name="points">At least one, of one space.</param>
    /// <param name="weights">One a point, finite, none negative, not all 0.</param>
    /// <exception cref="ArgumentException">The points are of several spaces, or the weights no weights.</exception>
    public static BasinPoint Mean(ReadOnlySpan<BasinPoint> points, ReadOnlySpan<double> weights)
    {
        if (points.IsEmpty || points.Length != weights.Length) throw new ArgumentException("one weight a point is wanted", nameof(weights));
        foreach (var weight in weights)
        {
            if (!(weight >= 0 && double.IsFinite(weight))) throw new ArgumentException($"{weight} is no weight", nameof(weights));
        }

        var sum = TensorPrimitives.Sum(weights);
        if (sum <= 0) throw new ArgumentException("the weights are all 0", nameof(weights));
        var shares = new double[weights.Length];
        TensorPrimitives.Divide(weights, sum, shares);
        var first = points[0];
        var factors = ImmutableArray.CreateBuilder<BasinFactor>(first.Factors.Length);
        var column = new BasinFactor[points.Length];
        for (var i = 0; i < first.Factors.Length; i++)
        {
            for (var j = 0; j < points.Length; j++)
            {
                first.Same(points[j]);
                column[j] = points[j].Factors[i];
            }

            factors.Add(column[0].Mean(column, shares));
        }

        return new BasinPoint(first.Space, factors.MoveToImmutable());
    }

    /// <summary>The Fisher–Rao distance to another point of the space; a metric.</summary>
    /// <param name="to">The other point.</param>
    /// <exception cref="ArgumentException">It is of another space.</exception>
    public double Distance(BasinPoint to)
    {
        Same(to);
        double sum = 0;
        for (var i = 0; i < Factors.Length; i++)
        {
            var distance = Factors[i].Distance(to.Factors[i]);
            sum += distance * distance;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>The tangent vector here whose geodesic ends at another point: <see cref="BasinSpace.Dimension"/> coordinates, their norm the distance.</summary>
    /// <param name="to">The other point.</param>
    /// <exception cref="ArgumentException">It is of another space.</exception>
    public double[] Log(BasinPoint to)
    {
        Same(to);
        var tangent = new double[Space.Dimension];
        for (var i = 0; i < Factors.Length; i++) Factors[i].Log(to.Factors[i], tangent.AsSpan(Space.Part(i)));
        return tangent;
    }

    /// <summary>Where the geodesic of a tangent vector ends; factors stop at their floors.</summary>
    /// <param name="tangent"><see cref="BasinSpace.Dimension"/> finite coordinates.</param>
    /// <exception cref="ArgumentException">They are too many or too few, or one is not finite.</exception>
    public BasinPoint Exp(ReadOnlySpan<double> tangent)
    {
        Tangent(tangent);
        var factors = ImmutableArray.CreateBuilder<BasinFactor>(Factors.Length);
        for (var i = 0; i < Factors.Length; i++) factors.Add(Factors[i].Exp(tangent[Space.Part(i)]));
        return new BasinPoint(Space, factors.MoveToImmutable());
    }

    /// <summary>The point a share of the way along the geodesic to another.</summary>
    /// <param name="to">The other point.</param>
    /// <param name="share">From 0, here, to 1, there.</param>
    public BasinPoint Towards(BasinPoint to, double share)
    {
        var tangent = Log(to);
        TensorPrimitives.Multiply(tangent, share, tangent);
        return Exp(tangent);
    }

    /// <summary>Carries a tangent vector from here in parallel along the geodesic to another point.</summary>
    /// <param name="to">The other point.</param>
    /// <param name="tangent">The vector; receives the carried one.</param>
    public void Transport(BasinPoint to, Span<double> tangent)
    {
        Same(to);
        Tangent(tangent);
        for (var i = 0; i < Factors.Length; i++) Factors[i].Transport(to.Factors[i], tangent[Space.Part(i)]);
    }

    /// <summary>The point with numbers of the digits that a packet keeps: a point that a packet can hold exactly.</summary>
    public BasinPoint Rounded() => new(Space, [.. Factors.Select(factor => factor.Rounded(Space.Digits))]);

    /// <summary>Leaves of any coordinates what is a tangent vector here.</summary>
    internal void Project(Span<double> tangent)
    {
        for (var i = 0; i < Factors.Length; i++) Factors[i].Project(tangent[Space.Part(i)]);
    }

    private void Same(BasinPoint other)
    {
        if (!ReferenceEquals(other.Space, Space) && other.Space.Signature != Space.Signature) throw new ArgumentException("the points are of different spaces");
    }

    private void Tangent(ReadOnlySpan<double> tangent)
    {
        if (tangent.Length != Space.Dimension) throw new ArgumentException($"a tangent vector has {Space.Dimension} coordinates here, not {tangent.Length}", nameof(tangent));
        if (!TensorPrimitives.IsFiniteAll(tangent)) throw new ArgumentException("a coordinate is not finite", nameof(tangent));
    }
}
