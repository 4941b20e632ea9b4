namespace Hive.Basins;

/// <summary>
/// A numeric choice over a technique's coordinate from 0 to 1: a Gaussian (μ, σ) under the Fisher metric ds² = (dμ² + 2dσ²) / σ², which is √2 times the hyperbolic half-plane
/// of (μ/√2, σ) (Costa, Santos and Strapasson, "Fisher information distance: a geometrical reading", 2015). A tangent vector is (dμ/σ, √2·dσ/σ).
/// </summary>
public sealed class GaussianFactor : BasinFactor
{
    /// <summary>Moving never makes σ less: a hundredth of the range.</summary>
    public const double LeastDeviation = 0.01;

    /// <summary>Moving never makes σ more: over the whole range that is flat.</summary>
    public const double MostDeviation = 1;

    /// <summary>The standard deviation of the even distribution on 0 to 1, √(1/12).</summary>
    public const double EvenDeviation = 0.28867513459481287;

    private static readonly double Root2 = Math.Sqrt(2);

    /// <summary>A numeric choice.</summary>
    /// <param name="mean">μ, finite; of a basin's point from 0 to 1.</param>
    /// <param name="deviation">σ, finite and above 0.</param>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public GaussianFactor(double mean, double deviation)
    {
        if (!double.IsFinite(mean)) throw new ArgumentException($"{mean} is no mean", nameof(mean));
        if (!(deviation > 0 && double.IsFinite(deviation))) throw new ArgumentException($"{deviation} is no standard deviation", nameof(deviation));
        (Center, Deviation) = (mean, deviation);
    }

    /// <summary>μ, the mean of the coordinate.</summary>
    public double Center { get; }

    /// <summary>σ, the standard deviation of the coordinate.</summary>
    public double Deviation { get; }

    /// <inheritdoc/>
    public override int Dimension => 2;

    /// <inheritdoc/>
    public override double Entropy => 0.5 * Math.Log(2 * Math.PI * Math.E * Deviation * Deviation);

    private Planar Point => new(Center / Root2, Deviation);

    /// <summary>Knowing nothing: the mean and deviation of the even distribution on 0 to 1.</summary>
    public static GaussianFactor Even() => new(0.5, EvenDeviation);

    /// <inheritdoc/>
    public override double Distance(BasinFactor to) => Root2 * HalfPlane.Distance(Point, ((GaussianFactor)to).Point);

    /// <inheritdoc/>
    public override void Log(BasinFactor to, Span<double> tangent) => (tangent[0], tangent[1]) = Root2 * HalfPlane.Log(Point, ((GaussianFactor)to).Point);

    /// <inheritdoc/>
    public override BasinFactor Exp(ReadOnlySpan<double> tangent)
    {
        const double Farthest = 40;
        var way = (1 / Root2) * new Planar(tangent[0], tangent[1]);
        if (way.Length > Farthest) way = (Farthest / way.Length) * way;
        var end = HalfPlane.Exp(Point, way);
        return Bounded(end.X * Root2, end.Y);
    }

    /// <inheritdoc/>
    public override void Transport(BasinFactor to, Span<double> tangent) =>
        (tangent[0], tangent[1]) = HalfPlane.Transport(Point, ((GaussianFactor)to).Point, new Planar(tangent[0], tangent[1]));

    /// <summary>The nearest factor within the bounds.</summary>
    internal static GaussianFactor Bounded(double center, double deviation) => new(Math.Clamp(center, 0, 1), Math.Clamp(deviation, LeastDeviation, MostDeviation));

    internal override void Project(Span<double> tangent)
    {
        // Both coordinates are free.
    }

    internal override BasinFactor Mean(ReadOnlySpan<BasinFactor> factors, ReadOnlySpan<double> weights)
    {
        var points = new Planar[factors.Length];
        for (var i = 0; i < points.Length; i++) points[i] = ((GaussianFactor)factors[i]).Point;
        var mean = HalfPlane.Mean(points, weights);
        return new GaussianFactor(mean.X * Root2, mean.Y);
    }

    internal override BasinFactor Rounded(int digits)
    {
        var bounded = Bounded(Center, Deviation);
        return new GaussianFactor(Math.Round(bounded.Center, digits), Math.Round(bounded.Deviation, digits));
    }
}
