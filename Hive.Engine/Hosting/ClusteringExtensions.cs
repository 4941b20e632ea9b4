using System.Net;
using Hive.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Joins silos of one machine.</summary>
public static class CoreHostingExtensions
{
    /// <summary>Joins the silos and clients of this process that name the same cluster. The embedded engine needs no ports; they are not opened.</summary>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder,
        int siloPort = 11111,
        int gatewayPort = 30000,
        IPEndPoint? primarySiloEndpoint = null,
        string serviceId = "dev",
        string clusterId = "dev")
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.JoinLocalhostCluster(serviceId, clusterId);
        return builder;
    }

    internal static void JoinLocalhostCluster(this IServiceCollection services, string serviceId, string clusterId)
    {
        services.Configure<ClusterOptions>(options =>
        {
            options.ServiceId = serviceId;
            options.ClusterId = clusterId;
        });

        services.AddSingleton(static services => LocalhostClusters.OfProcess.Join(
            services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId,
            () => new SiloFabric(services.GetRequiredService<TimeProvider>(), services.GetService<ISiloTransport>())));
    }
}

/// <summary>Shapes a cluster client.</summary>
public static class ClientBuilderExtensions
{
    /// <summary>Adds services.</summary>
    public static IClientBuilder ConfigureServices(this IClientBuilder builder, Action<IServiceCollection> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(builder.Services);
        return builder;
    }

    /// <summary>Sets options.</summary>
    public static IClientBuilder Configure<TOptions>(this IClientBuilder builder, Action<TOptions> configureOptions)
        where TOptions : class
    {
        builder.Services.Configure(configureOptions);
        return builder;
    }

    /// <summary>Joins the silos of this process that name the same cluster. The embedded engine needs no ports.</summary>
    public static IClientBuilder UseLocalhostClustering(
        this IClientBuilder builder, int gatewayPort = 30000, string serviceId = "dev", string clusterId = "dev")
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.JoinLocalhostCluster(serviceId, clusterId);
        return builder;
    }
}
