using Hive.Agents;
using Hive.Silos;
using Hive.Swarm;
using Microsoft.Extensions.Logging;

namespace Hive.Research;

/// <summary>Takes a campaign from where its log ends to its end: gives out what the campaign waits for, and records what comes back. It decides nothing.</summary>
internal sealed partial class CampaignRun(string id, CampaignReplay campaign, CampaignJournal journal, CampaignHerald herald, IGrainFactory grains, TimeProvider time, ILogger logger)
{
    /// <summary>How many silos may be lost under one run before it counts as failed.</summary>
    private const int MaxLostSilos = 5;

    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private readonly string _domain = campaign.Request!.Domain.ToJson();

    /// <summary>Runs to the end of the campaign.</summary>
    /// <param name="stop">Stops the run where it is; the log lets it go on later.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        await journal.RecordAsync(ResearchLog.Begun, "{}");
        var underWay = new Dictionary<TaskId, Task>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            while (!campaign.Campaign.IsEnded)
            {
                foreach (var task in campaign.Campaign.Wanted.Where(task => !underWay.ContainsKey(task.Id)).ToArray()) underWay[task.Id] = CarryOutAsync(task, end.Token);
                await Task.WhenAny(underWay.Values);
                foreach (var (done, run) in underWay.Where(pair => pair.Value.IsCompleted).ToArray())
                {
                    await run;
                    underWay.Remove(done);
                }

                await herald.TellAsync();
            }
        }
        finally
        {
            // Nothing outlives the run, also where it breaks off.
            await end.CancelAsync();
            await Task.WhenAll(underWay.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        // Before the end is recorded: a crash in between tells it again, and it has been told once.
        await herald.StoreAsync();
        await journal.RecordAsync(ResearchLog.Ended, "{}");
    }

    private async Task CarryOutAsync(ResearchTask task, CancellationToken stop)
    {
        var order = new ExperimentOrder(
            _domain, campaign.Domain.Fingerprint, task.Configuration.Values, task.Seed, task.Part == DataPart.Test, campaign.Request!.Seconds);
        for (var lost = 0; ; lost++)
        {
            var agent = await AgentAsync(task.Agent, stop);
            try
            {
                var report = await grains.GetGrain<IResearcherGrain>(agent.ToString()).RunAsync(order, stop);
                await journal.RecordAsync(ResearchLog.Result, ResearchLog.WriteResult(task, campaign.Domain.Space, report, agent.ToString()));
                return;
            }
            catch (OrleansException e) when (lost < MaxLostSilos)
            {
                // The agent went with its silo; the run goes to another, under the same id.
                LogLost(e, id, task.Id.ToString(), agent.Silo);
                _lost.Add(agent.Silo);
            }
            catch (OrleansException e)
            {
                var report = new ExperimentReport(double.NaN, 0, $"{MaxLostSilos + 1} silos were lost under it, the last one with: {e.Message}");
                await journal.RecordAsync(ResearchLog.Result, ResearchLog.WriteResult(task, campaign.Domain.Space, report, agent.ToString()));
                return;
            }
        }
    }

    /// <summary>Each silo has its share of the campaign's agents by its cores, and the same ones as long as no silo comes or goes.</summary>
    private async Task<AgentKey> AgentAsync(int number, CancellationToken stop)
    {
        var silos = await SilosAsync(stop);
        var place = number % silos.Sum(silo => silo.Cores);
        var at = 0;
        while (place >= silos[at].Cores) place -= silos[at++].Cores;
        return new AgentKey(silos[at].Tier, silos[at].Name, $"{id}-{number}");
    }

    /// <summary>The silos that are here and were not lost; where none is left, the lost ones are asked again.</summary>
    private async Task<SiloAnnouncement[]> SilosAsync(CancellationToken stop)
    {
        while (true)
        {
            var here = await grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).ListAsync();
            var left = here.Where(silo => !_lost.Contains(silo.Name)).ToArray();
            if (left.Length > 0) return left;
            _lost.Clear();
            if (here.Length == 0) await Task.Delay(TimeSpan.FromSeconds(1), time, stop);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Campaign {Campaign}: run {Run} was lost with silo {Silo}")]
    private partial void LogLost(Exception e, string campaign, string run, string silo);
}
