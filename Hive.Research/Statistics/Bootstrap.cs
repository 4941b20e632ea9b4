using Hive.Randomness;

namespace Hive.Statistics;

/// <summary>Intervals of confidence by drawing from a sample with replacement (Efron and Tibshirani, <i>An Introduction to the Bootstrap</i>, 1993).</summary>
public static class Bootstrap
{
    /// <summary>How many samples are drawn where nothing is said.</summary>
    public const int DefaultDraws = 4_999;

    /// <summary>
    /// The interval of a mean by the studentised bootstrap (chapter 12.5), which holds its level for samples of ten, where percentile intervals are too short.
    /// </summary>
    /// <param name="values">Two or more finite numbers.</param>
    /// <param name="random">The source of randomness.</param>
    /// <param name="confidence">The share of intervals that should hold the true mean, between 0 and 1.</param>
    /// <param name="draws">How many samples are drawn.</param>
    /// <exception cref="ArgumentException">There are fewer than two numbers, or the confidence is out of range.</exception>
    public static ConfidenceInterval Mean(ReadOnlySpan<double> values, SeededRandom random, double confidence = 0.95, int draws = DefaultDraws)
    {
        Check(values, confidence);
        var mean = Sample.Mean(values);
        var error = StandardError(values);
        if (error == 0) return new ConfidenceInterval(mean, mean, mean);
        var sample = new double[values.Length];
        var ratios = new List<double>(draws);
        for (var draw = 0; draw < draws; draw++)
        {
            Draw(values, sample, random);

            // A sample of one value drawn over and over has no standard error and says nothing of its distribution.
            if (StandardError(sample) is var its && its > 0) ratios.Add((Sample.Mean(sample) - mean) / its);
        }

        ratios.Sort();
        return new ConfidenceInterval(mean, mean - (error * Quantile(ratios, (1 + confidence) / 2)), mean - (error * Quantile(ratios, (1 - confidence) / 2)));
    }

    /// <summary>The interval of the geometric mean of ratios: that of the mean of their logarithms, taken back.</summary>
    /// <param name="ratios">Two or more finite numbers above 0.</param>
    /// <param name="random">The source of randomness.</param>
    /// <param name="confidence">The share of intervals that should hold the true value, between 0 and 1.</param>
    /// <param name="draws">How many samples are drawn.</param>
    /// <exception cref="ArgumentException">There are fewer than two ratios, one is not above 0, or the confidence is out of range.</exception>
    public static ConfidenceInterval GeometricMean(ReadOnlySpan<double> ratios, SeededRandom random, double confidence = 0.95, int draws = DefaultDraws)
    {
        var logarithms = new double[ratios.Length];
        for (var i = 0; i < ratios.Length; i++) logarithms[i] = ratios[i] > 0 ? Math.Log(ratios[i]) : throw new ArgumentException("a ratio is not above 0", nameof(ratios));
        var interval = Mean(logarithms, random, confidence, draws);
        return new ConfidenceInterval(Math.Exp(interval.Estimate), Math.Exp(interval.Low), Math.Exp(interval.High));
    }

    /// <summary>
    /// The interval of any statistic, corrected for bias and for a spread that changes with the value: BCa (Efron, <i>Better bootstrap confidence intervals</i>, 1987).
    /// For means of few numbers <see cref="Mean"/> holds its level better.
    /// </summary>
    /// <param name="values">Two or more finite numbers.</param>
    /// <param name="statistic">What is estimated; it must not keep or change the array.</param>
    /// <param name="random">The source of randomness.</param>
    /// <param name="confidence">The share of intervals that should hold the true value, between 0 and 1.</param>
    /// <param name="draws">How many samples are drawn.</param>
    /// <exception cref="ArgumentException">There are fewer than two numbers, or the confidence is out of range.</exception>
    public static ConfidenceInterval Of(ReadOnlySpan<double> values, Func<double[], double> statistic, SeededRandom random, double confidence = 0.95, int draws = DefaultDraws)
    {
        Check(values, confidence);
        var estimate = statistic(values.ToArray());
        var sample = new double[values.Length];
        var drawn = new List<double>(draws);
        for (var draw = 0; draw < draws; draw++)
        {
            Draw(values, sample, random);
            drawn.Add(statistic(sample));
        }

        drawn.Sort();
        var below = (drawn.Count(value => value < estimate) + (0.5 * drawn.Count(value => value == estimate))) / drawn.Count;
        var bias = NormalDistribution.Quantile(Math.Clamp(below, 0.5 / draws, 1 - (0.5 / draws)));
        var acceleration = Acceleration(values, statistic);
        return new ConfidenceInterval(estimate, At((1 - confidence) / 2), At((1 + confidence) / 2));

        double At(double probability)
        {
            var shifted = bias + NormalDistribution.Quantile(probability);
            return Quantile(drawn, NormalDistribution.Cdf(bias + (shifted / (1 - (acceleration * shifted)))));
        }
    }

    /// <summary>A sixth of the skewness of the jackknife's influence values.</summary>
    private static double Acceleration(ReadOnlySpan<double> values, Func<double[], double> statistic)
    {
        var without = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            double[] others = [.. values[..i], .. values[(i + 1)..]];
            without[i] = statistic(others);
        }

        var mean = Sample.Mean(without);
        var squares = without.Sum(value => Math.Pow(mean - value, 2));
        return squares == 0 ? 0 : without.Sum(value => Math.Pow(mean - value, 3)) / (6 * Math.Pow(squares, 1.5));
    }

    private static double StandardError(ReadOnlySpan<double> values)
    {
        // Numbers that are all the same may still have a variance, of rounding.
        var first = values[0];
        return values.ContainsAnyExcept(first) ? Math.Sqrt(Sample.Variance(values) / values.Length) : 0;
    }

    private static void Draw(ReadOnlySpan<double> values, Span<double> into, SeededRandom random)
    {
        for (var i = 0; i < into.Length; i++) into[i] = values[random.NextInt(values.Length)];
    }

    /// <summary>The k-th of m sorted numbers with k = probability·(m + 1), between neighbours by a straight line.</summary>
    private static double Quantile(List<double> sorted, double probability)
    {
        var place = Math.Clamp((probability * (sorted.Count + 1)) - 1, 0, sorted.Count - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    private static void Check(ReadOnlySpan<double> values, double confidence)
    {
        Sample.Require(values, 2);
        if (!(confidence > 0 && confidence < 1)) throw new ArgumentException("a confidence lies between 0 and 1", nameof(confidence));
        foreach (var value in values)
        {
            if (!double.IsFinite(value)) throw new ArgumentException("a number is not finite", nameof(values));
        }
    }
}
