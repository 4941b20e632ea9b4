using System.Collections.Immutable;

namespace Hive.Basins;

/// <summary>
/// How far a delta may lead: at most median + 3·MAD of the last <see cref="Size"/> that were accepted, and never more than the cap. While fewer than <see cref="WarmUp"/> are
/// known the cap alone holds; a MAD below a twentieth of the median counts as that, since otherwise deltas of one length would shut out every longer one. Immutable.
/// </summary>
/// <param name="Norms">The lengths of the deltas accepted last, the oldest first.</param>
public sealed record OutlierWindow(ImmutableArray<double> Norms)
{
    /// <summary>How many accepted deltas are remembered.</summary>
    public const int Size = 64;

    /// <summary>How many must be known before the median says anything.</summary>
    public const int WarmUp = 8;

    internal const double Deviations = 3;
    internal const double LeastSpread = 0.05;

    /// <summary>Nothing was accepted yet.</summary>
    public static OutlierWindow Empty { get; } = new([]);

    /// <summary>The greatest length that is not an outlier.</summary>
    /// <param name="cap">The greatest length that ever is.</param>
    public double Threshold(double cap)
    {
        if (Norms.Length < WarmUp) return cap;
        var (median, deviation) = Weighted.Spread(Norms.AsSpan(), [.. Enumerable.Repeat(1.0, Norms.Length)]);
        return Math.Min(cap, Threshold(median, deviation));
    }

    /// <summary>The window after more deltas.</summary>
    /// <param name="norms">Their lengths.</param>
    public OutlierWindow With(IEnumerable<double> norms) => new([.. Norms.Concat(norms).TakeLast(Size)]);

    internal static double Threshold(double median, double deviation) => median + (Deviations * Math.Max(deviation, LeastSpread * median));
}
