namespace Hive.Basins;

/// <summary>
/// What a basin knows of one choice: a point of a statistical manifold under the Fisher metric. Tangent vectors are coordinates in a frame in which the metric is the identity,
/// so a tangent's Euclidean norm is the distance it leads along.
/// </summary>
public abstract class BasinFactor
{
    /// <summary>How many coordinates a tangent vector has here.</summary>
    public abstract int Dimension { get; }

    /// <summary>The entropy in nats: Shannon's for a categorical choice, differential for a numeric one; for an association what it takes from the sum of the two (at most 0).</summary>
    public abstract double Entropy { get; }

    /// <summary>The Fisher–Rao distance to another factor of the same kind and size; a metric.</summary>
    /// <param name="to">The other factor.</param>
    public abstract double Distance(BasinFactor to);

    /// <summary>The tangent vector here whose geodesic ends at another factor: its norm is their distance.</summary>
    /// <param name="to">The other factor.</param>
    /// <param name="tangent">Receives <see cref="Dimension"/> coordinates.</param>
    public abstract void Log(BasinFactor to, Span<double> tangent);

    /// <summary>Where the geodesic of a tangent vector ends; the inverse of <see cref="Log"/>. One that would leave the manifold, or its documented floors, ends at the edge.</summary>
    /// <param name="tangent"><see cref="Dimension"/> finite coordinates.</param>
    public abstract BasinFactor Exp(ReadOnlySpan<double> tangent);

    /// <summary>Carries a tangent vector from here in parallel along the geodesic to another factor; its norm stays.</summary>
    /// <param name="to">The other factor.</param>
    /// <param name="tangent">The vector; receives the carried one.</param>
    public abstract void Transport(BasinFactor to, Span<double> tangent);

    /// <summary>Leaves of any coordinates what is a tangent vector here.</summary>
    internal abstract void Project(Span<double> tangent);

    /// <summary>The weighted Fréchet mean of factors of this kind and size.</summary>
    /// <param name="factors">The factors.</param>
    /// <param name="weights">One a factor, none negative, of sum 1.</param>
    internal abstract BasinFactor Mean(ReadOnlySpan<BasinFactor> factors, ReadOnlySpan<double> weights);

    /// <summary>The factor with numbers of so many decimal digits, as a packet holds it.</summary>
    internal abstract BasinFactor Rounded(int digits);
}
