namespace Hive.Basins;

/// <summary>
/// The inverse temperature β that a basin is sampled at: agents draw from p^β. It runs with the number of experiments n behind the basin,
/// β(n) = 0.5 + 1.5·n / (n + 100): little evidence is taken at half its word, much evidence at up to twice, and β = 1 after 50 experiments.
/// </summary>
public static class Temperature
{
    /// <summary>β of a basin without experiments.</summary>
    public const double Least = 0.5;

    /// <summary>What β tends to.</summary>
    public const double Most = 2;

    private const double HalfWay = 100;

    /// <summary>β after so many experiments.</summary>
    /// <param name="experiments">How many, at least 0.</param>
    public static double Beta(long experiments) => Least + ((Most - Least) * (experiments / (experiments + HalfWay)));

    /// <summary>The β-term of a delta's weight: β as a share of the most it can be, from 0.25 to 1. Who has seen more counts more, but never more than four times.</summary>
    /// <param name="experiments">How many experiments are behind the delta, at least 0.</param>
    public static double Term(long experiments) => Beta(experiments) / Most;
}
