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
    private const int Runs = 5;

    public static async Task<string> RunAsync(int tasks, bool durable, CancellationToken cancellation)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"hive-bench-{Environment.ProcessId}");
        try
        {
            await using var silo = await BenchSilo.StartAsync(durable ? folder : HiveOptions.InMemory, cancellation);
            await MeasureAsync(silo.Hive, Math.Max(tasks, WarmUp), cancellation);
            var runs = new List<ForkJoinRun>();
            for (var run = 0; run < Runs; run++)
            {
                runs.Add(await MeasureAsync(silo.Hive, tasks, cancellation));
            }

            var median = runs.OrderBy(run => run.Seconds).ElementAt(Runs / 2);
            return string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"tasks": {{median.Tasks}}, "seconds": {{median.Seconds:F4}}, "tasksPerSecond": {{median.Tasks / median.Seconds:F0}}, "durable": {{(durable ? "true" : "false")}}, "runs": {{Runs}}, "gcPauseSeconds": {{median.PauseSeconds:F3}}, "allocatedBytesPerTask": {{median.AllocatedBytes / median.Tasks}}}""");
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<ForkJoinRun> MeasureAsync(IHive hive, int tasks, CancellationToken cancellation)
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
        var (pauses, allocated, watch) = (GC.GetTotalPauseDuration(), GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
        var id = await hive.SubmitAsync(goal, null, cancellation);
        var status = await hive.WaitAsync(id, cancellation);
        var seconds = watch.Elapsed.TotalSeconds;
        if (status.State != GoalState.Done || status.Attempts.Done != tasks)
        {
            throw new InvalidOperationException($"the goal ended {status.State} with {status.Attempts.Done} of {tasks} tasks done: {status.Reason ?? status.Trouble}");
        }

        return new ForkJoinRun(tasks, seconds, (GC.GetTotalPauseDuration() - pauses).TotalSeconds, GC.GetTotalAllocatedBytes() - allocated);
    }

    private sealed record ForkJoinRun(int Tasks, double Seconds, double PauseSeconds, long AllocatedBytes);
}
