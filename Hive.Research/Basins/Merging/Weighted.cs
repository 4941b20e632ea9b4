namespace Hive.Basins;

/// <summary>Order statistics of weighted numbers. A number of twice the weight counts as two: who splits a delta into many gains nothing.</summary>
internal static class Weighted
{
    /// <summary>The weighted median: half of the weight lies on either side; where a gap does, its middle.</summary>
    /// <param name="values">The numbers; put in order.</param>
    /// <param name="weights">Their weights, none negative, of a sum above 0; put in the same order.</param>
    public static double Median(Span<double> values, Span<double> weights)
    {
        values.Sort(weights);
        return MedianOfSorted(values, weights);
    }

    /// <summary>The weighted median of numbers in order.</summary>
    public static double MedianOfSorted(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double total = 0;
        foreach (var weight in weights) total += weight;
        var (half, below) = (total / 2, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            below += weights[i];
            if (below > half) return values[i];
            if (below == half && i + 1 < values.Length) return (values[i] + values[i + 1]) / 2;
        }

        return values[^1];
    }

    /// <summary>The mean of what is left when a share of the weight is cut from either end; the number at a cut counts in part.</summary>
    /// <param name="values">The numbers, in order.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="share">From 0 to below 1/2.</param>
    public static double TrimmedMeanOfSorted(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, double share)
    {
        double total = 0;
        foreach (var weight in weights) total += weight;
        var (least, most) = (share * total, (1 - share) * total);
        double below = 0, sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var above = below + weights[i];
            sum += values[i] * Math.Max(Math.Min(above, most) - Math.Max(below, least), 0);
            below = above;
        }

        return sum / (most - least);
    }

    /// <summary>The median and the median absolute deviation from it.</summary>
    public static (double Median, double Deviation) Spread(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        var (sorted, order) = (values.ToArray(), weights.ToArray());
        var median = Median(sorted, order);
        for (var i = 0; i < sorted.Length; i++) sorted[i] = Math.Abs(sorted[i] - median);
        return (median, Median(sorted, order));
    }
}
