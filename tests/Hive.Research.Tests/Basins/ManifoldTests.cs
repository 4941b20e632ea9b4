using FsCheck;
using FsCheck.Fluent;
using Hive.Basins;
using Hive.Randomness;

namespace Hive.Research.Tests.Basins;

public sealed class ManifoldTests
{
    [Fact]
    public void Distances_satisfy_the_metric_axioms() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var space = RandomBasins.Space(random);
        var (a, b, c) = (RandomBasins.Point(space, random), RandomBasins.Point(space, random), RandomBasins.Point(space, random));
        Assert.Equal(0, a.Distance(a));
        Assert.True(a.Distance(b) > 0);
        Assert.Equal(a.Distance(b), b.Distance(a), 1e-12);
        Assert.True(a.Distance(c) <= a.Distance(b) + b.Distance(c) + 1e-12);
        for (var i = 0; i < space.Count; i++)
        {
            Assert.True(a.Factors[i].Distance(c.Factors[i]) <= a.Factors[i].Distance(b.Factors[i]) + b.Factors[i].Distance(c.Factors[i]) + 1e-12);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Exp_undoes_log_and_the_norm_of_log_is_the_distance() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var space = RandomBasins.Space(random);
        var (a, b) = (RandomBasins.Point(space, random), RandomBasins.Point(space, random));
        var way = a.Log(b);
        Assert.Equal(a.Distance(b), Norm(way), 1e-9);
        Assert.True(a.Exp(way).Distance(b) < 1e-9, $"{a.Exp(way).Distance(b):R}");
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Log_undoes_exp_of_a_short_vector() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var at = BasinPoint.Even(RandomBasins.Space(random));
        var way = RandomBasins.Tangent(at, 0.3 * random.NextDouble(), random);
        Assert.All(at.Log(at.Exp(way)).Zip(way), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Transport_keeps_lengths_and_angles_and_carries_a_geodesic_along_itself() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var space = RandomBasins.Space(random);
        var (a, b) = (RandomBasins.Point(space, random), RandomBasins.Point(space, random));
        var (one, other) = (RandomBasins.Tangent(a, 1, random), RandomBasins.Tangent(a, 2, random));
        var dot = Dot(one, other);
        a.Transport(b, one);
        a.Transport(b, other);
        Assert.Equal((1, 4), (Math.Round(Dot(one, one), 9), Math.Round(Dot(other, other), 9)));
        Assert.Equal(dot, Dot(one, other), 1e-9);
        var way = a.Log(b);
        a.Transport(b, way);
        Assert.All(way.Zip(b.Log(a)), pair => Assert.Equal(-pair.Second, pair.First, 1e-7));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_categorical_distance_is_the_arc_between_square_roots()
    {
        var (p, q) = (new SimplexFactor([0.5, 0.5, 0]), new SimplexFactor([0.2, 0.3, 0.5]));
        Assert.Equal(2 * Math.Acos(Math.Sqrt(0.1) + Math.Sqrt(0.15)), p.Distance(q), 1e-14);
        Assert.Equal(Math.PI, new SimplexFactor([1, 0]).Distance(new SimplexFactor([0, 1])), 1e-14);
    }

    [Fact]
    public void A_gaussian_distance_agrees_with_its_closed_forms()
    {
        // Equal μ: √2·|ln(σ₂/σ₁)|. Otherwise Costa, Santos and Strapasson (2015), equation 8.
        Assert.Equal(Math.Sqrt(2) * Math.Log(4), new GaussianFactor(0.3, 0.05).Distance(new GaussianFactor(0.3, 0.2)), 1e-13);
        var (m1, s1, m2, s2) = (0.1, 0.05, 0.8, 0.3);
        var difference = ((m1 - m2) * (m1 - m2)) + (2 * (s1 - s2) * (s1 - s2));
        var sum = ((m1 - m2) * (m1 - m2)) + (2 * (s1 + s2) * (s1 + s2));
        var expected = Math.Sqrt(2) * 2 * Math.Atanh(Math.Sqrt(difference / sum));
        Assert.Equal(expected, new GaussianFactor(m1, s1).Distance(new GaussianFactor(m2, s2)), 1e-12);
    }

    [Fact]
    public void Distances_are_the_lengths_of_the_metric_near_a_point()
    {
        const double Step = 1e-6;
        var (mean, deviation) = (0.4, 0.1);
        Assert.Equal(Step / deviation, new GaussianFactor(mean, deviation).Distance(new GaussianFactor(mean + Step, deviation)), 1e-12);
        Assert.Equal(Math.Sqrt(2) * Step / deviation, new GaussianFactor(mean, deviation).Distance(new GaussianFactor(mean, deviation + Step)), 1e-9);

        // Fisher information of a categorical choice: Σ dp² / p.
        Assert.Equal(Math.Sqrt((Step * Step / 0.2) + (Step * Step / 0.8)), new SimplexFactor([0.2, 0.8]).Distance(new SimplexFactor([0.2 + Step, 0.8 - Step])), 1e-11);
    }

    [Fact]
    public void Opposite_points_of_the_sphere_have_a_geodesic_and_near_ones_their_digits()
    {
        double[] x = [0.6, 0.8, 0], opposite = [-0.6, -0.8, 0], tangent = new double[3], end = new double[3];
        Sphere.Log(x, opposite, tangent);
        Assert.Equal(Math.PI, Norm(tangent), 1e-12);
        Sphere.Exp(x, tangent, end);
        Assert.Equal(0, Sphere.Angle(end, opposite), 1e-12);
        double[] near = [0.6 + 8e-12, 0.8 - 6e-12, 0];
        Assert.Equal(1e-11, Sphere.Angle(x, near), 1e-15);
    }

    [Fact]
    public void Moving_ends_at_the_floors()
    {
        var space = new BasinSpace(new TechniqueSpace([new CategoricalTechnique("c", ["a", "b", "d"]), new RealTechnique("r", 0, 1), new RealTechnique("s", 0, 1)]), [new Association(1, -1, 2, -1)]);
        var random = new SeededRandom(7);
        for (var i = 0; i < 200; i++)
        {
            var at = RandomBasins.Point(space, random);
            var end = at.Exp(RandomBasins.Tangent(at, Math.Exp(12 * random.NextDouble()), random));
            Assert.True(((SimplexFactor)end.Factors[0]).Probabilities.Min() >= SimplexFactor.Floor * 0.999999);
            var gaussian = (GaussianFactor)end.Factors[1];
            Assert.InRange(gaussian.Deviation, GaussianFactor.LeastDeviation, GaussianFactor.MostDeviation);
            Assert.InRange(gaussian.Center, 0, 1);
            Assert.InRange(((AssociationFactor)end.Factors[3]).Correlation, -AssociationFactor.Most, AssociationFactor.Most);
        }
    }

    [Fact]
    public void What_is_no_distribution_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new SimplexFactor([0.5, 0.4]));
        Assert.Throws<ArgumentException>(() => new SimplexFactor([1.5, -0.5]));
        Assert.Throws<ArgumentException>(() => new SimplexFactor([double.NaN, 1]));
        Assert.Throws<ArgumentException>(() => new SimplexFactor([1]));
        Assert.Throws<ArgumentException>(() => new GaussianFactor(double.NaN, 1));
        Assert.Throws<ArgumentException>(() => new GaussianFactor(0, 0));
        Assert.Throws<ArgumentException>(() => new AssociationFactor(1));
        var point = BasinPoint.Even(new BasinSpace(new TechniqueSpace([new RealTechnique("r", 0, 1)])));
        Assert.Throws<ArgumentException>(() => point.Exp([double.NaN, 0]));
        Assert.Throws<ArgumentException>(() => point.Exp([1]));
    }

    private static double Norm(double[] vector) => Math.Sqrt(Dot(vector, vector));

    private static double Dot(double[] one, double[] other) => one.Zip(other).Sum(pair => pair.First * pair.Second);
}
