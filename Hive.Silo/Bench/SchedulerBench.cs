using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Hive.Agents;
using Hive.Client;
using Hive.Goals;
using Hive.Placement;
using Hive.Silo.Hosting;
using Hive.Silos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Hive.Silo.Bench;

/// <summary>
/// What many silos cost a hub. The silos are simulated: each announces itself by a call of the real registry grain, and its agents live in this one process;
/// the goal's grain, its log, the scheduler, the agents and the join are the real ones.
/// </summary>
internal static class SchedulerBench
{
    private const double SecondsOfPeriod = 5;
    private const int Runs = 3;
    private const int RoundsOfAnnouncements = 50;

    /// <summary>Both measurements as one JSON object.</summary>
    /// <param name="silos">How many silos.</param>
    /// <param name="attempts">How many attempts a goal has.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task<string> RunAsync(int silos, int attempts, CancellationToken cancellation)
    {
        var announcements = await AnnounceAsync(silos, RoundsOfAnnouncements, cancellation);
        var forks = await ForkAsync(silos, attempts, cancellation);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"simulatedSilos": {{silos}}, "microsecondsPerAnnouncement": {{announcements.MicrosecondsPerAnnouncement:F2}}, "shareOfCore": {{announcements.ShareOfCore:F4}}, "attempts": {{attempts}}, "attemptsPerSecond": {{forks.AttemptsPerSecond:F0}}, "silosUsed": {{forks.SilosUsed}}, "runs": {{Runs}}}""");
    }

    /// <summary>What announcements cost.</summary>
    /// <param name="SimulatedSilos">How many silos there were.</param>
    /// <param name="MicrosecondsPerAnnouncement">Processor time of one announcement, all cores together, from the call to its answer.</param>
    /// <param name="ShareOfCore">The part of one core that all silos together cost when each announces itself every five seconds.</param>
    public sealed record AnnouncementFigures(int SimulatedSilos, double MicrosecondsPerAnnouncement, double ShareOfCore);

    /// <summary>How fast a goal forks to many silos.</summary>
    /// <param name="SimulatedSilos">How many silos there were.</param>
    /// <param name="Attempts">How many attempts the goal had.</param>
    /// <param name="AttemptsPerSecond">Attempts forked, run and joined a second; the median of several goals.</param>
    /// <param name="SilosUsed">How many of the silos got an attempt.</param>
    public sealed record ForkFigures(int SimulatedSilos, int Attempts, double AttemptsPerSecond, int SilosUsed);

    /// <summary>Has silos announce themselves as fast as they can, and counts the processor time.</summary>
    /// <param name="silos">How many silos.</param>
    /// <param name="rounds">How often each announces itself.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task<AnnouncementFigures> AnnounceAsync(int silos, int rounds, CancellationToken cancellation)
    {
        using var host = await StartAsync(cancellation);
        var registry = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRegistryGrain>(IRegistryGrain.Key);
        await AnnounceAllAsync(registry, silos, 1, cancellation);
        var shares = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            for (var round = 0; round < rounds; round++)
            {
                await AnnounceAllAsync(registry, silos, (run * rounds) + round + 2, cancellation);

                // Somebody looks, as a goal's scheduler does.
                _ = await registry.ListAsync();
            }

            shares.Add((Process.GetCurrentProcess().TotalProcessorTime - before).TotalMicroseconds / rounds / silos);
        }

        await host.StopAsync(cancellation);
        var each = BenchSilo.Median(shares);
        return new AnnouncementFigures(silos, each, each * 1e-6 * silos / SecondsOfPeriod);
    }

    /// <summary>Forks goals of attempts that do nothing over the silos.</summary>
    /// <param name="silos">How many silos.</param>
    /// <param name="attempts">How many attempts a goal has.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="InvalidOperationException">A goal did not end as it should.</exception>
    public static async Task<ForkFigures> ForkAsync(int silos, int attempts, CancellationToken cancellation)
    {
        using var host = await StartAsync(cancellation);
        var registry = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRegistryGrain>(IRegistryGrain.Key);
        var hive = host.Services.GetRequiredService<IHive>();
        await AnnounceAllAsync(registry, silos, 1, cancellation);
        await RunAsync(hive, attempts, cancellation);
        var rates = new List<double>();
        var used = 0;
        for (var run = 0; run < Runs; run++)
        {
            var watch = Stopwatch.StartNew();
            var goal = await RunAsync(hive, attempts, cancellation);
            rates.Add(attempts / watch.Elapsed.TotalSeconds);
            used = await SilosOfAsync(hive, goal, cancellation);
        }

        await host.StopAsync(cancellation);
        return new ForkFigures(silos, attempts, BenchSilo.Median(rates), used);
    }

    private static async Task<IHost> StartAsync(CancellationToken cancellation)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddHive(options => (options.Database, options.ResumeGoals, options.Tier) = (HiveOptions.InMemory, false, Tiers.Core));
        builder.Services.Replace(ServiceDescriptor.KeyedSingleton<IPlacementFilterDirector, EverySiloHere>(typeof(TierPlacementStrategy)));
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return host;
    }

    private static async Task AnnounceAllAsync(IRegistryGrain registry, int silos, long sequence, CancellationToken cancellation)
    {
        for (var i = 0; i < silos; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            await registry.AnnounceAsync(new SiloAnnouncement($"simulated-{i}", Tiers.Worker, 4, 600)
            {
                Incarnation = "0123456789abcdef",
                Sequence = sequence,
                MemoryMiB = 16_000,
                Gpus = [new Gpu("NVIDIA GeForce RTX 4090", 24_564, "550.54.15")],
                Models = ["qwen2.5-7b-instruct"],
            });
        }
    }

    private static async Task<string> RunAsync(IHive hive, int attempts, CancellationToken cancellation)
    {
        var spec = new GoalSpec
        {
            Objective = "Fork into tasks that do nothing, over many silos, and join them",
            Metric = new MetricCheck("nothing", MetricDirection.Maximize, null, new BuiltinEvaluatorSpec("noop", ImmutableSortedDictionary<string, string>.Empty)),
            Space = [new NamedDimension("x", new RealDimension(0, 1))],
            Budget = new GoalBudget(attempts, null, 1),
            Agents = attempts,
            Tiers = [Tiers.Worker],
        };
        var id = await hive.SubmitAsync(spec, null, cancellation);
        var status = await hive.WaitAsync(id, cancellation);
        return status.State == GoalState.Done && status.Attempts.Done == attempts
            ? id
            : throw new InvalidOperationException($"the goal ended {status.State} with {status.Attempts.Done} of {attempts} attempts done: {status.Reason ?? status.Trouble}");
    }

    private static async Task<int> SilosOfAsync(IHive hive, string goal, CancellationToken cancellation)
    {
        var silos = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var entry in hive.WatchAsync(goal, 0, cancellation))
        {
            if (entry.Read() is AttemptFinished finished && AgentKey.TryParse(finished.Agent, out var agent))
            {
                silos.Add(agent.Silo);
            }
        }

        return silos.Count;
    }

    /// <summary>Whatever silo a key names, its agent lives here.</summary>
    private sealed class EverySiloHere : IPlacementFilterDirector
    {
        public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) => silos;
    }
}
