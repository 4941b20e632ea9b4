using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace Hive.Basins;

/// <summary>
/// A categorical choice: probabilities under the Fisher–Rao metric. Through p ↦ √p the simplex is an orthant of the sphere of radius 2, so d(p, q) = 2·arccos Σ√(pᵢqᵢ)
/// (Rao 1945; Amari and Nagaoka, "Methods of Information Geometry", 2000). A tangent vector has a coordinate a way and is at right angles to √p.
/// </summary>
public sealed class SimplexFactor : BasinFactor
{
    /// <summary>Moving never leaves a way with less: what has never been drawn again can never be found to be better.</summary>
    public const double Floor = 1e-4;

    /// <summary>How far the probabilities' sum may be from 1.</summary>
    public const double SumTolerance = 1e-9;

    private readonly double[] _roots;

    /// <summary>A categorical choice.</summary>
    /// <param name="probabilities">At least 2, from 0 to 1, of sum 1 within <see cref="SumTolerance"/>; zeros are points of the edge, and welcome.</param>
    /// <exception cref="ArgumentException">They are no probabilities.</exception>
    public SimplexFactor(ImmutableArray<double> probabilities)
    {
        if (probabilities.IsDefault || probabilities.Length < 2) throw new ArgumentException("a categorical choice has at least 2 ways", nameof(probabilities));
        foreach (var probability in probabilities)
        {
            if (!(probability is >= 0 and <= 1 + SumTolerance)) throw new ArgumentException($"{probability} is no probability", nameof(probabilities));
        }

        var sum = TensorPrimitives.Sum(probabilities.AsSpan());
        if (Math.Abs(sum - 1) > SumTolerance) throw new ArgumentException($"the probabilities' sum is {sum:R}, not 1", nameof(probabilities));
        Probabilities = probabilities;
        _roots = new double[probabilities.Length];
        TensorPrimitives.Sqrt(probabilities.AsSpan(), _roots);
        TensorPrimitives.Divide(_roots, TensorPrimitives.Norm<double>(_roots), _roots);
    }

    /// <summary>The probability of each way.</summary>
    public ImmutableArray<double> Probabilities { get; }

    /// <inheritdoc/>
    public override int Dimension => Probabilities.Length;

    /// <inheritdoc/>
    public override double Entropy => -Probabilities.Sum(probability => probability > 0 ? probability * Math.Log(probability) : 0);

    /// <summary>Every way as likely.</summary>
    /// <param name="ways">How many, at least 2.</param>
    public static SimplexFactor Uniform(int ways) => new([.. Enumerable.Repeat(1.0 / ways, ways)]);

    /// <inheritdoc/>
    public override double Distance(BasinFactor to) => 2 * Sphere.Angle(_roots, ((SimplexFactor)to)._roots);

    /// <inheritdoc/>
    public override void Log(BasinFactor to, Span<double> tangent)
    {
        Sphere.Log(_roots, ((SimplexFactor)to)._roots, tangent);
        TensorPrimitives.Multiply(tangent, 2, tangent);
    }

    /// <inheritdoc/>
    public override BasinFactor Exp(ReadOnlySpan<double> tangent)
    {
        // On the sphere of radius 2 the orthant is nowhere wider than π.
        var scale = 0.5 * Math.Min(1, Math.PI / Math.Max(TensorPrimitives.Norm(tangent), double.Epsilon));
        var way = new double[tangent.Length];
        TensorPrimitives.Multiply(tangent, scale, way);
        var end = new double[way.Length];
        Sphere.Exp(_roots, way, end);
        for (var i = 0; i < end.Length; i++) end[i] = end[i] > 0 ? end[i] * end[i] : 0;
        return Lifted(end);
    }

    /// <inheritdoc/>
    public override void Transport(BasinFactor to, Span<double> tangent) => Sphere.Transport(_roots, ((SimplexFactor)to)._roots, tangent);

    /// <summary>The factor with weights for probabilities: brought to the sum 1, none left below <see cref="Floor"/>.</summary>
    /// <param name="weights">None negative, not all 0; changed.</param>
    internal static SimplexFactor Lifted(double[] weights)
    {
        TensorPrimitives.Divide(weights, TensorPrimitives.Sum<double>(weights), weights);
        if (TensorPrimitives.Min<double>(weights) < Floor)
        {
            // What lies above the floor pays for what is lifted to it, in proportion.
            double spare = 0;
            foreach (var weight in weights) spare += Math.Max(weight - Floor, 0);
            var share = (1 - (weights.Length * Floor)) / spare;
            for (var i = 0; i < weights.Length; i++) weights[i] = Floor + (share * Math.Max(weights[i] - Floor, 0));
        }

        return new SimplexFactor([.. weights]);
    }

    /// <summary>p^β, brought to the sum 1.</summary>
    /// <param name="beta">The inverse temperature, above 0: below 1 the choice is more even, above 1 sharper.</param>
    internal double[] Tempered(double beta)
    {
        var tempered = new double[Probabilities.Length];
        var most = TensorPrimitives.Max(Probabilities.AsSpan());
        for (var i = 0; i < tempered.Length; i++) tempered[i] = Math.Pow(Probabilities[i] / most, beta);
        TensorPrimitives.Divide(tempered, TensorPrimitives.Sum<double>(tempered), tempered);
        return tempered;
    }

    internal override void Project(Span<double> tangent) => Sphere.Project(_roots, tangent);

    internal override BasinFactor Mean(ReadOnlySpan<BasinFactor> factors, ReadOnlySpan<double> weights)
    {
        var points = new double[factors.Length][];
        for (var i = 0; i < points.Length; i++) points[i] = ((SimplexFactor)factors[i])._roots;
        var mean = Sphere.Mean(points, weights);
        TensorPrimitives.Multiply(mean, mean, mean);
        return new SimplexFactor([.. mean]);
    }

    /// <summary>Largest remainders: every way keeps at least one unit of the last digit, and the decimal numbers add up to 1 exactly.</summary>
    internal override BasinFactor Rounded(int digits)
    {
        var unit = Math.Pow(10, digits);
        var spare = unit - Dimension;
        var shares = Probabilities.Select(probability => Math.Max((probability * unit) - 1, 0)).ToArray();
        var scale = spare / shares.Sum();
        var units = shares.Select(share => 1 + Math.Floor(share * scale)).ToArray();
        var left = (int)Math.Round(unit - units.Sum());
        foreach (var i in Enumerable.Range(0, Dimension).OrderByDescending(i => (shares[i] * scale) - Math.Floor(shares[i] * scale)).ThenBy(i => i).Take(left)) units[i]++;
        return new SimplexFactor([.. units.Select(count => count / unit)]);
    }
}
