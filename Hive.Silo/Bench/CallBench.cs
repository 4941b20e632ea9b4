using System.Diagnostics;
using System.Globalization;
using Hive.Agents;
using Hive.Silo.Hosting;

namespace Hive.Silo.Bench;

/// <summary>How many grain calls a second one silo carries.</summary>
internal static class CallBench
{
    private const int Callers = 64;
    private const int Runs = 5;

    public static async Task<string> RunAsync(TimeSpan length, CancellationToken cancellation)
    {
        await using var silo = await BenchSilo.StartAsync(HiveOptions.InMemory, cancellation);
        var agents = Enumerable.Range(0, Callers).Select(silo.Agent).ToArray();
        await MeasureAsync(agents, length, cancellation);
        var many = new List<double>();
        var one = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            many.Add(await MeasureAsync(agents, length, cancellation));
            one.Add(await MeasureAsync(agents[..1], length, cancellation));
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"callsPerSecond": {{BenchSilo.Median(many):F0}}, "oneCallerPerSecond": {{BenchSilo.Median(one):F0}}, "callers": {{Callers}}, "grains": {{Callers}}, "runs": {{Runs}}, "secondsPerRun": {{length.TotalSeconds}}}""");
    }

    /// <summary>Calls a second, each agent with a caller of its own.</summary>
    internal static async Task<double> MeasureAsync(IAgentGrain[] agents, TimeSpan length, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(agents.Select(agent => Task.Run(() => CallAsync(agent, watch, length, cancellation), cancellation)));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }

    private static async Task<long> CallAsync(IAgentGrain agent, Stopwatch watch, TimeSpan length, CancellationToken cancellation)
    {
        long calls = 0;
        for (; watch.Elapsed < length; calls += 16)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < 16; i++)
            {
                await agent.PingAsync();
            }
        }

        return calls;
    }
}
