using Hive.Agents;
using Hive.Brains;
using Hive.Brains.Scripted;
using Hive.Building;
using Hive.Cognition;
using Hive.Goals;
using Hive.Grains.Tests.Goals;
using Hive.Silos;
using Hive.Storage;
using Hive.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace Hive.Grains.Tests.Cognition;

/// <summary>A hub and silos with brains, in one process.</summary>
internal sealed class BrainCluster : IAsyncDisposable
{
    private BrainCluster(GoalCluster silos, BilledBrains brains) => (Silos, Brains) = (silos, brains);

    public GoalCluster Silos { get; }

    public BilledBrains Brains { get; }

    public IGoalLog Log => Silos.Log;

    /// <summary>Starts a hub whose brains answer by a script, and announces them.</summary>
    public static async Task<BrainCluster> StartAsync(
        BrainScript script, IGoalLog? log = null, ITools? tools = null, IWorkshop? workshop = null, AgentMemories? memories = null, TimeProvider? time = null)
    {
        var cluster = await StartAsync(new ScriptedBrains(script, TimeProvider.System), silos: 1, log, tools, workshop, memories, time);
        await cluster.AnnounceAsync();
        return cluster;
    }

    /// <summary>Starts a hub and further silos, all with the same brains, and announces none.</summary>
    public static async Task<BrainCluster> StartAsync(
        IBrains brains, int silos, IGoalLog? log = null, ITools? tools = null, IWorkshop? workshop = null, AgentMemories? memories = null, TimeProvider? time = null)
    {
        var billed = new BilledBrains(brains);
        var cluster = await GoalCluster.StartAsync([.. Enumerable.Repeat(Tiers.Worker, silos)], cores: 2, log, (_, services) =>
        {
            services.AddSingleton<IBrains>(billed);
            if (tools is not null)
            {
                services.AddSingleton(tools);
            }

            if (workshop is not null)
            {
                services.AddSingleton(workshop);
            }

            if (memories is not null)
            {
                services.AddSingleton(memories);
            }

            if (time is not null)
            {
                services.AddSingleton(time);
            }
        });
        return new BrainCluster(cluster, billed);
    }

    public Task AnnounceAsync(string silo = GoalCluster.HubName) =>
        Silos.AnnounceAsync(silo, 2, Tiers.Worker, new BrainAsker(Brains, TimeProvider.System).Offers);

    public IGoalGrain Goal(string id) => Silos.Goal(id);

    public Task<GoalStatus> RunAsync(string id, string spec) => Silos.RunAsync(id, spec);

    public Task<List<GoalEvent>> EventsAsync(string id) => Silos.EventsAsync(id);

    /// <summary>Waits until something has happened to a goal.</summary>
    public async Task<GoalEvent> UntilAsync(string id, Func<GoalEvent, bool> happened)
    {
        await foreach (var entry in Goal(id).WatchAsync(0, TestContext.Current.CancellationToken))
        {
            if (happened(entry.Read()!))
            {
                return entry.Read()!;
            }
        }

        throw new InvalidOperationException($"goal {id} ended before: {(await Goal(id).GetStatusAsync()).ToJson()}");
    }

    /// <summary>The goal as its log alone tells it.</summary>
    public async Task<GoalProgress> ReplayAsync(string id)
    {
        var progress = new GoalProgress(id);
        await new GoalJournal(progress, Log, TimeProvider.System).ReplayAsync(CancellationToken.None);
        return progress;
    }

    public static async Task<List<LogEntry>> EntriesAsync(IGoalLog log, string id)
    {
        var entries = new List<LogEntry>();
        await foreach (var entry in log.ReadAsync(id, 0, CancellationToken.None))
        {
            entries.Add(entry);
        }

        return entries;
    }

    public ValueTask DisposeAsync() => Silos.DisposeAsync();
}
