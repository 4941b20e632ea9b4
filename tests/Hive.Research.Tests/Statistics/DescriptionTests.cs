using FsCheck;
using FsCheck.Fluent;
using Hive.Randomness;
using Hive.Statistics;

namespace Hive.Research.Tests.Statistics;

public sealed class DescriptionTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.84134474606854293)]
    [InlineData(-1.9599639845400545, 0.025)]
    [InlineData(-8, 6.2209605742717841e-16)]
    public void The_normal_distribution_has_its_tabled_values(double x, double probability)
    {
        Assert.Equal(1, NormalDistribution.Cdf(x) / probability, 1e-9);
        Assert.Equal(x, NormalDistribution.Quantile(probability), 1e-9);
    }

    [Fact]
    public void A_quantile_is_the_inverse_of_the_distribution() => Prop.ForAll<ulong>(seed =>
    {
        var probability = new SeededRandom(seed).NextDouble();
        return Math.Abs(NormalDistribution.Cdf(NormalDistribution.Quantile(probability)) - probability) < 1e-12;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_no_probability_has_no_quantile() => Assert.Throws<ArgumentOutOfRangeException>(() => NormalDistribution.Quantile(1.5));

    [Fact]
    public void The_median_and_its_deviation_of_a_known_list()
    {
        Assert.Equal(2, Sample.Median([1, 9, 2, 6, 1, 4, 2]));
        Assert.Equal(1, Sample.MedianAbsoluteDeviation([1, 9, 2, 6, 1, 4, 2]));
        Assert.Equal(2.5, Sample.Median([4, 1, 2, 3]));
        Assert.Throws<ArgumentException>(() => Sample.Median([]));
    }

    [Fact]
    public void One_wild_number_does_not_move_the_median_beyond_its_neighbours() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        double[] values = [.. Enumerable.Range(0, 5 + random.NextInt(20)).Select(_ => random.NextGaussian())];
        var sorted = values.Order().ToArray();
        var half = values.Length / 2;
        values[random.NextInt(values.Length)] = random.NextCauchy() * 1e6;
        return Sample.Median(values) >= sorted[Math.Max(0, half - 2)] && Sample.Median(values) <= sorted[Math.Min(values.Length - 1, half + 1)];
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Effect_sizes_of_known_groups()
    {
        // Means 4 and 2, pooled variance 1, df 4: g = 2 · (1 − 3/15).
        Assert.Equal(1.6, EffectSize.HedgesG([3, 4, 5], [1, 2, 3]), 1e-12);
        Assert.Equal(8.0 / 9, EffectSize.CliffsDelta([3, 4, 5], [1, 2, 3]), 1e-12);
        Assert.Equal(0, EffectSize.HedgesG([1, 1], [1, 1]));
    }

    [Fact]
    public void Effect_sizes_change_their_sign_with_the_order_of_the_groups() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        double[] first = [.. Enumerable.Range(0, 2 + random.NextInt(8)).Select(_ => random.NextGaussian())];
        double[] second = [.. Enumerable.Range(0, 2 + random.NextInt(8)).Select(_ => random.NextGaussian() + 1)];
        return Math.Abs(EffectSize.HedgesG(first, second) + EffectSize.HedgesG(second, first)) < 1e-12
            && EffectSize.CliffsDelta(first, second) == -EffectSize.CliffsDelta(second, first)
            && Math.Abs(EffectSize.CliffsDelta(first, second)) <= 1;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_reputation_without_broken_words_has_a_closed_form()
    {
        // Beta(1 + n, 1) has the distribution xⁿ⁺¹.
        Assert.Equal(0.5, default(Reputation).Mean);
        Assert.Equal(0.05, default(Reputation).LowerBound(), 1e-9);
        Assert.Equal(Math.Pow(0.05, 1 / 11.0), new Reputation(10, 0).LowerBound(), 1e-9);
        Assert.Equal(11.0 / 12, new Reputation(10, 0).Mean, 1e-12);
    }

    [Fact]
    public void A_kept_word_raises_a_reputation_and_a_broken_one_lowers_it() => Prop.ForAll<byte, byte>((kept, broken) =>
    {
        var reputation = new Reputation(kept, broken);
        return reputation.After(true).LowerBound() > reputation.LowerBound() && reputation.After(false).LowerBound() < reputation.LowerBound()
            && reputation.LowerBound() < reputation.Mean;
    }).QuickCheckThrowOnFailure();
}
