using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hive.Client;

/// <summary>Adds the client to an application.</summary>
public static class HiveClientExtensions
{
    /// <summary>Adds <see cref="IHive"/> over the hive that the host has joined: its own silo, or the one its cluster client is connected to.</summary>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddHiveClient(this IServiceCollection services)
    {
        services.TryAddSingleton<IHive>(provider => new HiveClient(provider.GetRequiredService<IClusterClient>()));
        return services;
    }
}
