using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Hive.Client;
using Hive.Goals;
using Hive.Silo.Hosting;

namespace Hive.Silo.Bench;

/// <summary>A goal of N no-op tasks, one a fresh agent, through the real goal grain, its log, the agents and the join.</summary>
internal static class ForkJoinBench
{
    private const int WarmUp = 20_000;

    public static async Task<string> RunAsync(int tasks, bool durable, CancellationToken cancellation)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"hive-bench-{Environment.ProcessId}");
        try
        {
            await using var silo = await BenchSilo.StartAsync(durable ? folder : HiveOptions.InMemory, cancellation);
            var hive = silo.Hive;
            await MeasureAsync(hive, WarmUp, cancellation);
            var pausesBefore = GC.GetTotalPauseDuration();
            var allocatedBefore = GC.GetTotalAllocatedBytes();
            var (seconds, status) = await MeasureAsync(hive, tasks, cancellation);
            var pauses = (GC.GetTotalPauseDuration() - pausesBefore).TotalSeconds;
            var allocated = (double)(GC.GetTotalAllocatedBytes() - allocatedBefore) / tasks;
            return string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"tasks": {{status.Attempts.Done}}, "seconds": {{seconds:F3}}, "tasksPerSecond": {{status.Attempts.Done / seconds:F0}}, "durable": {{(durable ? "true" : "false")}}, "gcPauseSeconds": {{pauses:F3}}, "allocatedBytesPerTask": {{allocated:F0}}, "rounds": {{status.Rounds}}, "state": "{{status.State}}"}""");
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<(double Seconds, GoalStatus Status)> MeasureAsync(IHive hive, int tasks, CancellationToken cancellation)
    {
        var goal = new GoalSpec
        {
            Objective = "Fork into tasks that do nothing, and join them",
            Metric = new MetricCheck("nothing", MetricDirection.Maximize, null, new BuiltinEvaluatorSpec("noop", ImmutableSortedDictionary<string, string>.Empty)),
            Space = [new NamedDimension("x", new RealDimension(0, 1))],
            Budget = new GoalBudget(tasks, null, 1),
            Agents = tasks,
        };
        GC.Collect();
        var watch = Stopwatch.StartNew();
        var id = await hive.SubmitAsync(goal, null, cancellation);
        var status = await hive.WaitAsync(id, cancellation);
        return (watch.Elapsed.TotalSeconds, status);
    }
}
