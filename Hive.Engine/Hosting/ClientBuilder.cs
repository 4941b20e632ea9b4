using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>Adds a cluster client to a host's services.</summary>
internal sealed class ClientBuilder : IClientBuilder
{
    private ClientBuilder(IServiceCollection services, IConfiguration configuration)
    {
        Services = services;
        Configuration = configuration;
    }

    public IServiceCollection Services { get; }

    public IConfiguration Configuration { get; }

    /// <summary>The builder of a host's client; the same one however often it is asked for.</summary>
    internal static ClientBuilder Of(IServiceCollection services, IConfiguration configuration)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(ClientBuilder))?.ImplementationInstance is ClientBuilder existing) return existing;
        if (services.Any(service => service.ServiceType == typeof(SiloBuilder)))
        {
            throw new OrleansConfigurationException("This host has a silo, which brings a client of its own; do not call UseOrleansClient as well.");
        }

        var builder = new ClientBuilder(services, configuration);
        builder.AddDefaults();
        return builder;
    }

    private void AddDefaults()
    {
        Services.AddSingleton(this);
        Services.AddEngine();
        Services.AddOptions<ClientMessagingOptions>().Validate(options => EngineOptions.IsValid(options), EngineOptions.InvalidMessaging);
        Services.AddSingleton(static services => new ClientMember(
            $"client-{Guid.NewGuid().ToString("N")[..8]}",
            services.GetRequiredService<SiloFabric>(),
            services.GetRequiredService<GrainManifest>(),
            services,
            services.GetRequiredService<IOptions<ClientMessagingOptions>>().Value,
            new EngineLog(services.GetRequiredService<ILoggerFactory>().CreateLogger<ClusterClient>())));
        Services.AddSingleton<IClusterClient>(static services => new ClusterClient(services.GetRequiredService<ClientMember>()));
        Services.AddSingleton<IGrainFactory>(static services => services.GetRequiredService<IClusterClient>());
        Services.AddKeyedSingleton<FabricMember>(EngineServices.MemberKey, static (services, _) => services.GetRequiredService<ClientMember>());
        Services.AddHostedService<ClientService>();
    }
}

/// <summary>Starts and stops the client with its host.</summary>
internal sealed class ClientService(ClientMember client) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => client.Fabric.AnnounceAsync(client, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken)
    {
        client.Stop();
        return client.Fabric.WithdrawAsync(client, cancellationToken);
    }
}
