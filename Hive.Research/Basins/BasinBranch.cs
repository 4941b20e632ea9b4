namespace Hive.Basins;

/// <summary>A line of basins: the canonical one, or a fork that specialises.</summary>
/// <param name="Name">Its name; <see cref="Canonical"/> is the one that all start from.</param>
/// <param name="Tip">The address of its newest packet.</param>
/// <param name="Fitness">The mean gain of those who used it since its last packet and before; higher is better.</param>
/// <param name="Uses">How many did.</param>
public sealed record BasinBranch(string Name, string Tip, double Fitness, long Uses)
{
    /// <summary>The name of the canonical branch.</summary>
    public const string Canonical = "main";

    /// <summary>The most branches of a domain.</summary>
    public const int Most = 32;

    private const double Doubt = 5;

    /// <summary>Fitness with doubt for what was seldom used: fitness · uses / (uses + 5).</summary>
    public double Score => Fitness * (Uses / (Uses + Doubt));

    /// <summary>The branch after one more use.</summary>
    /// <param name="gain">What the user gained over the baseline; finite.</param>
    public BasinBranch Used(double gain) =>
        double.IsFinite(gain) ? this with { Fitness = Fitness + ((gain - Fitness) / (Uses + 1)), Uses = Math.Min(Uses + 1, BasinRecord.MaxCount) } : throw new ArgumentException("a gain is finite", nameof(gain));

    internal static bool IsName(string name) => name.Length is > 0 and <= 40 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
