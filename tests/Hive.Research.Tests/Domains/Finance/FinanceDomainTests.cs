using FsCheck;
using FsCheck.Fluent;
using Hive.Randomness;
using Hive.Research.Finance;
using Hive.Testing;

namespace Hive.Research.Tests.Domains.Finance;

public sealed class FinanceDomainTests
{
    private static readonly FinanceDomain Domain = FinanceDomain.OfSyntheticMarket();

    [Fact]
    public void A_synthetic_market_is_labelled_everywhere()
    {
        Assert.True(Domain.IsSynthetic);
        Assert.All([Domain.Name, Domain.Metric, .. SyntheticMarket.Make(1).Assets], label => Assert.Contains("synthetic", label));
    }

    [Fact]
    public void Any_point_has_a_value_that_its_seed_repeats() => Prop.ForAll<ulong>(seed =>
    {
        var point = Domain.Space.Sample(new SeededRandom(seed));
        var result = Run(point, seed);
        return result.Equals(Run(point, seed)) && (result.Failure is not null || double.IsFinite(result.Value)) && result.Work == Domain.Budget.Amount;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void A_decision_does_not_know_the_future() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var market = SyntheticMarket.Make(3);
        var row = market.MonthStarts[60] + 4;
        var other = market with { Prices = [.. market.Prices.Select((prices, day) => day <= row ? prices : [.. prices.Select(price => price * (1 + random.NextDouble()))])] };
        var options = PortfolioOptions.Of(PortfolioOptions.Space.Sample(random));
        return new Weights(market, options).At(row, 60).SequenceEqual(new Weights(other, options).At(row, 60));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void Weights_are_shares_within_their_bounds() => Prop.ForAll<ulong>(seed =>
    {
        var options = PortfolioOptions.Of(PortfolioOptions.Space.Sample(new SeededRandom(seed)));
        var weights = new Weights(SyntheticMarket.Make(3), options).At(1300, 61);
        return weights.All(weight => weight >= 0) && weights.Sum() <= (options.TargetsVolatility ? options.MostLeverage : 1) + 1e-9;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void Trading_costs_what_it_says()
    {
        // Prices that never move: all that is left of a portfolio's return is the cost of buying it once.
        var days = Enumerable.Range(0, 900).Select(day => new DateOnly(2000, 1, 1).AddDays(day)).ToArray();
        var still = new Market(["a", "b"], [.. days], [.. days.Select(_ => new double[] { 1, 1 })], IsSynthetic: true);
        var returns = new Backtest(still, PortfolioOptions.Of(PortfolioOptions.Baseline)).Run(24, 3, 0, TestContext.Current.CancellationToken);
        Assert.Equal([-Backtest.Cost, 0, 0], returns);
    }

    [Fact]
    public void There_is_something_to_find_and_it_holds_on_data_held_back()
    {
        var trend = Domain.Baseline.With(Domain.Space.IndexOf("held-share"), 0.4).With(Domain.Space.IndexOf("momentum-months"), 6).With(Domain.Space.IndexOf("momentum-skip"), 0)
            .With(Domain.Space.IndexOf("weighting"), 1);
        foreach (var part in Enum.GetValues<DataPart>()) Assert.True(Run(trend, 1, part).Value > Run(Domain.Baseline, 1, part).Value + 0.1, $"{part}");
    }

    [Fact]
    public void Prices_of_a_file_make_a_domain_that_is_not_called_synthetic()
    {
        var folder = TemporaryDirectory.Create("hive-prices");
        try
        {
            var path = Path.Combine(folder, "prices.csv");
            var random = new SeededRandom(1);
            File.WriteAllLines(path, ["date,Shares,Bonds", .. Enumerable.Range(0, 100).Select(month => FormattableString.Invariant(
                $"{new DateOnly(2010, 1, 31).AddMonths(month):yyyy-MM-dd},{100 * Math.Exp(0.05 * random.NextGaussian())},{100 + month}"))]);
            var domain = FinanceDomain.OfPrices(path);
            Assert.False(domain.IsSynthetic);
            Assert.DoesNotContain("synthetic", domain.Metric + domain.Name);
            Assert.NotEqual(Domain.Fingerprint, domain.Fingerprint);
            File.WriteAllLines(path, ["date,a,b", "2020-01-31,1,2"]);
            Assert.Contains("1 months of prices", Assert.Throws<FormatException>(() => FinanceDomain.OfPrices(path)).Message);
            File.WriteAllLines(path, ["date,a,b", "2020-01-31,1,"]);
            Assert.Contains("prices.csv, line 2, column 3", Assert.Throws<FormatException>(() => FinanceDomain.OfPrices(path)).Message);
        }
        finally
        {
            TemporaryDirectory.Delete(folder);
        }
    }

    [Theory]
    [InlineData("", "line 1, column 1: the header begins with ''")]
    [InlineData("day,a,b", "line 1, column 1: the header begins with 'day'")]
    [InlineData("date,a", "line 1, column 2: there are 1 assets")]
    [InlineData("date,a,a", "line 1, column 3: the asset 'a' is there twice")]
    [InlineData("date,a,", "line 1, column 3: this column has no name")]
    [InlineData("date,a,b|2020-01-01,1,2|2020-01-02,1", "line 3, column 2: this line has 2 columns")]
    [InlineData("date,a,b|2020-01-01,1,2|2020-01-02,,2", "line 3, column 2: the price of 'a' is missing")]
    [InlineData("date,a,b|2020-01-01,1,NaN", "line 2, column 3: 'NaN' is no price of 'b'")]
    [InlineData("date,a,b|2020-01-01,1,-2", "line 2, column 3: '-2' is no price of 'b'")]
    [InlineData("date,a,b|2020-13-01,1,2", "line 2, column 1: '2020-13-01' is no date")]
    [InlineData("date,a,b|2020-01-02,1,2||2020-01-02,1,2", "line 4, column 1: 2020-01-02 is there twice")]
    [InlineData("date,a,b|2020-01-02,1,2|2020-01-01,1,2", "line 3, column 1: 2020-01-01 comes after 2020-01-02")]
    public void A_table_with_a_fault_is_refused_with_its_line_and_column(string lines, string reason) =>
        Assert.StartsWith(reason, Assert.Throws<FormatException>(() => MarketCsv.Parse(lines.Split('|'))).Message);

    [Fact]
    public void The_deflated_ratio_is_what_its_formula_gives()
    {
        // Returns 1 and −1 around a mean of 0.5 have no skewness and a kurtosis of 1, so the error is 1 and the ratio is tested as a normal one.
        double[] returns = [.. Enumerable.Range(0, 24).Select(i => 0.5 + (i % 2 == 0 ? 1 : -1))];
        var ratio = 0.5 / Math.Sqrt(24.0 / 23);
        var none = SharpeRatio.Deflate(returns, [1, 1, 1]);
        Assert.Equal(0, none.ExpectedMaximum);
        Assert.Equal(Hive.Statistics.NormalDistribution.Cdf(ratio * Math.Sqrt(23)), none.Probability, 1e-12);
        Assert.Equal(ratio * Math.Sqrt(12), none.Sharpe, 1e-12);

        // The best of many normal ones is expected where extreme value theory says: 2.53 deviations for 100.
        double[] trials = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 1.0 : -1)];
        Assert.Equal(2.53 * Math.Sqrt(Hive.Statistics.Sample.Variance(trials)), SharpeRatio.Deflate(returns, trials).ExpectedMaximum, 0.02);
    }

    [Fact]
    public void The_more_are_tried_the_less_the_best_is_worth()
    {
        double[] few = [0.1, 0.5, 0.9];
        double[] many = [.. Enumerable.Repeat(few, 40).SelectMany(trials => trials)];
        var one = Domain.Deflate(Domain.Baseline, 1, DataPart.Validation, few, TestContext.Current.CancellationToken);
        var other = Domain.Deflate(Domain.Baseline, 1, DataPart.Validation, many, TestContext.Current.CancellationToken);
        Assert.True(other.Probability < one.Probability && other.ExpectedMaximum > one.ExpectedMaximum);
        Assert.Equal(Run(Domain.Baseline, 1).Value, one.Sharpe, 1e-12);
    }

    private static ExperimentResult Run(Configuration point, ulong seed, DataPart part = DataPart.Validation) =>
        Domain.RunAsync(point, seed, part, TestContext.Current.CancellationToken).AsTask().Result;
}
