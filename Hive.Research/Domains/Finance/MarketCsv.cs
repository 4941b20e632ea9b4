using System.Collections.Immutable;
using System.Globalization;

namespace Hive.Research.Finance;

/// <summary>
/// Reads prices from CSV: a header <c>date,NAME,…</c>, then a line a day, <c>2024-01-31,101.5,…</c>, in the order of time. Whatever is missing, doubled, out of order or no price is
/// refused with its line and column, because a guessed price would be a made-up result.
/// </summary>
internal static class MarketCsv
{
    private const long MaxBytes = 64 << 20;
    private const int MaxAssets = 64;
    private const int MaxRows = 50_000;
    private const double MostPrice = 1e12;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is no such table; the message says in which line and column, and how to mend it.</exception>
    public static Market Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new FileNotFoundException($"there is no file {path}; give a CSV file of prices (docs/domains.md)", path);
        if (file.Length > MaxBytes) throw new FormatException($"{path} has {file.Length:N0} bytes; at most {MaxBytes:N0} are read: leave assets or years out");
        try
        {
            return Parse(File.ReadLines(path));
        }
        catch (FormatException e)
        {
            throw new FormatException($"{path}, {e.Message}", e);
        }
    }

    /// <summary>Reads lines.</summary>
    /// <param name="lines">The lines, the header first.</param>
    /// <exception cref="FormatException">They are no such table; the message says in which line and column, and how to mend it.</exception>
    public static Market Parse(IEnumerable<string> lines)
    {
        ImmutableArray<string> assets = [];
        var dates = ImmutableArray.CreateBuilder<DateOnly>();
        var prices = ImmutableArray.CreateBuilder<double[]>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (number == 1)
            {
                assets = Header(line);
                continue;
            }

            if (string.IsNullOrWhiteSpace(line)) continue;
            if (dates.Count == MaxRows) throw Wrong(number, 1, $"there are more than {MaxRows:N0} days; leave the oldest out");
            var cells = line.Split(',', StringSplitOptions.TrimEntries);
            if (cells.Length != assets.Length + 1)
            {
                throw Wrong(number, Math.Min(cells.Length, assets.Length + 1), $"this line has {cells.Length} columns and the header {assets.Length + 1}; give a date and a price for each asset");
            }

            dates.Add(Date(cells[0], number, dates));
            prices.Add([.. cells.Skip(1).Select((cell, i) => Price(cell, number, i + 2, assets[i]))]);
        }

        return number > 0 ? new Market(assets, dates.ToImmutable(), prices.ToImmutable(), IsSynthetic: false) : throw Wrong(1, 1, "the file is empty; begin with a header such as 'date,Shares,Bonds'");
    }

    private static ImmutableArray<string> Header(string line)
    {
        ImmutableArray<string> names = [.. line.TrimStart('\uFEFF').Split(',', StringSplitOptions.TrimEntries).Select(cell => cell.Trim('"'))];
        if (!names[0].Equals("date", StringComparison.OrdinalIgnoreCase)) throw Wrong(1, 1, $"the header begins with '{Shown(names[0])}'; the first column must be named 'date'");
        if (names.Length is < 3 or > MaxAssets + 1) throw Wrong(1, names.Length, $"there are {names.Length - 1} assets; 2 to {MaxAssets} are wanted");
        for (var i = 1; i < names.Length; i++)
        {
            if (names[i].Length == 0) throw Wrong(1, i + 1, "this column has no name; name the asset");
            if (names.IndexOf(names[i]) != i) throw Wrong(1, i + 1, $"the asset '{Shown(names[i])}' is there twice; rename or remove one");
        }

        return names[1..];
    }

    private static DateOnly Date(string cell, int line, ImmutableArray<DateOnly>.Builder before)
    {
        if (!DateOnly.TryParseExact(cell.Trim('"'), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            throw Wrong(line, 1, $"'{Shown(cell)}' is no date; write it as 2024-01-31");
        }

        if (before.Count > 0 && date == before[^1]) throw Wrong(line, 1, $"{date:yyyy-MM-dd} is there twice; keep one of the lines");
        return before.Count == 0 || date > before[^1] ? date : throw Wrong(line, 1, $"{date:yyyy-MM-dd} comes after {before[^1]:yyyy-MM-dd}; sort the lines by date");
    }

    private static double Price(string cell, int line, int column, string asset)
    {
        if (cell.Length == 0) throw Wrong(line, column, $"the price of '{Shown(asset)}' is missing; fill it in, or leave the day or the asset out");
        return double.TryParse(cell.Trim('"'), NumberStyles.Float, CultureInfo.InvariantCulture, out var price) && price > 0 && price <= MostPrice
            ? price
            : throw Wrong(line, column, $"'{Shown(cell)}' is no price of '{Shown(asset)}'; write a number above 0 with a decimal point");
    }

    private static string Shown(string text) => text.Length <= 40 ? text : $"{text[..40]}…";

    private static FormatException Wrong(int line, int column, string message) => new($"line {line}, column {column}: {message}");
}
