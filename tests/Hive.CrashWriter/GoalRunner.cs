using Hive;
using Hive.Agents;
using Hive.Brains;
using Hive.Brains.Configuration;
using Hive.Goals;
using Hive.Silos;
using Hive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.TestingHost;

/// <summary>Runs a goal for brains to its end, or goes on with it, and says of each entry of its log that it is there.</summary>
internal static class GoalRunner
{
    /// <param name="database">Where the goal's log is.</param>
    /// <param name="brains">A <c>hive.json</c>.</param>
    /// <param name="goal">The goal's id.</param>
    /// <param name="spec">The goal.</param>
    public static async Task RunAsync(HiveDatabase database, string brains, string goal, string spec)
    {
        await using var pool = await BrainPool.OpenAsync(BrainsFile.Load(brains), TimeProvider.System, loggers: null, CancellationToken.None);
        await using var locks = GoalLocks.Of(database);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseSiloMetadata(HiveGrains.Tags("hub", Tiers.Worker, isHub: true));
            silo.Services.AddSingleton<IBrains>(pool);
            silo.Services.AddHiveGrains(cores: 2);
            silo.Services.AddSingleton<IGoalLog>(new DatabaseGoalLog(database));
            silo.Services.AddSingleton(locks);
            silo.AddMemoryGrainStorage(HiveGrains.Storage);
        });
        await using var cluster = builder.Build();
        await cluster.DeployAsync();
        await cluster.Client.GetGrain<IRegistryGrain>(IRegistryGrain.Key).AnnounceAsync(
            new SiloAnnouncement("hub", Tiers.Worker, 2, 600) { Brains = new BrainAsker(pool, TimeProvider.System).Offers });
        var grain = cluster.Client.GetGrain<IGoalGrain>(goal);
        await grain.SubmitAsync(await File.ReadAllTextAsync(spec));
        await grain.ResumeAsync();
        await foreach (var entry in grain.WatchAsync(0, CancellationToken.None))
        {
            await Console.Out.WriteLineAsync($"{entry.Sequence} {entry.Kind}");
        }

        await Console.Out.WriteLineAsync($"ended {(await grain.GetStatusAsync()).State}");
    }
}
