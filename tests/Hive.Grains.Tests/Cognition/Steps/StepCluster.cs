using System.Globalization;
using Hive.Brains;
using Hive.Goals;
using Hive.Silos;
using Hive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.TestingHost;

namespace Hive.Grains.Tests.Cognition.Steps;

/// <summary>A hub with brains of its own, on whichever engine the tests are built for.</summary>
internal sealed class StepCluster : IAsyncDisposable
{
    private const string Hub = "hub";

    private readonly InProcessTestCluster _cluster;

    private StepCluster(InProcessTestCluster cluster) => _cluster = cluster;

    /// <summary>The goal that tests run.</summary>
    public IGoalGrain Goal => _cluster.Client.GetGrain<IGoalGrain>("g");

    /// <summary>A goal of steps that add one to a number, from 0.</summary>
    /// <param name="steps">How many.</param>
    /// <param name="votes">More members of the check.</param>
    /// <param name="budget">The budget's members.</param>
    /// <param name="chain">More members of the steps.</param>
    public static string Spec(int steps, string votes = "\"lead\": 3", string budget = "\"tokens\": 100000000", string chain = "") => string.Create(CultureInfo.InvariantCulture, $$"""
        { "objective": "Count",
          "check": { "votes": { "answer": { "pattern": "[0-9]+", "maxCharacters": 20 }, {{votes}} } },
          "steps": { "state": "0", "instruction": "Add one to the number.", "count": {{steps}}{{(chain.Length > 0 ? ", " + chain : "")}} },
          "answerTokens": 20, "budget": { {{budget}} }, "seed": 3 }
        """);

    public static async Task<StepCluster> StartAsync(StepBrains brains, IGoalLog? log = null)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseSiloMetadata(HiveGrains.Tags(Hub, Tiers.Worker, isHub: true));
            silo.Services.AddSingleton<IBrains>(brains);
            silo.Services.AddHiveGrains(2);
            silo.Services.AddSingleton(log ?? new MemoryGoalLog());
            silo.Services.AddSingleton(GoalLocks.Unshared);
            silo.AddMemoryGrainStorage(HiveGrains.Storage);
        });
        var cluster = new StepCluster(builder.Build());
        await cluster._cluster.DeployAsync();
        await cluster._cluster.Client.GetGrain<IRegistryGrain>(IRegistryGrain.Key).AnnounceAsync(new SiloAnnouncement(Hub, Tiers.Worker, 2, 600)
        {
            Brains = [.. brains.All.Select(brain => new BrainOffer(brain.Name, brain.Model, brain.Tier, brain.MaxConcurrency, brain.ContextTokens, brain.PricePerMillionIn, brain.PricePerMillionOut))],
        });
        return cluster;
    }

    public async Task<GoalStatus> RunAsync(string spec)
    {
        await Goal.SubmitAsync(spec);
        return await Goal.WaitAsync(CancellationToken.None);
    }

    public async Task<List<GoalEvent>> EventsAsync()
    {
        var events = new List<GoalEvent>();
        await foreach (var entry in Goal.WatchAsync(0, CancellationToken.None))
        {
            events.Add(entry.Read()!);
        }

        return events;
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
