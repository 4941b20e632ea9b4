using Hive.Statistics;

namespace Hive.Swarm;

/// <summary>How much better than the best a normally distributed result is expected to be: E[max(gain, 0)] (Mockus, 1974; Jones, Schonlau and Welch, 1998).</summary>
internal static class ExpectedImprovement
{
    private const double LeastDeviation = 1e-6;

    /// <summary>The logarithm of the expected improvement, finite for every finite input.</summary>
    /// <param name="gain">The expected gain over the best; negative where worse is expected.</param>
    /// <param name="deviation">The standard deviation of that gain.</param>
    public static double LogOf(double gain, double deviation)
    {
        deviation = Math.Max(deviation, LeastDeviation);
        var z = gain / deviation;

        // Far below the best, φ(z)/z² is what remains of φ(z) + z·Φ(z), whose two terms cancel.
        var unit = z > -20 ? Math.Log((Density(z) + (z * NormalDistribution.Cdf(z))) + double.Epsilon) : (-0.5 * z * z) - Math.Log(z * z * Math.Sqrt(2 * Math.PI));
        return Math.Log(deviation) + unit;
    }

    private static double Density(double z) => Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);

}
