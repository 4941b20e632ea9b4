using System.Globalization;
using Hive.Agents;
using Hive.Silo.Hosting;

namespace Hive.Silo.Bench;

/// <summary>A silo as <c>hive run</c> starts it, to be measured.</summary>
internal static class BenchSilo
{
    public static Task<RunningSilo> StartAsync(string database, CancellationToken cancellation) =>
        RunningSilo.StartAsync(options => (options.Database, options.ResumeGoals) = (database, false), cancellation);

    /// <summary>An agent of the silo that no goal uses.</summary>
    public static IAgentGrain Agent(this RunningSilo silo, int number) =>
        silo.Grains.GetGrain<IAgentGrain>(string.Create(CultureInfo.InvariantCulture, $"worker@local/bench-{number}"));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
