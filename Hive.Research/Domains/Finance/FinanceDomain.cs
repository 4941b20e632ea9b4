using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Hive.Randomness;

namespace Hive.Research.Finance;

/// <summary>
/// Portfolios that are rebalanced each month: the metric is the Sharpe ratio a year after costs. Time is cut in three: the first months are history alone, agents measure on the
/// middle, reviewers on the end; and every decision sees the past only. A seed is the day of the month on which one trades, which is luck.
/// </summary>
public sealed class FinanceDomain : IResearchDomain
{
    private const string Version = "finance 1";
    private const int LeastMonths = 24;
    private const int TradingDays = 20;
    private const ulong MarketSeed = 1952;

    private readonly Market _market;
    private readonly int _months;

    private FinanceDomain(Market market)
    {
        _market = market;
        var usable = market.MonthStarts.Length - 2 - Backtest.History;
        _months = usable / 2;
        if (_months < LeastMonths)
        {
            throw new FormatException(
                $"there are {market.MonthStarts.Length - 1} months of prices; at least {Backtest.History + (2 * LeastMonths) + 1} are wanted ({Backtest.History} to look back, {LeastMonths} for validation, {LeastMonths} held back)");
        }

        Budget = new WorkBudget(_months, "rebalanced months");
        Fingerprint = FingerprintOf(market);
    }

    /// <inheritdoc/>
    public string Name => IsSynthetic ? "finance-synthetic" : "finance";

    /// <summary>Whether a random generator made the prices up, so that nothing found here says anything about real money.</summary>
    public bool IsSynthetic => _market.IsSynthetic;

    /// <inheritdoc/>
    public string Metric => IsSynthetic ? "Sharpe ratio after costs (a year, synthetic market)" : "Sharpe ratio after costs (a year)";

    /// <inheritdoc/>
    public Direction Direction => Direction.Maximize;

    /// <inheritdoc/>
    public TechniqueSpace Space => PortfolioOptions.Space;

    /// <inheritdoc/>
    public WorkBudget Budget { get; }

    /// <inheritdoc/>
    public Configuration Baseline => PortfolioOptions.Baseline;

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <summary>The domain over a made-up market; it says so in its name and metric.</summary>
    public static FinanceDomain OfSyntheticMarket() => new(SyntheticMarket.Make(MarketSeed));

    /// <summary>The domain over a user's prices: CSV with a header <c>date,NAME,…</c> and a line a day, sorted, without holes.</summary>
    /// <param name="path">The file; 2 to 64 assets, 73 months or more.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is no such table; the message says in which line and column, and how to mend it.</exception>
    public static FinanceDomain OfPrices(string path) => new(MarketCsv.Read(path));

    /// <inheritdoc/>
    public ValueTask<ExperimentResult> RunAsync(Configuration configuration, ulong seed, DataPart part, CancellationToken cancellation)
    {
        var ratio = SharpeRatio.Yearly(Returns(configuration, seed, part, cancellation));
        return ValueTask.FromResult(double.IsFinite(ratio)
            ? new ExperimentResult(ratio, Budget.Amount)
            : ExperimentResult.Failed(Budget.Amount, "the portfolio's return never changes, so it has no Sharpe ratio"));
    }

    /// <summary>How much of the best strategy's Sharpe ratio is left once it counts that many were tried.</summary>
    /// <param name="best">The best strategy.</param>
    /// <param name="seed">The seed of its experiment.</param>
    /// <param name="part">The data that measure it.</param>
    /// <param name="trials">The Sharpe ratios of all that were tried, two or more.</param>
    /// <param name="cancellation">Stops at once.</param>
    /// <exception cref="ArgumentException">The configuration is no point of the space, or there are fewer than two trials.</exception>
    public DeflatedSharpe Deflate(Configuration best, ulong seed, DataPart part, IReadOnlyList<double> trials, CancellationToken cancellation) =>
        SharpeRatio.Deflate(Returns(best, seed, part, cancellation), [.. trials]);

    private double[] Returns(Configuration configuration, ulong seed, DataPart part, CancellationToken cancellation)
    {
        if (Space.Mistake(configuration) is { } mistake) throw new ArgumentException(mistake, nameof(configuration));
        var first = part == DataPart.Validation ? Backtest.History : Backtest.History + _months;
        return new Backtest(_market, PortfolioOptions.Of(configuration)).Run(first, _months, new SeededRandom(seed).NextInt(TradingDays), cancellation);
    }

    private static string FingerprintOf(Market market)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version}, cost {Backtest.Cost}, synthetic {market.IsSynthetic}: {string.Join(',', market.Assets)}")));
        for (var row = 0; row < market.Dates.Length; row++)
        {
            hash.AppendData(BitConverter.GetBytes(market.Dates[row].DayNumber));
            hash.AppendData(MemoryMarshal.AsBytes<double>(market.Prices[row]));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
