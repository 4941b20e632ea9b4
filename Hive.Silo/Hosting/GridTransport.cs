#if ORLEANS
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
#else
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
#if ORLEANS
    private const int FirstPort = 20_000;
    private const int Ports = 10_000;

    /// <summary>
    /// On one machine: the hub keeps the membership, at a port that follows from the grid's name, so silos find it without being told. Many machines need one of Orleans's own
    /// membership providers, such as Microsoft.Orleans.Clustering.AdoNet.
    /// </summary>
    public static void Add(ISiloBuilder silo, HiveOptions options)
    {
        if (options.Grid is not { } grid)
        {
            silo.UseLocalhostClustering();
            return;
        }

        var hub = new IPEndPoint(IPAddress.Loopback, FirstPort + (BitConverter.ToUInt16(SHA256.HashData(Encoding.UTF8.GetBytes(grid.Cluster))) % Ports));
        silo.UseLocalhostClustering(options.IsHub ? hub.Port : FreePort(), FreePort(), options.IsHub ? null : hub, grid.Cluster, grid.Cluster);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
#else
    /// <summary>Over the grid's NATS server, or within the process where there is no grid.</summary>
    public static void Add(ISiloBuilder silo, HiveOptions options)
    {
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
    }
#endif
}
