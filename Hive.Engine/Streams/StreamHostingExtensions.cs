using Hive.Engine;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Orleans.Hosting;

/// <summary>Shapes a silo's memory streams. The embedded engine's have nothing to set.</summary>
public interface ISiloMemoryStreamConfigurator;

/// <summary>Shapes a client's memory streams. The embedded engine's have nothing to set.</summary>
public interface IClusterClientMemoryStreamConfigurator;

/// <summary>Gives a silo memory streams.</summary>
public static class SiloBuilderMemoryStreamExtensions
{
    /// <summary>Adds the stream provider of that name.</summary>
    public static ISiloBuilder AddMemoryStreams(this ISiloBuilder builder, string name, Action<ISiloMemoryStreamConfigurator>? configure = null)
    {
        builder.Services.AddMemoryStreams(name);
        configure?.Invoke(new MemoryStreamConfigurator());
        return builder;
    }
}

/// <summary>Gives a client memory streams.</summary>
public static class ClientBuilderStreamingExtensions
{
    /// <summary>Adds the stream provider of that name.</summary>
    public static IClientBuilder AddMemoryStreams(this IClientBuilder builder, string name, Action<IClusterClientMemoryStreamConfigurator>? configure = null)
    {
        builder.Services.AddMemoryStreams(name);
        configure?.Invoke(new MemoryStreamConfigurator());
        return builder;
    }
}

/// <summary>Nothing to set.</summary>
internal sealed class MemoryStreamConfigurator : ISiloMemoryStreamConfigurator, IClusterClientMemoryStreamConfigurator;

/// <summary>Registers memory streams.</summary>
internal static class MemoryStreamServices
{
    internal static void AddMemoryStreams(this IServiceCollection services, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.AddKeyedSingleton<IStreamProvider>(
            name, static (services, name) => new MemoryStreamProvider((string)name!, services.GetRequiredKeyedService<FabricMember>(EngineServices.MemberKey)));
    }
}
