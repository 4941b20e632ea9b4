using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.TestingHost;

namespace Hive.Engine.Tests.Support;

/// <summary>Clusters as the tests need them.</summary>
internal static class TestClusters
{
    public const string Store = "store";
    public const string Streams = "streams";

    /// <summary>A hub, named Silo_0, and further silos named Silo_1, Silo_2, …, each with its name in its metadata.</summary>
    public static async Task<InProcessTestCluster> StartAsync(short silos = 1, Action<ISiloBuilder>? configure = null)
    {
        var cluster = Builder(silos, configure).Build();
        await cluster.DeployAsync();
        return cluster;
    }

    public static InProcessTestClusterBuilder Builder(short silos, Action<ISiloBuilder>? configure = null)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((options, silo) =>
        {
            silo.UseSiloMetadata(new Dictionary<string, string>
            {
                ["role"] = options.SiloName == "Silo_0" ? "hub" : "silo",
                ["name"] = options.SiloName,
            });
            silo.Services.AddPlacementFilter<OnNamedSilo, OnNamedSiloDirector>(ServiceLifetime.Transient);
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddMemoryGrainStorage(Store);
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryStreams(Streams);
            silo.UseInMemoryReminderService();
            configure?.Invoke(silo);
        });
        builder.ConfigureClient(client => client.AddMemoryStreams(Streams));
        return builder;
    }
}

/// <summary>The grain lives on the silo that its key names, as in <c>Silo_1/17</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnNamedSiloAttribute() : PlacementFilterAttribute(new OnNamedSilo());

public sealed class OnNamedSilo() : PlacementFilterStrategy(order: 0);

public sealed class OnNamedSiloDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, Orleans.Runtime.Placement.PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var name = target.GrainIdentity.Key.ToString()!.Split('/')[0];
        return silos.Where(silo => metadata.GetSiloMetadata(silo).Metadata.TryGetValue("name", out var value) && value == name);
    }
}
