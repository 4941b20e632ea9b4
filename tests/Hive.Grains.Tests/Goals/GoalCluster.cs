using System.Collections.Immutable;
using Hive.Brains;
using Hive.Goals;
using Hive.Silos;
using Hive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.TestingHost;

namespace Hive.Grains.Tests.Goals;

/// <summary>A hub and silos in one process, on whichever engine the tests are built for. All share one log, as they would share a database.</summary>
internal sealed class GoalCluster : IAsyncDisposable
{
    public const string HubName = "hub";

    private readonly InProcessTestCluster _cluster;

    private GoalCluster(InProcessTestCluster cluster, IGoalLog log) => (_cluster, Log) = (cluster, log);

    public IGoalLog Log { get; }

    public IGrainFactory Grains => _cluster.Client;

    /// <summary>Starts a hub, which is a silo too, and further silos named <c>silo-1</c>, <c>silo-2</c>, …, and announces them.</summary>
    public static async Task<GoalCluster> StartAsync(int silos = 1, int cores = 2, IGoalLog? log = null)
    {
        var cluster = await StartAsync([.. Enumerable.Repeat(Tiers.Worker, silos)], cores, log);
        for (var i = 0; i < silos; i++)
        {
            await cluster.AnnounceAsync(i == 0 ? HubName : $"silo-{i}", cores);
        }

        return cluster;
    }

    /// <summary>Starts a hub and further silos, each of its tier, and announces none.</summary>
    /// <param name="configure">What the silo of a name has besides.</param>
    public static async Task<GoalCluster> StartAsync(string[] tiers, int cores = 2, IGoalLog? log = null, Action<string, IServiceCollection>? configure = null)
    {
        log ??= new MemoryGoalLog();
        var builder = new InProcessTestClusterBuilder((short)tiers.Length);
        builder.ConfigureSilo((options, silo) =>
        {
            var name = NameOf(options.SiloName);
            silo.UseSiloMetadata(HiveGrains.Tags(name, tiers[NumberOf(name)], isHub: name == HubName));
            configure?.Invoke(name, silo.Services);
            silo.Services.AddHiveGrains(cores);
            silo.Services.AddSingleton(log);
            silo.Services.AddSingleton(GoalLocks.Unshared);
            silo.AddMemoryGrainStorage(HiveGrains.Storage);
        });
        var cluster = new GoalCluster(builder.Build(), log);
        await cluster._cluster.DeployAsync();
        return cluster;
    }

    public IRegistryGrain Registry => Grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key);

    public Task AnnounceAsync(string name, int cores, string tier = Tiers.Worker, params ImmutableArray<BrainOffer> brains) =>
        Registry.AnnounceAsync(new SiloAnnouncement(name, tier, cores, 600) { Brains = brains });

    /// <summary>The hub forgets a silo, as it does when the silo has not announced itself for too long.</summary>
    public Task ForgetAsync(string name) => Registry.LeaveAsync(name, "");

    public Task KillAsync(string name) => _cluster.KillSiloAsync(_cluster.Silos.Single(silo => NameOf(silo.Name) == name));

    public IGoalGrain Goal(string id) => Grains.GetGrain<IGoalGrain>(id);

    public async Task<GoalStatus> RunAsync(string id, string spec)
    {
        await Goal(id).SubmitAsync(spec);
        return await EndAsync(id);
    }

    public async Task<GoalStatus> EndAsync(string id)
    {
        await foreach (var _ in Goal(id).WatchAsync(0, CancellationToken.None))
        {
        }

        return await Goal(id).GetStatusAsync();
    }

    public async Task<List<GoalEvent>> EventsAsync(string id)
    {
        var events = new List<GoalEvent>();
        await foreach (var entry in Goal(id).WatchAsync(0, CancellationToken.None))
        {
            events.Add(entry.Read()!);
        }

        return events;
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    /// <summary>The test cluster names its silos itself; the first is the hub.</summary>
    private static string NameOf(string siloName) => siloName.EndsWith("_0", StringComparison.Ordinal) || siloName == "Primary" ? HubName : $"silo-{siloName[(siloName.LastIndexOf('_') + 1)..]}";

    private static int NumberOf(string name) => name == HubName ? 0 : int.Parse(name["silo-".Length..], System.Globalization.CultureInfo.InvariantCulture);
}
