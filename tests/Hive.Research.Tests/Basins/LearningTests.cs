using FsCheck;
using FsCheck.Fluent;
using Hive.Basins;
using Hive.Randomness;

namespace Hive.Research.Tests.Basins;

public sealed class LearningTests
{
    private static readonly BasinSpace Small = new(
        new TechniqueSpace([new CategoricalTechnique("init", ["normal", "xavier", "kaiming"]), new LogRealTechnique("rate", 1e-4, 1), new RealTechnique("momentum", 0, 1)]),
        [new Association(0, 2, 1, -1), new Association(1, -1, 2, -1)]);

    [Fact]
    public void On_a_categorical_factor_learning_is_pbil()
    {
        var learnt = BasinLearning.Learnt(BasinPoint.Even(Small), [new Success(new Configuration([2, 0.01, 0.5]), 3)], 0.3);
        Assert.Equal([0.7 / 3, 0.7 / 3, (0.7 / 3) + 0.3], ((SimplexFactor)learnt.Factors[0]).Probabilities.Select(p => Math.Round(p, 15)), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void The_step_leads_along_the_geodesic_to_what_was_learnt_and_nearer_to_what_worked() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var space = RandomBasins.Space(random);
        var at = RandomBasins.Point(space, random);
        var worked = space.Techniques.Sample(random);
        Success[] successes = [new Success(worked, 1)];
        var step = BasinLearning.Step(at, successes, 0.1);
        var learnt = BasinLearning.Learnt(at, successes, 0.1);
        Assert.True(at.Exp(step).Distance(learnt) < 1e-7);
        for (var i = 0; i < space.Techniques.Techniques.Length; i++)
        {
            if (at.Factors[i] is not SimplexFactor before) continue;
            Assert.True(((SimplexFactor)learnt.Factors[i]).Probabilities[(int)worked[i]] >= before.Probabilities[(int)worked[i]] - 1e-9);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Learning_again_and_again_from_one_success_finds_it()
    {
        var point = BasinPoint.Even(Small);
        var worked = new Configuration([1, 0.01, 0.25]);
        for (var i = 0; i < 200; i++) point = point.Exp(BasinLearning.Step(point, [new Success(worked, 1)], 0.1));
        Assert.True(((SimplexFactor)point.Factors[0]).Probabilities[1] > 0.99);
        Assert.Equal(Small.Techniques.ToCoordinate(1, 0.01), ((GaussianFactor)point.Factors[1]).Center, 1e-3);
        Assert.Equal(GaussianFactor.LeastDeviation, ((GaussianFactor)point.Factors[1]).Deviation, 1e-3);
    }

    [Fact]
    public void What_is_no_success_is_refused()
    {
        var even = BasinPoint.Even(Small);
        Assert.Throws<ArgumentException>(() => BasinLearning.Step(even, [], 0.1));
        Assert.Throws<ArgumentException>(() => BasinLearning.Step(even, [new Success(new Configuration([3, 0.1, 0.5]), 1)], 0.1));
        Assert.Throws<ArgumentException>(() => BasinLearning.Step(even, [new Success(new Configuration([0, 0.1, 0.5]), double.NaN)], 0.1));
        Assert.Throws<ArgumentException>(() => BasinLearning.Step(even, [new Success(new Configuration([0, 0.1, 0.5]), 1)], 0));
    }

    [Fact]
    public void Samples_are_points_of_the_space_and_a_seed_draws_the_same() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var space = RandomBasins.Space(random);
        var sampler = new BasinSampler(RandomBasins.Point(space, random), 0.5 + random.NextDouble());
        var (one, other) = (new SeededRandom(seed), new SeededRandom(seed));
        for (var i = 0; i < 20; i++)
        {
            var drawn = sampler.Sample(one);
            Assert.Null(space.Techniques.Mistake(drawn));
            Assert.Equal(drawn, sampler.Sample(other));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Samples_have_the_probabilities_and_correlations_of_the_basin()
    {
        const int Draws = 200_000;
        var point = new BasinPoint(
            Small,
            [new SimplexFactor([0.3, 0.3, 0.4]), new GaussianFactor(0.5, 0.05), new GaussianFactor(0.5, 0.1), new AssociationFactor(0.6), new AssociationFactor(-0.5)]);
        var (sampler, random) = (new BasinSampler(point, 1), new SeededRandom(3));
        var drawn = Enumerable.Range(0, Draws).Select(_ => sampler.Sample(random)).ToArray();
        double[] kaiming = [.. drawn.Select(d => d[0] == 2 ? 1.0 : 0)], rate = [.. drawn.Select(d => Small.Techniques.ToCoordinate(1, d[1]))], momentum = [.. drawn.Select(d => d[2])];
        Assert.Equal(0.4, kaiming.Average(), 0.01);
        Assert.Equal(0.5, rate.Average(), 0.005);
        Assert.Equal(0.6, Correlation(kaiming, rate), 0.015);
        Assert.Equal(-0.5, Correlation(rate, momentum), 0.015);
    }

    [Fact]
    public void A_higher_inverse_temperature_sharpens()
    {
        var point = new BasinPoint(Small, [new SimplexFactor([0.6, 0.3, 0.1]), new GaussianFactor(0.5, 0.1), new GaussianFactor(0.5, 0.1), new AssociationFactor(0), new AssociationFactor(0)]);
        double Share(double beta)
        {
            var (sampler, random) = (new BasinSampler(point, beta), new SeededRandom(1));
            return Enumerable.Range(0, 20_000).Count(_ => sampler.Sample(random)[0] == 0) / 20_000.0;
        }

        Assert.Equal(0.36 / (0.36 + 0.09 + 0.01), Share(2), 0.02);
        Assert.Equal(Math.Sqrt(0.6) / (Math.Sqrt(0.6) + Math.Sqrt(0.3) + Math.Sqrt(0.1)), Share(0.5), 0.02);
        Assert.Equal((0.5, 1.0), (Temperature.Beta(0), Temperature.Beta(50)));
        Assert.True(Temperature.Beta(1_000_000) < Temperature.Most);
    }

    private static double Correlation(double[] x, double[] y)
    {
        var (mx, my) = (x.Average(), y.Average());
        return x.Zip(y).Sum(p => (p.First - mx) * (p.Second - my)) / Math.Sqrt(x.Sum(v => (v - mx) * (v - mx)) * y.Sum(v => (v - my) * (v - my)));
    }
}
