using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Hive.Engine;

/// <summary>Adds a silo to a host's services.</summary>
internal sealed class SiloBuilder : ISiloBuilder
{
    private SiloBuilder(IServiceCollection services, IConfiguration configuration)
    {
        Services = services;
        Configuration = configuration;
    }

    public IServiceCollection Services { get; }

    public IConfiguration Configuration { get; }

    /// <summary>The builder of a host's silo; the same one however often it is asked for.</summary>
    internal static SiloBuilder Of(IServiceCollection services, IConfiguration configuration)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(SiloBuilder))?.ImplementationInstance is SiloBuilder existing) return existing;
        if (services.Any(service => service.ServiceType == typeof(ClientBuilder)))
        {
            throw new OrleansConfigurationException("This host has a cluster client already; a silo brings its own, so call UseOrleans only.");
        }

        var builder = new SiloBuilder(services, configuration);
        builder.AddDefaults();
        return builder;
    }

    private void AddDefaults()
    {
        Services.AddSingleton(this);
        Services.AddEngine();
        Services.AddOptions<SiloMessagingOptions>().Validate(options => EngineOptions.IsValid(options), EngineOptions.InvalidMessaging);
        Services.AddOptions<GrainCollectionOptions>().Validate(EngineOptions.IsValid, EngineOptions.InvalidCollection);
        Services.AddSingleton(CreateSilo);
        Services.AddSingleton<ILocalSiloDetails>(static services => services.GetRequiredService<Silo>());
        Services.AddSingleton<IClusterClient>(static services => new ClusterClient(services.GetRequiredService<Silo>()));
        Services.AddSingleton<IGrainFactory>(static services => services.GetRequiredService<IClusterClient>());
        Services.AddSingleton<ISiloMetadataCache, SiloMetadataCache>();
        Services.AddKeyedSingleton<FabricMember>(EngineServices.MemberKey, static (services, _) => services.GetRequiredService<Silo>());
        Services.AddHostedService<SiloService>();
    }

    private Silo CreateSilo(IServiceProvider services)
    {
        var settings = new SiloSettings(
            services.GetRequiredService<IOptions<SiloOptions>>().Value.SiloName ?? $"silo-{Guid.NewGuid().ToString("N")[..8]}",
            services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId,
            services.GetService<SiloMetadata>() ?? SiloMetadata.Empty,
            services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value,
            services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            Singletons());
        var log = new EngineLog(services.GetRequiredService<ILoggerFactory>().CreateLogger<Silo>());
        return new Silo(settings, services.GetRequiredService<SiloFabric>(), services.GetRequiredService<GrainManifest>(), services, log);
    }

    private FrozenSet<Type> Singletons()
    {
        var lifetimes = new Dictionary<Type, ServiceLifetime>();
        foreach (var service in Services)
        {
            if (!service.IsKeyedService) lifetimes[service.ServiceType] = service.Lifetime;
        }

        return lifetimes.Where(service => service.Value == ServiceLifetime.Singleton).Select(service => service.Key).ToFrozenSet();
    }
}

/// <summary>Starts and stops the silo with its host.</summary>
internal sealed class SiloService(Silo silo, IServiceProvider services) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        silo.Reminders = services.GetService<ReminderService>();
        await silo.StartAsync(cancellationToken);
        if (silo.Reminders is { } reminders) await reminders.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (silo.Reminders is { } reminders) await reminders.StopAsync(cancellationToken);
        await silo.StopAsync(cancellationToken);
    }
}

/// <inheritdoc/>
internal sealed class SiloMetadataCache(SiloFabric fabric) : ISiloMetadataCache
{
    public SiloMetadata GetSiloMetadata(SiloAddress siloAddress) => fabric.View.Find(siloAddress)?.Description.Metadata ?? SiloMetadata.Empty;
}
