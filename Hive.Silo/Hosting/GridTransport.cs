#if !ORLEANS
using Hive.Engine;
using Hive.Engine.Nats;
using Hive.Nats;
using Microsoft.Extensions.Logging;
#endif
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Hive.Silo.Hosting;

/// <summary>How silos of several processes find and call one another: the embedded engine over NATS, Orleans by its own membership.</summary>
internal static class GridTransport
{
    public static void Add(ISiloBuilder silo, HiveOptions options)
    {
#if ORLEANS
        _ = options;
        silo.UseLocalhostClustering();
#else
        if (options.Grid is not { } grid)
        {
            silo.UseLocalhostClustering();
            return;
        }

        silo.Services.AddSingleton<ISiloTransport>(provider => new NatsSiloTransport(
            provider.GetRequiredService<NatsConnection>(),
            provider.GetRequiredService<WireSerializer>(),
            new NatsTransportOptions
            {
                Cluster = grid.Cluster,
                Participant = grid.Participant,
                MayAct = options.Hub is { Lease: var lease } ? () => lease.IsHeld : null,
                Rank = options.Hub?.Lease.Epoch ?? 0,
            },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<NatsSiloTransport>>()));
#endif
    }
}
