using Hive.Agents;
using Hive.Brains;
using Hive.Cognition.Prompts;
using Hive.Gossip;
using Hive.Leaderboards;
using Hive.Placement;
using Hive.Research;
using Hive.Silos;
using Hive.Skills;
using Hive.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Placement;

namespace Hive;

/// <summary>What Hive's grains need of a silo, on either engine.</summary>
public static class HiveGrains
{
    /// <summary>The name of the storage that grains of Hive keep their states in; a hub registers one under it.</summary>
    public const string Storage = "hive";

    /// <summary>Adds the rules of placement, the workspaces of agents and the clock. A hub adds an <c>IGoalLog</c> beside it.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="cores">How many attempts run at once, at least 1.</param>
    public static IServiceCollection AddHiveGrains(this IServiceCollection services, int cores)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddPlacementFilter<HubPlacementStrategy, HubPlacementDirector>(ServiceLifetime.Singleton);
        services.AddPlacementFilter<TierPlacementStrategy, TierPlacementDirector>(ServiceLifetime.Singleton);
        services.AddSingleton(provider => new GoalWorkspaces(cores, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SkillSandbox>();
        services.AddResearch(cores);
        services.TryAddSingleton<IEventBus>(_ => new MemoryEventBus());
        services.AddSingleton(provider => new SiloLeaderboards(provider.GetRequiredService<IEventBus>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SiloIncarnation>();
        services.TryAddSingleton<IBrains>(_ => new NoBrains());
        services.AddSingleton<BrainAsker>();
        services.TryAddSingleton(AgentMemories.Forgetful);
        services.TryAddSingleton<ITools>(_ => new Cognition.NoTools());
        services.TryAddSingleton(provider => new Cognition.CognitionParts(
            provider.GetService<PromptLibrary>() ?? PromptLibrary.Load(null),
            provider.GetRequiredService<ITools>(),
            provider.GetService<Building.IWorkshop>()));
        return services;
    }

    /// <summary>A silo's metadata, which placement reads.</summary>
    /// <param name="name">The silo's name.</param>
    /// <param name="tier">Its tier.</param>
    /// <param name="isHub">Whether it holds authority.</param>
    public static Dictionary<string, string> Tags(string name, string tier, bool isHub)
    {
        var tags = new Dictionary<string, string> { [SiloTags.Name] = name, [SiloTags.Tier] = tier };
        if (isHub)
        {
            tags[SiloTags.Role] = SiloTags.Hub;
        }

        return tags;
    }
}
