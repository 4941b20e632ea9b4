namespace Hive.Basins;

/// <summary>
/// How two choices go together (entanglement): a correlation r in (−1, 1), on the line of Fisher's z = artanh r (Fisher 1921), on which correlations have the same
/// precision everywhere. A tangent vector is dz.
/// </summary>
public sealed class AssociationFactor : BasinFactor
{
    /// <summary>Moving never makes |r| more.</summary>
    public const double Most = 0.99;

    /// <summary>An association.</summary>
    /// <param name="correlation">r, above −1 and below 1.</param>
    /// <exception cref="ArgumentException">It is out of range.</exception>
    public AssociationFactor(double correlation)
    {
        if (!(correlation is > -1 and < 1)) throw new ArgumentException($"{correlation} is no correlation above -1 and below 1", nameof(correlation));
        Correlation = correlation;
    }

    /// <summary>r, from −1 to 1.</summary>
    public double Correlation { get; }

    /// <inheritdoc/>
    public override int Dimension => 1;

    /// <inheritdoc/>
    public override double Entropy => 0.5 * Math.Log(1 - (Correlation * Correlation));

    private double Z => Math.Atanh(Correlation);

    /// <inheritdoc/>
    public override double Distance(BasinFactor to) => Math.Abs(((AssociationFactor)to).Z - Z);

    /// <inheritdoc/>
    public override void Log(BasinFactor to, Span<double> tangent) => tangent[0] = ((AssociationFactor)to).Z - Z;

    /// <inheritdoc/>
    public override BasinFactor Exp(ReadOnlySpan<double> tangent) => Bounded(Math.Tanh(Z + tangent[0]));

    /// <inheritdoc/>
    public override void Transport(BasinFactor to, Span<double> tangent)
    {
        // On a line a vector stays what it is.
    }

    /// <summary>The nearest factor within the bounds.</summary>
    internal static AssociationFactor Bounded(double correlation) => new(Math.Clamp(correlation, -Most, Most));

    internal override void Project(Span<double> tangent)
    {
        // The one coordinate is free.
    }

    internal override BasinFactor Mean(ReadOnlySpan<BasinFactor> factors, ReadOnlySpan<double> weights)
    {
        double z = 0;
        for (var i = 0; i < factors.Length; i++) z += weights[i] * ((AssociationFactor)factors[i]).Z;
        return new AssociationFactor(Math.Tanh(z));
    }

    internal override BasinFactor Rounded(int digits) => new AssociationFactor(Math.Round(Math.Clamp(Correlation, -Most, Most), digits));
}
