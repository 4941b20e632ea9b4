using System.Diagnostics;
using System.Globalization;
using Hive.Silo.Hosting;

namespace Hive.Silo.Bench;

/// <summary>What an idle agent costs in memory, and how fast agents come to life.</summary>
internal static class ActivationBench
{
    private const int WarmUp = 5_000;
    private const int Window = 4_096;

    public static async Task<string> RunAsync(int grains, CancellationToken cancellation)
    {
        await using var silo = await BenchSilo.StartAsync(HiveOptions.InMemory, cancellation);
        await ActivateAsync(silo, -WarmUp, WarmUp, cancellation);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        await ActivateAsync(silo, 0, grains, cancellation);
        var seconds = watch.Elapsed.TotalSeconds;
        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / grains;
        return string.Create(CultureInfo.InvariantCulture, $$"""{"grains": {{grains}}, "bytesPerActivation": {{bytes:F0}}, "perSecond": {{grains / seconds:F0}}, "seconds": {{seconds:F3}}}""");
    }

    private static async Task ActivateAsync(RunningSilo silo, int first, int count, CancellationToken cancellation)
    {
        var window = new Queue<Task>();
        for (var i = first; i < first + count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            window.Enqueue(silo.Agent(i).PingAsync());
            if (window.Count >= Window)
            {
                await window.Dequeue();
            }
        }

        await Task.WhenAll(window);
    }
}
