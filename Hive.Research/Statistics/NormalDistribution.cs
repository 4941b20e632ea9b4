using MathNet.Numerics;

namespace Hive.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class NormalDistribution
{
    /// <summary>The probability of a value at most <paramref name="x"/>: Φ(x) = erfc(−x/√2)/2, which keeps its relative precision in the lower tail.</summary>
    /// <param name="x">Any number.</param>
    public static double Cdf(double x) => 0.5 * SpecialFunctions.Erfc(-x / Constants.Sqrt2);

    /// <summary>The value that is not exceeded with a probability: the inverse of <see cref="Cdf"/>.</summary>
    /// <param name="probability">From 0 (minus infinity) to 1 (infinity).</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no probability.</exception>
    public static double Quantile(double probability)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probability, 1);
        return -Constants.Sqrt2 * SpecialFunctions.ErfcInv(2 * probability);
    }
}
