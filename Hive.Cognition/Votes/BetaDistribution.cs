namespace Hive.Cognition.Votes;

/// <summary>The quantiles of Beta(a, b), by the continued fraction of the incomplete beta function (NIST Digital Library of Mathematical Functions, 8.17.22).</summary>
internal static class BetaDistribution
{
    /// <summary>The fraction takes about √(a+b) terms where it converges slowest.</summary>
    private const int MostTerms = 1_000_000;

    private const int MostSteps = 100;

    private const double Precision = 1e-14;

    /// <summary>The value below which Beta(a, b) lies with a probability.</summary>
    /// <param name="a">More than 0.</param>
    /// <param name="b">More than 0.</param>
    /// <param name="probability">More than 0, less than 1.</param>
    public static double Quantile(double a, double b, double probability)
    {
        var (low, high) = (0.0, 1.0);
        var x = a / (a + b);
        var logBeta = LogGamma(a) + LogGamma(b) - LogGamma(a + b);
        for (var step = 0; step < MostSteps && high - low > Precision; step++)
        {
            var excess = Cumulative(a, b, x, logBeta) - probability;
            (low, high) = excess > 0 ? (low, x) : (x, high);

            // Newton's step, as long as it stays between what is known to be too small and too large.
            var next = x - (excess / Math.Exp(((a - 1) * Math.Log(x)) + ((b - 1) * Math.Log(1 - x)) - logBeta));
            if (Math.Abs(next - x) <= Precision * x)
            {
                break;
            }

            x = next > low && next < high ? next : (low + high) / 2;
        }

        return x;
    }

    /// <summary>The probability that Beta(a, b) lies below x.</summary>
    /// <param name="a">More than 0.</param>
    /// <param name="b">More than 0.</param>
    /// <param name="x">0 to 1.</param>
    public static double Cumulative(double a, double b, double x) => Cumulative(a, b, x, LogGamma(a) + LogGamma(b) - LogGamma(a + b));

    private static double Cumulative(double a, double b, double x, double logBeta)
    {
        if (x is <= 0 or >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        var factor = Math.Exp((a * Math.Log(x)) + (b * Math.Log(1 - x)) - logBeta);
        return x < (a + 1) / (a + b + 2) ? factor * Fraction(a, b, x) / a : 1 - (factor * Fraction(b, a, 1 - x) / b);
    }

    /// <summary>Evaluated from the front by Lentz's method as modified by Thompson and Barnett.</summary>
    private static double Fraction(double a, double b, double x)
    {
        var c = 1.0;
        var d = 1 / Away(1 - ((a + b) * x / (a + 1)));
        var value = d;
        for (var m = 1; m < MostTerms; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Away(1 + (even * d));
            c = Away(1 + (even / c));
            value *= c * d;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Away(1 + (odd * d));
            c = Away(1 + (odd / c));
            value *= c * d;
            if (Math.Abs((c * d) - 1) < 1e-15)
            {
                break;
            }
        }

        return value;
    }

    private static double Away(double denominator) => Math.Abs(denominator) < 1e-300 ? 1e-300 : denominator;

    /// <summary>Stirling's series (DLMF 5.11.1) from 12 on, and the recurrence below.</summary>
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < 12; x++)
        {
            shift -= Math.Log(x);
        }

        var square = 1 / (x * x);
        var series = (1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square * ((1.0 / 1680) - (square / 1188)))))));
        return shift + ((x - 0.5) * Math.Log(x)) - x + (Math.Log(2 * Math.PI) / 2) + (series / x);
    }
}
