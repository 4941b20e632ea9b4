using System.Collections.Immutable;
using Hive.Explorers;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Tests.Explorers;

public class ExplorerLoopTests
{
    private static readonly SearchSpace Square = SearchSpace.Of([new("x", new RealDimension(0, 1)), new("y", new RealDimension(0, 1))]);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task A_slice_is_used_to_the_last_evaluation(long evaluations)
    {
        foreach (var strategy in ExplorerFactory.StrategiesFor(Square))
        {
            await using var evaluator = new FunctionEvaluator(point => (point[0], 0), batch: 13);
            var result = await RunAsync(strategy, evaluator, evaluations);
            Assert.Equal(evaluations, result.Evaluations);
            Assert.Equal(evaluations, evaluator.Measured);
        }
    }

    [Fact]
    public async Task It_stops_as_soon_as_a_feasible_point_reaches_the_target()
    {
        await using var evaluator = new FunctionEvaluator(point => (point[0], point[1] < 0.5 ? 1 : 0), batch: 1);
        var result = await RunAsync("random", evaluator, 1_000_000, target: 0.1);
        Assert.True(result.Evaluations < 1000);
        Assert.True(result.Best[0] is { Metric: <= 0.1, Violation: 0 });
    }

    [Fact]
    public async Task Feasible_points_come_first_and_no_two_are_alike()
    {
        await using var evaluator = new FunctionEvaluator(point => (point[0], point[1] < 0.9 ? 1 : 0));
        var best = (await RunAsync("random", evaluator, 500)).Best;
        Assert.Equal(ExplorationTask.MaxElites, best.Length);
        Assert.Equal(best.OrderBy(elite => elite.Violation).ThenBy(elite => elite.Metric), best);
        Assert.Equal(best.Length, best.DistinctBy(elite => (elite.Point[0], elite.Point[1])).Count());
    }

    [Fact]
    public async Task Failed_measurements_are_counted_and_never_the_best()
    {
        await using var evaluator = new FunctionEvaluator(point => (point[0] < 0.5 ? double.NaN : point[0], 0));
        var result = await RunAsync("random", evaluator, 1000);
        Assert.InRange(result.Failures, 300, 700);
        Assert.All(result.Best, elite => Assert.True(elite.Metric >= 0.5));
    }

    [Fact]
    public async Task A_gentle_stop_brings_back_what_was_found()
    {
        using var stop = new CancellationTokenSource();
        await using var evaluator = new FunctionEvaluator(Stopping(stop), batch: 1);
        var result = await RunAsync("random", evaluator, 1_000_000, options: new ExplorationOptions { Stop = stop.Token });
        Assert.Equal(10, result.Evaluations);
        Assert.NotEmpty(result.Best);
    }

    [Fact]
    public async Task Cancellation_throws()
    {
        using var cancellation = new CancellationTokenSource();
        await using var evaluator = new FunctionEvaluator(Stopping(cancellation), batch: 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync("random", evaluator, 1_000_000, cancellation: cancellation.Token));
    }

    [Fact]
    public async Task It_ends_when_its_seconds_are_over()
    {
        await using var evaluator = new FunctionEvaluator(point => (point[0], 0));
        var result = await RunAsync("random", evaluator, long.MaxValue, seconds: 0.05);
        Assert.True(result.Evaluations > 0);
    }

    private static FunctionEvaluator.Function Stopping(CancellationTokenSource source)
    {
        var measured = 0;
        return point =>
        {
            if (++measured == 10)
            {
                source.Cancel();
            }

            return (point[0], 0);
        };
    }

    private static async Task<ExplorationResult> RunAsync(
        string strategy, FunctionEvaluator evaluator, long evaluations, double? target = null, double? seconds = null, ExplorationOptions? options = null, CancellationToken cancellation = default)
    {
        var metric = Metrics.Check(MetricDirection.Minimize, target);
        var explorer = ExplorerFactory.Create(strategy, Square, metric, 1, []);
        var task = new ExplorationTask(0, 0, 0, strategy, true, 1, evaluations, seconds, ImmutableArray<Elite>.Empty);
        return await ExplorerLoop.RunAsync(explorer, evaluator, Square, metric, task, options ?? new ExplorationOptions(), cancellation);
    }
}
