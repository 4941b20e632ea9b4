namespace Hive.Statistics;

/// <summary>How far apart two groups of measurements lie, without a unit.</summary>
public static class EffectSize
{
    /// <summary>
    /// Hedges's g: the difference of the means over the pooled standard deviation, times 1 − 3/(4·df − 1), df = n₁ + n₂ − 2, which takes out the bias of small groups
    /// (Hedges, <i>Distribution theory for Glass's estimator of effect size and related estimators</i>, 1981).
    /// </summary>
    /// <param name="first">Two or more numbers.</param>
    /// <param name="second">Two or more numbers.</param>
    /// <returns>Positive where the first lies higher; 0 for equal means; infinite where groups without any spread differ.</returns>
    /// <exception cref="ArgumentException">A group has fewer than two.</exception>
    public static double HedgesG(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        double degrees = first.Length + second.Length - 2;
        var pooled = (((first.Length - 1) * Sample.Variance(first)) + ((second.Length - 1) * Sample.Variance(second))) / degrees;
        var difference = Sample.Mean(first) - Sample.Mean(second);
        return difference == 0 ? 0 : difference / Math.Sqrt(pooled) * (1 - (3 / ((4 * degrees) - 1)));
    }

    /// <summary>
    /// Cliff's delta: of all pairs, the share where the first is greater less the share where it is smaller (Cliff, <i>Dominance statistics</i>, 1993). It needs no
    /// assumption of a distribution, and −1 and 1 mean that the groups do not overlap.
    /// </summary>
    /// <param name="first">One or more numbers.</param>
    /// <param name="second">One or more numbers.</param>
    /// <exception cref="ArgumentException">A group is empty.</exception>
    public static double CliffsDelta(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        Sample.Require(first, 1);
        Sample.Require(second, 1);
        var dominance = 0L;
        foreach (var one in first)
        {
            foreach (var other in second) dominance += one > other ? 1 : one < other ? -1 : 0;
        }

        return dominance / ((double)first.Length * second.Length);
    }
}
