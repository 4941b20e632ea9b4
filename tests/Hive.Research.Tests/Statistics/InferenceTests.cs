using FsCheck;
using FsCheck.Fluent;
using Hive.Randomness;
using Hive.Statistics;

namespace Hive.Research.Tests.Statistics;

public sealed class InferenceTests
{
    [Fact]
    public void Groups_that_do_not_overlap_have_the_least_p_there_is()
    {
        // Of the 252 ways to choose five of ten, one is as extreme to one side and two to both.
        double[] high = [6, 7, 8, 9, 10];
        double[] low = [1, 2, 3, 4, 5];
        Assert.Equal(1.0 / 252, PermutationTest.Independent(high, low, Alternative.Greater, new SeededRandom(1)), 1e-12);
        Assert.Equal(2.0 / 252, PermutationTest.Independent(high, low, Alternative.TwoSided, new SeededRandom(1)), 1e-12);
        Assert.Equal(1, PermutationTest.Independent(high, low, Alternative.Less, new SeededRandom(1)), 1e-12);
    }

    [Fact]
    public void Ten_pairs_that_agree_have_a_p_of_one_in_1024()
    {
        double[] differences = [0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.7];
        Assert.Equal(1.0 / 1024, PermutationTest.Paired(differences, Alternative.Greater, new SeededRandom(1)), 1e-12);
        Assert.Equal(2.0 / 1024, PermutationTest.Paired(differences, Alternative.TwoSided, new SeededRandom(1)), 1e-12);
    }

    [Fact]
    public void Where_nothing_differs_every_relabelling_is_as_extreme()
    {
        Assert.Equal(1, PermutationTest.Paired([0, 0, 0], Alternative.TwoSided, new SeededRandom(1)));
        Assert.Equal(1, PermutationTest.Independent([0.1, 0.1], [0.1, 0.1, 0.1], Alternative.Greater, new SeededRandom(1)));
    }

    [Fact]
    public void Drawn_sign_flips_agree_with_all_of_them()
    {
        // Zeros have no sign: with twelve of them there are too many flips to count, and p stays what it was.
        var random = new SeededRandom(3);
        double[] differences = [.. Numbers(random, 8).Select(value => value + 0.5)];
        var exact = PermutationTest.Paired(differences, Alternative.Greater, random);
        Assert.Equal(exact, PermutationTest.Paired([.. differences, .. new double[12]], Alternative.Greater, random, 40_000), 0.01);
    }

    [Fact]
    public void Drawn_groups_agree_with_the_exact_test_of_a_table()
    {
        // 40 zeros and ones a group, 26 ones against 20: the hypergeometric tail P(X >= 26), N = 80, K = 46, n = 40.
        double[] first = [.. Enumerable.Repeat(1.0, 26), .. new double[14]];
        double[] second = [.. Enumerable.Repeat(1.0, 20), .. new double[20]];
        var tail = Enumerable.Range(26, 15).Sum(x => Math.Exp(LogChoose(46, x) + LogChoose(34, 40 - x) - LogChoose(80, 40)));
        Assert.Equal(tail, PermutationTest.Independent(first, second, Alternative.Greater, new SeededRandom(2), 40_000), 0.01);
    }

    [Fact]
    public void A_test_rejects_no_more_often_than_its_level_where_nothing_differs()
    {
        var random = new SeededRandom(5);
        const int Trials = 2_000;
        var (independent, paired, drawn) = (0, 0, 0);
        for (var trial = 0; trial < Trials; trial++)
        {
            var first = Numbers(random, 5);
            var second = Numbers(random, 5);
            if (PermutationTest.Independent(first, second, Alternative.TwoSided, random) <= 0.05) independent++;
            if (PermutationTest.Paired(Numbers(random, 8), Alternative.TwoSided, random) <= 0.05) paired++;
            if (PermutationTest.Paired(Numbers(random, 20), Alternative.Less, random, 99) <= 0.05) drawn++;
        }

        // Four standard errors of a share of 0.05 over the trials.
        var most = (0.05 + (4 * Math.Sqrt(0.05 * 0.95 / Trials))) * Trials;
        Assert.All([independent, paired, drawn], rejected => Assert.InRange(rejected, 1, most));
    }

    [Fact]
    public void A_p_value_does_not_change_with_the_unit() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var (first, second) = (Numbers(random, 4), Numbers(random, 5));
        double[] Scaled(double[] values) => [.. values.Select(value => (value * 1e6) + 3)];
        return PermutationTest.Independent(first, second, Alternative.TwoSided, random)
            == PermutationTest.Independent(Scaled(first), Scaled(second), Alternative.TwoSided, random);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_interval_of_ten_numbers_holds_the_true_mean_as_often_as_it_says()
    {
        var random = new SeededRandom(7);
        const int Trials = 600;
        var (normal, skewed) = (0, 0);
        for (var trial = 0; trial < Trials; trial++)
        {
            if (Holds(Bootstrap.Mean(Numbers(random, 10), random, draws: 499), 0)) normal++;
            double[] ratios = [.. Numbers(random, 10).Select(value => 2 * Math.Exp(value))];
            if (Holds(Bootstrap.GeometricMean(ratios, random, draws: 499), 2)) skewed++;
        }

        Assert.All([normal, skewed], covered => Assert.InRange(covered / (double)Trials, 0.92, 0.98));
    }

    [Fact]
    public void A_corrected_interval_of_a_median_holds_the_true_one_about_as_often_as_it_says()
    {
        var random = new SeededRandom(11);
        const int Trials = 300;
        var covered = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            if (Holds(Bootstrap.Of(Numbers(random, 40), values => Sample.Median(values), random, draws: 299), 0)) covered++;
        }

        Assert.InRange(covered / (double)Trials, 0.90, 0.98);
    }

    [Fact]
    public void An_interval_holds_its_estimate_and_repeats_with_its_seed() => Prop.ForAll<ulong>(seed =>
    {
        var values = Numbers(new SeededRandom(seed), 6);
        var interval = Bootstrap.Mean(values, new SeededRandom(seed), draws: 199);
        return interval.Low <= interval.Estimate && interval.Estimate <= interval.High && interval == Bootstrap.Mean(values, new SeededRandom(seed), draws: 199);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Numbers_that_are_all_the_same_leave_no_doubt() =>
        Assert.Equal(new ConfidenceInterval(0.125, 0.125, 0.125), Bootstrap.Mean([0.125, 0.125, 0.125], new SeededRandom(1)));

    [Theory]
    [InlineData(new double[] { 1 }, 0.95)]
    [InlineData(new[] { 1, double.NaN }, 0.95)]
    [InlineData(new double[] { 1, 2 }, 1)]
    public void What_has_no_interval_is_refused(double[] values, double confidence) =>
        Assert.Throws<ArgumentException>(() => Bootstrap.Mean(values, new SeededRandom(1), confidence));

    [Fact]
    public void A_ratio_that_is_not_above_0_has_no_logarithm() =>
        Assert.Contains("not above 0", Assert.Throws<ArgumentException>(() => Bootstrap.GeometricMean([1, 0], new SeededRandom(1))).Message);

    private static double LogChoose(int of, int size) => MathNet.Numerics.SpecialFunctions.BinomialLn(of, size);

    private static bool Holds(ConfidenceInterval interval, double value) => interval.Low <= value && value <= interval.High;

    private static double[] Numbers(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];
}
