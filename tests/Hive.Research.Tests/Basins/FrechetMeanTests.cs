using FsCheck;
using FsCheck.Fluent;
using Hive.Basins;
using Hive.Randomness;

namespace Hive.Research.Tests.Basins;

public sealed class FrechetMeanTests
{
    [Fact]
    public void The_mean_of_two_points_is_on_their_geodesic() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var space = RandomBasins.Space(random);
        var (a, b) = (RandomBasins.Point(space, random), RandomBasins.Point(space, random));
        var share = random.NextDouble();
        Assert.True(BasinPoint.Mean([a, b], [1 - share, share]).Distance(a.Towards(b, share)) < 1e-9);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_mean_is_where_the_gradient_vanishes_and_does_not_depend_on_the_order() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var space = RandomBasins.Space(random);
        var points = Enumerable.Range(0, 2 + random.NextInt(8)).Select(_ => RandomBasins.Point(space, random)).ToArray();
        var weights = points.Select(_ => 0.01 + random.NextDouble()).ToArray();
        var mean = BasinPoint.Mean(points, weights);
        var gradient = new double[space.Dimension];
        for (var i = 0; i < points.Length; i++)
        {
            var way = mean.Log(points[i]);
            for (var j = 0; j < gradient.Length; j++) gradient[j] += weights[i] / weights.Sum() * way[j];
        }

        Assert.True(Math.Sqrt(gradient.Sum(x => x * x)) < 1e-10);
        Assert.True(BasinPoint.Mean([.. points.Reverse()], [.. weights.Reverse()]).Distance(mean) < 1e-9);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_mean_of_gaussians_of_one_deviation_is_in_closed_form()
    {
        // By symmetry μ is the middle; on the half-plane the midpoint of (±x, σ) is (0, √(x² + σ²)), with x = Δμ/(2√2).
        var mean = Mean(new GaussianFactor(0.2, 0.1), new GaussianFactor(0.6, 0.1));
        Assert.Equal(0.4, mean.Center, 1e-9);
        Assert.Equal(Math.Sqrt((0.2 * 0.2 / 2) + 0.01), mean.Deviation, 1e-9);
        var concentric = Mean(new GaussianFactor(0.5, 0.04), new GaussianFactor(0.5, 0.09));
        Assert.Equal((0.5, 0.06), (Math.Round(concentric.Center, 12), Math.Round(concentric.Deviation, 12)));
    }

    [Fact]
    public void The_mean_of_the_corners_of_a_simplex_is_its_middle()
    {
        for (var ways = 2; ways <= 32; ways++)
        {
            var corners = Enumerable.Range(0, ways).Select(BasinFactor (corner) => new SimplexFactor([.. Enumerable.Range(0, ways).Select(i => i == corner ? 1.0 : 0)])).ToArray();
            var mean = (SimplexFactor)corners[0].Mean(corners, [.. Enumerable.Repeat(1.0 / ways, ways)]);
            Assert.All(mean.Probabilities, probability => Assert.Equal(1.0 / ways, probability, 1e-10));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_mean_is_what_a_numerical_minimiser_finds(ulong seed)
    {
        var random = new SeededRandom(seed);
        var simplices = Enumerable.Range(0, 5).Select(BasinFactor (_) => RandomBasins.Simplex(3, random)).ToArray();
        var gaussians = Enumerable.Range(0, 5).Select(BasinFactor (_) => new GaussianFactor(random.NextDouble(), 0.02 + random.NextDouble())).ToArray();
        double[] weights = [0.1, 0.3, 0.2, 0.15, 0.25];
        var simplex = Minimiser.Find(at => Cost(new SimplexFactor([at[0], at[1], 1 - at[0] - at[1]]), simplices, weights), [1.0 / 3, 1.0 / 3]);
        var simplexMean = (SimplexFactor)simplices[0].Mean(simplices, weights);
        Assert.Equal(simplex[0], simplexMean.Probabilities[0], 1e-9);
        Assert.Equal(simplex[1], simplexMean.Probabilities[1], 1e-9);
        var gaussian = Minimiser.Find(at => Cost(new GaussianFactor(at[0], Math.Exp(at[1])), gaussians, weights), [0.5, -1]);
        var gaussianMean = (GaussianFactor)gaussians[0].Mean(gaussians, weights);
        Assert.Equal(gaussian[0], gaussianMean.Center, 1e-9);
        Assert.Equal(Math.Exp(gaussian[1]), gaussianMean.Deviation, 1e-9);
    }

    [Fact]
    public void Points_far_apart_and_near_the_edge_have_a_mean()
    {
        var far = Mean(new GaussianFactor(0, 1e-6), new GaussianFactor(1, 1e-6));
        Assert.Equal(0.5, far.Center, 1e-9);
        var edge = Enumerable.Range(0, 3).Select(BasinFactor (i) => new SimplexFactor(i == 0 ? [1, 0, 0] : [0, 1, 0])).ToArray();
        Assert.Equal(0, ((SimplexFactor)edge[0].Mean(edge, [0.2, 0.4, 0.4])).Probabilities[2]);
    }

    private static GaussianFactor Mean(GaussianFactor one, GaussianFactor other) => (GaussianFactor)one.Mean([one, other], [0.5, 0.5]);

    private static double Cost(BasinFactor at, BasinFactor[] factors, double[] weights) => factors.Zip(weights).Sum(pair => pair.Second * Math.Pow(at.Distance(pair.First), 2));
}
