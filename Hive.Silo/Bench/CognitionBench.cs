using System.Text.Json;
using Hive.Silo.Display;
using Hive.Silos;

namespace Hive.Silo.Bench;

/// <summary>A labelled simulation of goals for brains, with scripted brains of given accuracy and latency; and what Hive itself costs beside them.</summary>
internal static class CognitionBench
{
    private static readonly double[] Student95 = [double.NaN, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

    private static readonly (string Name, Func<CognitionSettings, long, CancellationToken, Task<StrategyRun>> RunAsync)[] Strategies =
    [
        ("hive", CognitionStrategies.HiveAsync),
        ("core-alone", CognitionStrategies.AloneAsync),
        ("best-of-n", CognitionStrategies.BestOfAsync),
        ("serial", CognitionStrategies.SerialAsync),
    ];

    public static async Task<string> RunAsync(CognitionSettings settings, TextWriter progress, CancellationToken cancellation)
    {
        var runs = new Dictionary<string, List<StrategyRun>>(StringComparer.Ordinal);
        for (var seed = 1; seed <= settings.Seeds; seed++)
        {
            foreach (var (name, runAsync) in Strategies)
            {
                var run = await runAsync(settings, seed, cancellation);
                progress.WriteLine(FormattableString.Invariant($"seed {seed}, {name}: {run.Accuracy:P1} right in {run.Seconds:F2} s, {string.Join(", ", Tiers.All.Select(tier => $"{run.Tiers[tier].Calls} {tier}"))} calls"));
                (runs.TryGetValue(name, out var known) ? known : runs[name] = []).Add(run);
            }
        }

        progress.WriteLine("what Hive itself costs: 64 tasks of width 3, 50 ms, 64 at once");
        var overhead = await CognitionOverhead.MeasureAsync(64, 3, 50, 64, cancellation);
        return JsonText.Of(writer => Write(writer, settings, runs, overhead));
    }

    private static void Write(Utf8JsonWriter writer, CognitionSettings settings, Dictionary<string, List<StrategyRun>> runs, OverheadFigures overhead)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("simulation", true);
        writer.WriteNumber("tasks", settings.Tasks);
        writer.WriteNumber("width", settings.Width);
        writer.WriteNumber("seeds", settings.Seeds);
        writer.WriteStartObject("strategies");
        foreach (var (name, _) in Strategies)
        {
            writer.WriteStartObject(name);
            Interval(writer, "accuracy", runs[name].Select(run => run.Accuracy));
            Interval(writer, "seconds", runs[name].Select(run => run.Seconds));
            foreach (var tier in Tiers.All)
            {
                writer.WriteStartObject(tier);
                Interval(writer, "calls", runs[name].Select(run => (double)run.Tiers[tier].Calls));
                Interval(writer, "tokens", runs[name].Select(run => (double)run.Tiers[tier].Tokens));
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        var alone = runs["core-alone"];
        Interval(writer, "coreCallsOverAlone", runs["hive"].Select((run, i) => (double)run.Tiers[Tiers.Core].Calls / alone[i].Tiers[Tiers.Core].Calls));
        Interval(writer, "accuracyMinusAlone", runs["hive"].Select((run, i) => run.Accuracy - alone[i].Accuracy));
        writer.WriteStartObject("overhead");
        writer.WriteNumber("tasks", 64);
        writer.WriteNumber("width", 3);
        writer.WriteNumber("latencyMilliseconds", 50);
        writer.WriteNumber("concurrency", 64);
        writer.WriteNumber("calls", overhead.Calls);
        writer.WriteNumber("idealSeconds", Math.Round(overhead.IdealSeconds, 4));
        writer.WriteNumber("seconds", Math.Round(overhead.Seconds, 4));
        writer.WriteNumber("wallOverIdeal", Math.Round(overhead.WallOverIdeal, 3));
        writer.WriteNumber("processorMicrosecondsPerCall", Math.Round(overhead.MicrosecondsPerCall, 1));
        writer.WriteNumber("timesOneSerialAgent", Math.Round(overhead.SerialOverWall, 1));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The mean, and how far it may lie off with 95 % confidence (Student's t).</summary>
    private static void Interval(Utf8JsonWriter writer, string name, IEnumerable<double> values)
    {
        var all = values.ToArray();
        var mean = all.Average();
        writer.WriteStartObject(name);
        writer.WriteNumber("mean", Math.Round(mean, 4));
        if (all.Length > 1)
        {
            var deviation = Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1));
            writer.WriteNumber("plusMinus", Math.Round((all.Length <= Student95.Length ? Student95[all.Length - 1] : 1.96) * deviation / Math.Sqrt(all.Length), 4));
        }

        writer.WriteEndObject();
    }
}
