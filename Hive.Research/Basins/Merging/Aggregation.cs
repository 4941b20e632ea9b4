using System.Numerics.Tensors;

namespace Hive.Basins;

/// <summary>Carries out an <see cref="AggregationRule"/> in one tangent space.</summary>
internal static class Aggregation
{
    /// <summary>The aggregate.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="rows">The vectors, at least one.</param>
    /// <param name="weights">One a vector, above 0.</param>
    /// <param name="hostile">The share that may be hostile, from 0 to below 1/2.</param>
    /// <param name="columns">The vectors' coordinates, sorted; used where a rule needs them.</param>
    public static double[] Of(AggregationRule rule, IReadOnlyList<double[]> rows, double[] weights, double hostile, SortedColumns columns) => rule switch
    {
        AggregationRule.Mean => Mean(rows, weights),
        AggregationRule.Krum => [.. rows[Selection.Krum(rows, Faults(rows.Count, hostile, 2, 3))]],
        AggregationRule.Bulyan => Bulyan(rows, Faults(rows.Count, hostile, 4, 3)),
        AggregationRule.SignMajority => SignMajority(rows, weights),
        _ => columns.Of((values, shares) => Weighted.TrimmedMeanOfSorted(values, shares, hostile)),
    };

    private static double[] Mean(IReadOnlyList<double[]> rows, double[] weights)
    {
        var mean = new double[rows[0].Length];
        for (var i = 0; i < rows.Count; i++) TensorPrimitives.MultiplyAdd(rows[i], weights[i], mean, mean);
        TensorPrimitives.Divide(mean, TensorPrimitives.Sum<double>(weights), mean);
        return mean;
    }

    private static double[] Bulyan(IReadOnlyList<double[]> rows, int faults)
    {
        var chosen = Selection.Repeated(rows, rows.Count - (2 * faults), faults);
        var columns = new SortedColumns([.. chosen.Select(i => rows[i])], [.. chosen.Select(_ => 1.0)]);
        return columns.Of((values, shares) => MeanAround(values, Weighted.MedianOfSorted(values, shares), rows.Count - (4 * faults)));
    }

    /// <summary>The mean of the numbers nearest to a centre.</summary>
    private static double MeanAround(ReadOnlySpan<double> sorted, double center, int count)
    {
        var (first, last) = (0, sorted.Length);
        while (last - first > count)
        {
            if (center - sorted[first] > sorted[last - 1] - center) first++;
            else last--;
        }

        return TensorPrimitives.Sum(sorted[first..last]) / (last - first);
    }

    private static double[] SignMajority(IReadOnlyList<double[]> rows, double[] weights)
    {
        var aggregate = new double[rows[0].Length];
        var magnitudes = new double[rows.Count];
        for (var j = 0; j < aggregate.Length; j++)
        {
            double vote = 0;
            for (var i = 0; i < rows.Count; i++)
            {
                vote += weights[i] * Math.Sign(rows[i][j]);
                magnitudes[i] = Math.Abs(rows[i][j]);
            }

            if (vote != 0) aggregate[j] = Math.Sign(vote) * Weighted.Median(magnitudes, [.. weights]);
        }

        return aggregate;
    }

    /// <summary>How many may be hostile, as far as the rule's need of n ≥ k·f + c allows.</summary>
    private static int Faults(int count, double hostile, int k, int c) => Math.Max(0, Math.Min((int)Math.Ceiling(hostile * count), (count - c) / k));
}
