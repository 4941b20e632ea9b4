using Hive.Statistics;

namespace Hive.Research.Finance;

/// <summary>How good the best of many tried strategies is.</summary>
/// <param name="Sharpe">Its Sharpe ratio a year.</param>
/// <param name="ExpectedMaximum">The Sharpe ratio a year that the best of so many trials would be expected to have if none were any good.</param>
/// <param name="Probability">The deflated Sharpe ratio: the probability that it is above what luck alone would give.</param>
public readonly record struct DeflatedSharpe(double Sharpe, double ExpectedMaximum, double Probability);

/// <summary>Return over risk (Sharpe, <i>The Sharpe ratio</i>, 1994), with cash earning nothing.</summary>
internal static class SharpeRatio
{
    private const double MonthsOfYear = 12;
    private const double EulerMascheroni = 0.577_215_664_901_532_9;

    /// <summary>The Sharpe ratio a year of monthly returns: mean/deviation · √12; not finite where they do not vary.</summary>
    /// <param name="returns">Two or more monthly returns.</param>
    public static double Yearly(ReadOnlySpan<double> returns) => Monthly(returns) * Math.Sqrt(MonthsOfYear);

    /// <summary>
    /// The deflated Sharpe ratio (Bailey and López de Prado, <i>The deflated Sharpe ratio</i>, 2014): Φ((SR − SR₀)·√(T − 1)/√(1 − γ₃·SR + (γ₄ − 1)/4·SR²)), by month, with
    /// SR₀ = √V·((1 − γ)·Φ⁻¹(1 − 1/N) + γ·Φ⁻¹(1 − 1/(N·e))), V the variance of the trials' ratios and N their number.
    /// </summary>
    /// <param name="returns">Monthly returns of the best strategy, three or more.</param>
    /// <param name="trials">The Sharpe ratios a year of all strategies tried, two or more.</param>
    public static DeflatedSharpe Deflate(ReadOnlySpan<double> returns, ReadOnlySpan<double> trials)
    {
        var mean = Sample.Mean(returns);
        var (second, third, fourth) = (0.0, 0.0, 0.0);
        foreach (var value in returns)
        {
            var square = (value - mean) * (value - mean);
            (second, third, fourth) = (second + square, third + (square * (value - mean)), fourth + (square * square));
        }

        var deviation = Math.Sqrt(second / returns.Length);
        var skewness = third / returns.Length / Math.Pow(deviation, 3);
        var kurtosis = fourth / returns.Length / Math.Pow(deviation, 4);
        var ratio = Monthly(returns);
        double count = trials.Length;
        var luck = Math.Sqrt(Sample.Variance(trials) / MonthsOfYear)
            * (((1 - EulerMascheroni) * NormalDistribution.Quantile(1 - (1 / count))) + (EulerMascheroni * NormalDistribution.Quantile(1 - (1 / (count * Math.E)))));
        var error = Math.Sqrt(1 - (skewness * ratio) + ((kurtosis - 1) / 4 * ratio * ratio));
        var probability = NormalDistribution.Cdf((ratio - luck) * Math.Sqrt(returns.Length - 1) / error);
        return new DeflatedSharpe(ratio * Math.Sqrt(MonthsOfYear), luck * Math.Sqrt(MonthsOfYear), probability);
    }

    private static double Monthly(ReadOnlySpan<double> returns) => Sample.Mean(returns) / Math.Sqrt(Sample.Variance(returns));
}
