namespace Hive.Statistics;

/// <summary>What describes a list of numbers.</summary>
public static class Sample
{
    /// <summary>The factor that makes the median absolute deviation of normal numbers estimate their standard deviation: 1/Φ⁻¹(3/4).</summary>
    public const double NormalConsistency = 1.4826022185056018;

    /// <summary>The arithmetic mean.</summary>
    /// <param name="values">One or more numbers.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static double Mean(ReadOnlySpan<double> values)
    {
        Require(values, 1);
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }

    /// <summary>The unbiased variance: the squared deviations from the mean over n−1.</summary>
    /// <param name="values">Two or more numbers.</param>
    /// <exception cref="ArgumentException">There are fewer.</exception>
    public static double Variance(ReadOnlySpan<double> values)
    {
        Require(values, 2);
        var mean = Mean(values);
        var sum = 0.0;
        foreach (var value in values) sum += (value - mean) * (value - mean);
        return sum / (values.Length - 1);
    }

    /// <summary>The median: the middle number, or the mean of the two in the middle.</summary>
    /// <param name="values">One or more numbers, in any order.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static double Median(ReadOnlySpan<double> values)
    {
        Require(values, 1);
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : sorted[middle - 1] + ((sorted[middle] - sorted[middle - 1]) / 2);
    }

    /// <summary>The median absolute deviation: the median of the distances from the median, not scaled; see <see cref="NormalConsistency"/>.</summary>
    /// <param name="values">One or more numbers, in any order.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static double MedianAbsoluteDeviation(ReadOnlySpan<double> values)
    {
        var median = Median(values);
        var distances = new double[values.Length];
        for (var i = 0; i < values.Length; i++) distances[i] = Math.Abs(values[i] - median);
        return Median(distances);
    }

    internal static void Require(ReadOnlySpan<double> values, int least)
    {
        if (values.Length < least) throw new ArgumentException($"{least} or more numbers are wanted; there are {values.Length}", nameof(values));
    }
}
