using Hive.Research;
using Hive.Silos;
using Hive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.TestingHost;

namespace Hive.Grains.Tests.Research;

/// <summary>A hub and silos in one process, all with one domain.</summary>
internal sealed class SwarmCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private SwarmCluster(InProcessTestCluster cluster) => _cluster = cluster;

    public static async Task<SwarmCluster> StartAsync(int silos, IResearchDomain domain, int cores = 2, IGoalLog? log = null)
    {
        log ??= new MemoryGoalLog();
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureSilo((options, silo) =>
        {
            var name = NameOf(options.SiloName);
            silo.UseSiloMetadata(HiveGrains.Tags(name, Tiers.Worker, isHub: name == "hub"));
            silo.Services.AddSingleton(new ResearchDomains(cores, (_, _) => domain));
            silo.Services.AddHiveGrains(cores);
            silo.Services.AddSingleton(log);
            silo.Services.AddSingleton(GoalLocks.Unshared);
            silo.AddMemoryGrainStorage(HiveGrains.Storage);
        });
        var cluster = new SwarmCluster(builder.Build());
        await cluster._cluster.DeployAsync();
        foreach (var silo in cluster._cluster.Silos)
        {
            await cluster._cluster.Client.GetGrain<IRegistryGrain>(IRegistryGrain.Key).AnnounceAsync(new SiloAnnouncement(NameOf(silo.Name), Tiers.Worker, cores, 600));
        }

        return cluster;
    }

    public IGrainFactory Grains => _cluster.Client;

    public ICampaignGrain Campaign(string id) => _cluster.Client.GetGrain<ICampaignGrain>(id);

    public Task KillAsync(int silo) => _cluster.KillSiloAsync(_cluster.Silos.Single(one => NameOf(one.Name) == $"silo-{silo}"));

    public async Task<string> RunAsync(string id, string request)
    {
        await Campaign(id).SubmitAsync(request);
        return await EndAsync(id);
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>All results by their tasks, whatever the order in which they came and whoever ran them.</returns>
    public async Task<string> EndAsync(string id)
    {
        var results = new List<string>();
        await foreach (var entry in Campaign(id).WatchAsync(0, CancellationToken.None))
        {
            if (entry.Kind == ResearchLog.Result) results.Add(WithoutAgent(entry.Json));
        }

        var status = await Campaign(id).GetStatusAsync();
        Assert.True(status.IsEnded, status.Trouble);
        Assert.Equal(results.Count, status.Recorded);
        Assert.Distinct(results.Select(result => result[..result.IndexOf(',', StringComparison.Ordinal)]));
        return string.Join('\n', results.Order(StringComparer.Ordinal));
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static string WithoutAgent(string json)
    {
        var result = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
        result.Remove("agent");
        return result.ToJsonString();
    }

    private static string NameOf(string siloName) => siloName.EndsWith("_0", StringComparison.Ordinal) || siloName == "Primary" ? "hub" : $"silo-{siloName[(siloName.LastIndexOf('_') + 1)..]}";
}
