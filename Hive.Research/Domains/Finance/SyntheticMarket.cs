using System.Collections.Immutable;
using System.Globalization;
using Hive.Randomness;

namespace Hive.Research.Finance;

/// <summary>
/// A made-up market with a few regularities of real ones: a common factor, volatility that comes in spells, trends that last some months, and assets of unlike risk. What works here
/// says nothing about real money.
/// </summary>
internal static class SyntheticMarket
{
    private const int Assets = 12;
    private const int Years = 24;
    private const int DaysOfMonth = 21;
    private const double DaysOfYear = 252;
    private const double TrendPersistence = 0.9;

    /// <summary>The market of a seed.</summary>
    /// <param name="seed">Any number.</param>
    public static Market Make(ulong seed)
    {
        var random = new SeededRandom(seed);
        var months = Years * 12;
        var volatility = Enumerable.Range(0, Assets).Select(i => (0.06 + (0.03 * i)) / Math.Sqrt(DaysOfYear)).ToArray();
        var beta = Enumerable.Range(0, Assets).Select(_ => 0.2 + (0.6 * random.NextDouble())).ToArray();
        var premium = Enumerable.Range(0, Assets).Select(_ => 0.1 + (0.4 * random.NextDouble())).ToArray();
        var trend = new double[Assets];
        var price = Enumerable.Repeat(100.0, Assets).ToArray();
        var dates = ImmutableArray.CreateBuilder<DateOnly>();
        var prices = ImmutableArray.CreateBuilder<double[]>();
        var spell = 0.0;
        for (var month = 0; month < months; month++)
        {
            for (var i = 0; i < Assets; i++) trend[i] = (TrendPersistence * trend[i]) + (0.16 * random.NextGaussian());
            for (var day = 0; day < DaysOfMonth; day++)
            {
                spell = (0.97 * spell) + (0.12 * random.NextGaussian());
                var storm = Math.Exp(spell);
                var common = random.NextGaussian();
                for (var i = 0; i < Assets; i++)
                {
                    var noise = (beta[i] * common) + (Math.Sqrt(1 - (beta[i] * beta[i])) * random.NextGaussian());
                    var drift = ((premium[i] / Math.Sqrt(DaysOfYear)) + (trend[i] / Math.Sqrt(DaysOfMonth) * 0.8)) * volatility[i];
                    price[i] *= Math.Exp(drift - (0.05 * (storm - 1) * volatility[i]) + (storm * volatility[i] * noise));
                }

                dates.Add(new DateOnly(2000 + (month / 12), 1 + (month % 12), 1 + day));
                prices.Add([.. price]);
            }
        }

        return new Market([.. Enumerable.Range(1, Assets).Select(i => string.Create(CultureInfo.InvariantCulture, $"synthetic-{i}"))], dates.ToImmutable(), prices.ToImmutable(), IsSynthetic: true);
    }
}
