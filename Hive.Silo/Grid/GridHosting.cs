using Hive.Client.Grid;
using Hive.Gossip;
using Hive.Nats;
using Hive.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace Hive.Silo.Grid;

/// <summary>Joins a silo to a grid: one connection for calls, events and, on the hub, the requests of clients.</summary>
internal static class GridHosting
{
    public static void Add(ISiloBuilder silo, HiveOptions options, GridOptions grid)
    {
        var services = silo.Services;

        // A container has no asynchronous factories; the connection is made once, before anything starts on it.
        services.AddSingleton(provider => NatsConnection
            .ConnectAsync(grid.ToNats($"hive {(options.IsHub ? "hub" : "silo")} {options.Name}", provider.GetRequiredService<TimeProvider>())).GetAwaiter().GetResult());
        services.AddSingleton(provider => new GridLink(provider.GetRequiredService<NatsConnection>(), grid, AuthorityOf(options)));
        services.AddSingleton<NatsEventBus>();
        services.AddSingleton<IEventBus>(provider => provider.GetRequiredService<NatsEventBus>());
        services.AddHostedService(provider => provider.GetRequiredService<NatsEventBus>());
        services.AddHostedService<GridWatch>();
        if (options.IsHub)
        {
            services.AddSingleton<IReadOnlyList<IGridVerb>>(provider =>
            {
                var (grains, time) = (provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<TimeProvider>());
                return [.. GoalVerbs.All(time), .. new CampaignVerbs(grains, time).All, new SilosVerb(grains)];
            });
            services.AddHostedService<GridGateway>();
        }
    }

    /// <summary>Whether a hub may act: as long as its lease holds, or always where its database needs none.</summary>
    private static Func<bool>? AuthorityOf(HiveOptions options) => options switch
    {
        { IsHub: false } => null,
        { Hub.Lease: { } lease } => () => lease.IsHeld,
        _ => () => true,
    };
}
