namespace Hive.Basins;

/// <summary>How many standard deviations an outcome lies above its mean.</summary>
internal static class StandardScore
{
    private const double LeastVariance = 1e-6;

    /// <summary>Of the indicator of a way: (1 − p)/√(p(1 − p)) where it was taken, −p/√(p(1 − p)) where not.</summary>
    /// <param name="probability">The way's probability.</param>
    /// <param name="taken">Whether it was taken.</param>
    public static double OfWay(double probability, bool taken) =>
        ((taken ? 1 : 0) - probability) / Math.Sqrt(Math.Max(probability * (1 - probability), LeastVariance));
}
