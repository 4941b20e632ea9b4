using System.Collections.Immutable;

namespace Hive.Research.Finance;

/// <summary>Prices of assets, day by day.</summary>
/// <param name="Assets">The assets' names.</param>
/// <param name="Dates">The days, each later than the one before.</param>
/// <param name="Prices">A row a day, a price above 0 an asset.</param>
/// <param name="IsSynthetic">Whether a random generator made the prices up.</param>
internal sealed record Market(ImmutableArray<string> Assets, ImmutableArray<DateOnly> Dates, ImmutableArray<double[]> Prices, bool IsSynthetic)
{
    /// <summary>The first row of each month, in order, and the number of rows as the last.</summary>
    public ImmutableArray<int> MonthStarts { get; } =
    [
        .. Enumerable.Range(0, Dates.Length).Where(row => row == 0 || (Dates[row].Year, Dates[row].Month) != (Dates[row - 1].Year, Dates[row - 1].Month)),
        Dates.Length,
    ];
}
