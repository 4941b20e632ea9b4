using System.Collections.Immutable;
using Hive.Evaluators;
using Hive.Evaluators.Builtin;
using Hive.Explorers;
using Hive.Goals;
using Hive.Planning;
using Hive.Spaces;

namespace Hive.Tests.Explorers;

/// <summary>Whole searches, planner and all, of problems whose optimum is published. The seeds make them repeat exactly.</summary>
public class KnownOptimaTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Rosenbrocks_valley_is_followed_to_its_end(long seed) =>
        Assert.InRange((await SearchAsync(Reals(10, -5, 10), 100_000, seed, x => (Rosenbrock(x), 0))).Metric, 0, 1e-6);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_lowest_of_Rastrigins_many_basins_is_found(long seed) =>
        Assert.InRange((await SearchAsync(Reals(10, -5.12, 5.12), 200_000, seed, x => (Rastrigin(x), 0))).Metric, 0, 1e-3);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_constrained_optimum_on_the_border_is_reached_by_feasible_points_alone(long seed)
    {
        var best = await SearchAsync([new("x", new RealDimension(13, 100)), new("y", new RealDimension(0, 100))], 50_000, seed, Floudas6);
        Assert.Equal(0, best.Violation);
        Assert.InRange(best.Metric, -6961.8140, -6961.0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_learning_rate_over_eight_decades_is_found_with_the_right_choice_beside_it(long seed)
    {
        ImmutableArray<NamedDimension> space =
        [
            new("rate", new LogRealDimension(1e-8, 1)),
            new("optimizer", new ChoiceDimension(["\"sgd\"", "\"adam\"", "\"rmsprop\""])),
            new("layers", new IntegerDimension(1, 12)),
        ];
        var best = await SearchAsync(space, 1_500, seed, x => (Math.Pow(Math.Log10(x[0]) + 3.2, 2) + (x[1] == 1 ? 0 : 0.1) + (0.01 * Math.Pow(x[2] - 7, 2)), 0));
        Assert.Equal((1, 7), (best.Point[1], best.Point[2]));
        Assert.InRange(Math.Log10(best.Point[0]), -3.25, -3.15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_tour_of_thirty_towns_on_a_circle_goes_round_it(long seed)
    {
        const int Towns = 30;
        var best = await SearchAsync([new("tour", new PermutationDimension(Towns))], 100_000, seed, x => (Tour(x), 0));
        Assert.InRange(best.Metric, 0, (Towns * 2 * Math.Sin(Math.PI / Towns)) + 1e-9);
    }

    [Fact]
    public async Task Ten_circles_are_packed_nearly_as_well_as_is_known_and_none_overlaps()
    {
        ImmutableArray<NamedDimension> space =
            [new("circles", new VectorDimension(10, new TupleDimension([new RealDimension(0, 1), new RealDimension(0, 1), new RealDimension(0, 0.5)])))];
        var packing = new CirclePacking();
        var best = await SearchAsync(space, 500_000, 1, x => { var (metric, violation) = packing.Measure(x); return (-metric, violation); });
        Assert.Equal(0, best.Violation);
        Assert.InRange(best.Metric, -1.6, -1.57);
    }

    [Fact]
    public async Task One_seed_finds_the_same_point_twice()
    {
        var first = await SearchAsync(Reals(5, -5, 5), 20_000, 7, x => (Rastrigin(x), 0));
        var second = await SearchAsync(Reals(5, -5, 5), 20_000, 7, x => (Rastrigin(x), 0));
        Assert.Equal(first.Point.Select(BitConverter.DoubleToInt64Bits), second.Point.Select(BitConverter.DoubleToInt64Bits));
    }

    private static async Task<Elite> SearchAsync(ImmutableArray<NamedDimension> dimensions, long evaluations, long seed, FunctionEvaluator.Function function)
    {
        var space = SearchSpace.Of(dimensions);
        var spec = new GoalSpec
        {
            Objective = "find the optimum",
            Metric = Metrics.Check(MetricDirection.Minimize),
            Space = dimensions,
            Budget = new GoalBudget(evaluations, null, null),
            Seed = seed,
        };
        var planner = new MetricPlanner(spec, space);
        var explorers = new Dictionary<int, IExplorer>();
        while (!planner.IsDone)
        {
            foreach (var task in planner.Fork())
            {
                if (task.Fresh)
                {
                    explorers[task.Agent] = ExplorerFactory.Create(task.Strategy, space, spec.Metric, task.Seed, task.Elites);
                }

                planner.Record(await ExplorerLoop.RunAsync(explorers[task.Agent], new FunctionEvaluator(function), space, spec.Metric, task, new ExplorationOptions()));
            }

            planner.Close(1);
        }

        Assert.Equal(evaluations, planner.Evaluations);
        return planner.Best!;
    }

    private static ImmutableArray<NamedDimension> Reals(int count, double low, double high) => [new("x", new VectorDimension(count, new RealDimension(low, high)))];

    private static double Rosenbrock(ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        for (var i = 0; i + 1 < x.Length; i++)
        {
            sum += (100 * Math.Pow(x[i + 1] - (x[i] * x[i]), 2)) + Math.Pow(1 - x[i], 2);
        }

        return sum;
    }

    private static double Rastrigin(ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var z = x[i] - (0.37 * Math.Sin(i + 1));
            sum += (z * z) - (10 * Math.Cos(2 * Math.PI * z)) + 10;
        }

        return sum;
    }

    /// <summary>Problem g06 of Michalewicz and Schoenauer (1996), whose optimum is −6961.81388.</summary>
    private static (double Metric, double Violation) Floudas6(ReadOnlySpan<double> x)
    {
        var outside = 100 - Math.Pow(x[0] - 5, 2) - Math.Pow(x[1] - 5, 2);
        var inside = Math.Pow(x[0] - 6, 2) + Math.Pow(x[1] - 5, 2) - 82.81;
        return (Math.Pow(x[0] - 10, 3) + Math.Pow(x[1] - 20, 3), Math.Max(0, outside) + Math.Max(0, inside));
    }

    private static double Tour(ReadOnlySpan<double> order)
    {
        // Towns stand on the circle in the order of multiples of 7, which hides it.
        var length = 0.0;
        for (var i = 0; i < order.Length; i++)
        {
            var angle = 7 * (order[i] - order[(i + 1) % order.Length]) / order.Length * Math.PI;
            length += 2 * Math.Abs(Math.Sin(angle));
        }

        return length;
    }
}
