using FsCheck;
using FsCheck.Fluent;

namespace Hive.Cognition.Votes;

public class VoteMathematicsTests
{
    [Theory]
    [InlineData(0.55, 3)]
    [InlineData(0.7, 2)]
    [InlineData(0.8, 4)]
    [InlineData(0.3, 2)]
    public void What_the_formulas_promise_is_what_voting_does(double accuracy, int lead)
    {
        const int Seed = 20251109;
        const int Steps = 40_000;
        var random = new Random(Seed);
        var (right, votes) = (0, 0L);
        for (var step = 0; step < Steps; step++)
        {
            var tally = new VoteTally(lead);
            while (tally.Winner is null)
            {
                tally.Add(random.NextDouble() < accuracy ? "right" : "wrong");
            }

            right += tally.Winner == "right" ? 1 : 0;
            votes += tally.Votes;
        }

        // Four standard errors: one true formula in some ten thousand would fail, and the seed is fixed.
        var reliability = VoteMathematics.StepReliability(accuracy, lead);
        Assert.InRange((double)right / Steps, reliability - (4 * Spread(reliability)), reliability + (4 * Spread(reliability)));
        var expected = VoteMathematics.ExpectedVotes(accuracy, lead);
        Assert.InRange((double)votes / Steps, expected * 0.97, expected * 1.03);

        static double Spread(double probability) => Math.Sqrt(probability * (1 - probability) / Steps);
    }

    [Fact]
    public void Wrong_answers_that_differ_make_a_step_no_less_reliable_than_the_formula_says()
    {
        const int Steps = 40_000;
        var random = new Random(7);
        var right = 0;
        for (var step = 0; step < Steps; step++)
        {
            var tally = new VoteTally(3);
            while (tally.Winner is null)
            {
                tally.Add(random.NextDouble() < 0.6 ? "right" : $"wrong {random.Next(4)}");
            }

            right += tally.Winner == "right" ? 1 : 0;
        }

        Assert.True((double)right / Steps > VoteMathematics.StepReliability(0.6, 3));
    }

    [Fact]
    public void A_million_steps_need_a_lead_of_five_at_99_percent()
    {
        // The paper's headline: 2^20 − 1 moves of 20 disks.
        const long Steps = (1 << 20) - 1;
        Assert.Equal(5, VoteMathematics.LeadFor(0.99, Steps, 0.999));
        Assert.Equal(4, VoteMathematics.LeadFor(0.99, Steps, 0.98));
        Assert.Equal(5 / 0.98, VoteMathematics.ExpectedVotes(0.99, 5), 6);
    }

    [Fact]
    public void A_chain_is_its_steps_one_after_another() => Prop.ForAll<byte, byte, byte>((accuracy, lead, steps) =>
    {
        var p = accuracy / 255.0;
        var k = 1 + (lead % 16);
        var product = Enumerable.Repeat(VoteMathematics.StepReliability(p, k), steps).Aggregate(1.0, (all, one) => all * one);
        var chain = VoteMathematics.ChainReliability(p, k, steps);
        return Math.Abs(chain - product) <= 1e-12 && Math.Abs(1 - chain - VoteMathematics.ChainFailure(p, k, steps)) <= 1e-15;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Small_failures_keep_their_digits_over_many_steps()
    {
        // 1/99 to the tenth is 1.1e-20: a step's reliability is 1 to the last digit of a double, a billion steps fail once in 1e11 runs all the same.
        var failures = 1e9 * Math.Pow(1 / 99.0, 10);
        Assert.Equal(1, VoteMathematics.StepReliability(0.99, 10));
        Assert.Equal(failures * (1 - (failures / 2)), VoteMathematics.ChainFailure(0.99, 10, 1_000_000_000), 1e-13 * failures);
    }

    [Fact]
    public void The_lead_is_the_smallest_that_suffices() => Prop.ForAll<PositiveInt, PositiveInt, PositiveInt>((accuracy, steps, nines) =>
    {
        var p = 0.5 + (0.5 * (1 - (1.0 / (1 + accuracy.Get))));
        var reliability = 1 - Math.Pow(10, -(nines.Get % 9) - 1);
        var lead = VoteMathematics.LeadFor(p, steps.Get, reliability);
        var suffices = VoteMathematics.ChainFailure(p, lead, steps.Get) <= 1 - reliability;
        var isSmallest = lead == 1 || VoteMathematics.ChainFailure(p, lead - 1, steps.Get) > 1 - reliability;
        return isSmallest && (suffices || lead == VoteMathematics.LargestLead);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void More_steps_more_reliability_and_less_accuracy_never_ask_for_a_smaller_lead() => Prop.ForAll<PositiveInt, PositiveInt>((some, more) =>
    {
        var accuracies = Ordered(0.5 + (0.5 / (1 + some.Get)), 0.5 + (0.5 / (1 + more.Get)));
        var steps = (Few: Math.Min(some.Get, more.Get), Many: Math.Max(some.Get, more.Get));
        var reliabilities = Ordered(1 - (1.0 / (1 + some.Get)), 1 - (1.0 / (1 + more.Get)));
        return VoteMathematics.LeadFor(accuracies.Low, 1_000, 0.99) >= VoteMathematics.LeadFor(accuracies.High, 1_000, 0.99)
            && VoteMathematics.LeadFor(0.9, steps.Few, 0.99) <= VoteMathematics.LeadFor(0.9, steps.Many, 0.99)
            && VoteMathematics.LeadFor(0.9, 1_000, reliabilities.Low) <= VoteMathematics.LeadFor(0.9, 1_000, reliabilities.High);

        static (double Low, double High) Ordered(double one, double other) => (Math.Min(one, other), Math.Max(one, other));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void More_votes_are_expected_the_nearer_the_accuracy_is_to_a_half_and_never_more_than_the_square_of_the_lead()
    {
        for (var lead = 1; lead <= 64; lead++)
        {
            Assert.Equal(lead * lead, VoteMathematics.ExpectedVotes(0.5, lead), 9);
            Assert.Equal(lead * lead, VoteMathematics.ExpectedVotes(0.5 + 1e-15, lead), 9);
            Assert.Equal(lead, VoteMathematics.ExpectedVotes(1, lead), 9);
            Assert.Equal(VoteMathematics.ExpectedVotes(0.2, lead), VoteMathematics.ExpectedVotes(0.8, lead), 9);
            Assert.True(VoteMathematics.ExpectedVotes(0.6, lead) >= VoteMathematics.ExpectedVotes(0.7, lead));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public void Where_right_answers_are_no_majority_no_lead_suffices_and_the_largest_is_returned(double accuracy)
    {
        Assert.Equal(12, VoteMathematics.LeadFor(accuracy, 10, 0.9, most: 12));
        Assert.True(VoteMathematics.ChainFailure(accuracy, 12, 10) > 0.1);
    }

    [Fact]
    public void The_certain_cases_are_certain()
    {
        Assert.Equal(1, VoteMathematics.ChainReliability(1, 1, long.MaxValue));
        Assert.Equal(0, VoteMathematics.StepReliability(0, 3));
        Assert.Equal(0, VoteMathematics.ChainReliability(0, 3, 1));
        Assert.Equal(1, VoteMathematics.ChainFailure(0, 3, 1));
        Assert.Equal(1, VoteMathematics.ChainReliability(0.3, 3, 0));
    }

    [Fact]
    public void What_is_no_probability_lead_or_number_of_steps_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => VoteMathematics.StepReliability(double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VoteMathematics.StepReliability(1.01, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VoteMathematics.ExpectedVotes(0.9, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => VoteMathematics.ChainReliability(0.9, 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VoteMathematics.LeadFor(0.9, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VoteMathematics.LeadFor(0.9, 1, 0));
    }
}
