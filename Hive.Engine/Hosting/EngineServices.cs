using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace Hive.Engine;

/// <summary>What silos and clients have in common.</summary>
internal static class EngineServices
{
    /// <summary>The key of the host's <see cref="FabricMember"/>, be it a silo or a client.</summary>
    internal const string MemberKey = "Hive.Engine";

    internal static void AddEngine(this IServiceCollection services)
    {
        services.AddOptions();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static _ => GrainManifest.OfApplication());
        services.TryAddSingleton(static services => new WireSerializer(
            services.GetRequiredService<GrainManifest>(), () => services.GetRequiredKeyedService<FabricMember>(MemberKey).Factory));
        services.TryAddSingleton(static services =>
        {
            var fabric = new SiloFabric(services.GetRequiredService<TimeProvider>(), services.GetService<ISiloTransport>());
            return new FabricLease(fabric, fabric.Close);
        });
        services.TryAddSingleton(static services => services.GetRequiredService<FabricLease>().Fabric);
    }
}

/// <summary>What options must satisfy.</summary>
internal static class EngineOptions
{
    internal const string InvalidMessaging = "MessagingOptions.ResponseTimeout must be longer than zero, or Timeout.InfiniteTimeSpan.";
    internal const string InvalidCollection = "The times of GrainCollectionOptions must be longer than zero.";

    internal static bool IsValid(MessagingOptions options) => options.ResponseTimeout > TimeSpan.Zero || options.ResponseTimeout == Timeout.InfiniteTimeSpan;

    internal static bool IsValid(GrainCollectionOptions options) =>
        options.CollectionAge > TimeSpan.Zero && options.CollectionQuantum > TimeSpan.Zero
        && options.ActivationTimeout > TimeSpan.Zero && options.DeactivationTimeout > TimeSpan.Zero;
}
