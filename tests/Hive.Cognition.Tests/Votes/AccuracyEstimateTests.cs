using FsCheck;
using FsCheck.Fluent;

namespace Hive.Cognition.Votes;

public class AccuracyEstimateTests
{
    [Fact]
    public void The_quantiles_are_those_that_closed_forms_give()
    {
        foreach (var probability in new[] { 0.001, 0.05, 0.5, 0.95, 0.999 })
        {
            foreach (var n in new[] { 0.5, 1, 7.5, 300, 1e6 })
            {
                Assert.Equal(Math.Pow(probability, 1 / n), BetaDistribution.Quantile(n, 1, probability), 1e-11);
                Assert.Equal(1 - Math.Pow(1 - probability, 1 / n), BetaDistribution.Quantile(1, n, probability), 1e-11);
            }

            Assert.Equal(Math.Pow(Math.Sin(Math.PI * probability / 2), 2), BetaDistribution.Quantile(0.5, 0.5, probability), 1e-11);
        }
    }

    [Fact]
    public void A_quantile_is_where_the_distribution_reaches_its_probability() => Prop.ForAll<PositiveInt, PositiveInt, byte>((a, b, percent) =>
    {
        var probability = (percent + 0.5) / 256;
        var x = BetaDistribution.Quantile(a.Get - 0.5, b.Get - 0.5, probability);
        return x is > 0 and < 1 && Math.Abs(BetaDistribution.Cumulative(a.Get - 0.5, b.Get - 0.5, x) - probability) < 1e-9;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0.7, 60)]
    [InlineData(0.9, 200)]
    [InlineData(0.99, 2_000)]
    public void The_accuracy_lies_below_the_bound_in_about_one_case_of_twenty(double accuracy, int votes)
    {
        const int Cases = 4_000;
        var random = new Random(5);
        var above = 0;
        for (var i = 0; i < Cases; i++)
        {
            var agreeing = 0;
            for (var vote = 0; vote < votes; vote++)
            {
                agreeing += random.NextDouble() < accuracy ? 1 : 0;
            }

            var estimate = new AccuracyEstimate(0.5);
            estimate.Add(agreeing, votes);
            above += estimate.LowerBound > accuracy ? 1 : 0;
        }

        // Votes are whole numbers, so the share is not 5 % to the point.
        Assert.InRange((double)above / Cases, 0.02, 0.075);
    }

    [Fact]
    public void What_is_assumed_counts_until_enough_was_measured()
    {
        var estimate = new AccuracyEstimate(0.99);
        Assert.Equal(0.99, estimate.Cautious);
        estimate.Add(15, AccuracyEstimate.EnoughVotes - 1);
        Assert.Equal(0.99, estimate.Cautious);
        estimate.Add(1, 1);
        Assert.Equal(estimate.LowerBound, estimate.Cautious);
        Assert.InRange(estimate.Cautious, 0.3, 0.5);
    }

    [Fact]
    public void The_lead_is_what_the_reliability_asks_for_at_the_bound_and_never_less() => Prop.ForAll<byte[]>(steps =>
    {
        var estimate = new AccuracyEstimate(0.999);
        foreach (var step in steps ?? [])
        {
            var votes = 1 + (step % 16);
            estimate.Add(Math.Max(0, votes - (step >> 4)), votes);

            // The bound that is kept between two computations is never above the one computed afresh.
            var afresh = new AccuracyEstimate(0.999);
            afresh.Add((int)estimate.Agreeing, (int)estimate.Votes);
            if (estimate.LowerBound > afresh.LowerBound + 1e-9
                || (estimate.Votes >= AccuracyEstimate.EnoughVotes && estimate.LeadFor(1_000, 0.99) < VoteMathematics.LeadFor(afresh.LowerBound, 1_000, 0.99)))
            {
                return false;
            }
        }

        return estimate.LowerBound <= estimate.Mean;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Further_votes_can_be_supposed_without_being_counted()
    {
        var estimate = new AccuracyEstimate(0.9);
        estimate.Add(80, 100);
        var supposed = estimate.With(10, 50);
        Assert.Equal((90, 150), (supposed.Agreeing, supposed.Votes));
        Assert.Equal((80, 100), (estimate.Agreeing, estimate.Votes));
        Assert.True(supposed.LowerBound < estimate.LowerBound);
    }

    [Fact]
    public void The_share_of_agreeing_votes_is_the_accuracy_however_early_steps_end()
    {
        var random = new Random(11);
        var estimate = new AccuracyEstimate(0.5);
        for (var step = 0; step < 20_000; step++)
        {
            var tally = new VoteTally(4);
            while (tally.Winner is null)
            {
                tally.Add(random.NextDouble() < 0.9 ? "right" : $"wrong {random.Next(3)}");
            }

            estimate.Add(tally.Counts[tally.Winner], tally.Votes);
        }

        Assert.InRange(estimate.Mean, 0.895, 0.905);
        Assert.InRange(estimate.LowerBound, 0.89, estimate.Mean);
    }

    [Fact]
    public void What_is_no_count_or_no_probability_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AccuracyEstimate(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AccuracyEstimate(0.9).Add(-1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AccuracyEstimate(0.9).Add(4, 3));
    }
}
