using System.Diagnostics;
using Hive.Brains.Scripted;
using Hive.Goals;

namespace Hive.Silo.Bench;

/// <summary>
/// What Hive itself costs where brains do the work: a goal of tasks by scripted brains that take a given time, are always right and judge rightly.
/// The shortest time that the calls it made can take is the calls of tasks through so many places at once, and after them the join and the last check, one after the other.
/// </summary>
internal static class CognitionOverhead
{
    private const int Runs = 5;

    /// <summary>Goals before the measured ones: the runtime compiles hot code anew until then, as it does once in the life of a hub.</summary>
    private const int WarmUp = 15;

    public static async Task<OverheadFigures> MeasureAsync(int tasks, int width, int latency, int concurrency, CancellationToken cancellation)
    {
        var settings = new CognitionSettings([1, 1, 1], [latency, latency, latency], new CriticRates(1, 0), tasks, width, concurrency, 1);
        await using var host = await CognitionHost.StartAsync(new ScriptedBrains(settings.Script(1), TimeProvider.System), cancellation);
        var runs = new List<OverheadFigures>();
        for (var run = 0; run < WarmUp + Runs; run++)
        {
            var figures = await RunAsync(host, settings, run + 1, latency, cancellation);
            if (run >= WarmUp)
            {
                runs.Add(figures);
            }
        }

        return runs.OrderBy(figures => figures.WallOverIdeal).ElementAt(Runs / 2) with
        {
            MicrosecondsPerCall = BenchSilo.Median(runs.Select(figures => figures.MicrosecondsPerCall)),
            SerialOverWall = BenchSilo.Median(runs.Select(figures => figures.SerialOverWall)),
        };
    }

    private static async Task<OverheadFigures> RunAsync(CognitionHost host, CognitionSettings settings, long seed, int latency, CancellationToken cancellation)
    {
        GC.Collect();
        var (processor, watch) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        var id = await host.Hive.SubmitAsync(CognitionStrategies.Goal(settings, seed), null, cancellation);
        var status = await host.Hive.WaitAsync(id, cancellation);
        var seconds = watch.Elapsed.TotalSeconds;
        var cpu = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMicroseconds;
        if (status.State != GoalState.Done)
        {
            throw new InvalidOperationException($"the goal ended {status.State}: {status.Reason ?? status.Trouble}");
        }

        var (ofTasks, phases, calls) = (0, new HashSet<string>(StringComparer.Ordinal), 0);
        await foreach (var entry in host.Hive.WatchAsync(id, 0, cancellation))
        {
            if (entry.Read() is CallSettled settled)
            {
                calls++;
                if (settled.Reply is not null && settled.Call.StartsWith("r0.t", StringComparison.Ordinal))
                {
                    ofTasks++;
                }
                else if (settled.Reply is not null)
                {
                    // A twin of a straggler and a second try are no phase of their own.
                    phases.Add(settled.Call.Contains(".p", StringComparison.Ordinal) ? "check" : settled.Call.Split('^', '~')[0]);
                }
            }
        }

        var ideal = (((double)ofTasks / settings.Concurrency) + phases.Count) * latency / 1000;
        return new OverheadFigures(calls, ideal, seconds, seconds / ideal, cpu / calls, (ofTasks + phases.Count) * latency / 1000.0 / seconds);
    }
}

/// <summary>What Hive itself costs.</summary>
/// <param name="Calls">How many calls the goal made.</param>
/// <param name="IdealSeconds">The shortest time that they can take.</param>
/// <param name="Seconds">The time that they took.</param>
/// <param name="WallOverIdeal">The one over the other.</param>
/// <param name="MicrosecondsPerCall">Processor time of the whole process a call, the scripted brains' included.</param>
/// <param name="SerialOverWall">How much longer one agent that makes the same calls one after the other would take.</param>
internal sealed record OverheadFigures(int Calls, double IdealSeconds, double Seconds, double WallOverIdeal, double MicrosecondsPerCall, double SerialOverWall);
