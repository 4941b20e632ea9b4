using Hive.Research;
using Hive.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hive.Silo.Hosting;

/// <summary>Goes on with research campaigns that lie still without having ended, for as long as the hub is up.</summary>
internal sealed partial class CampaignResumer(IGrainFactory grains, TimeProvider time, ILogger<CampaignResumer> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>What was told of a campaign that cannot be gone on with: once is enough.</summary>
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                foreach (var campaign in await grains.GetGrain<ICampaignIndexGrain>(ICampaignIndexGrain.Key).ListAsync()) await ResumeAsync(campaign);
            }
            catch (Exception e) when (e is StorageException or OrleansException or TimeoutException)
            {
                LogNotListed(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ResumeAsync(string campaign)
    {
        try
        {
            var status = await grains.GetGrain<ICampaignGrain>(campaign).ResumeAsync();
            _told.Remove(campaign);
            if (status.IsEnded) await ForgetAsync(campaign);
        }
        catch (KeyNotFoundException)
        {
            // A hub died between noting the campaign and accepting it, and told nobody that it was accepted.
            await ForgetAsync(campaign);
        }
        catch (Exception e) when (e is CampaignHistoryException or CampaignBusyException or ArgumentException or StorageException or OrleansException or TimeoutException)
        {
            if (_told.TryGetValue(campaign, out var before) && before == e.Message) return;
            _told[campaign] = e.Message;
            LogNotResumed(e, campaign);
        }
    }

    private Task ForgetAsync(string campaign) => grains.GetGrain<ICampaignIndexGrain>(ICampaignIndexGrain.Key).NoteAsync(campaign, isEnded: true);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Campaign {Campaign} was not resumed; it is tried again")]
    private partial void LogNotResumed(Exception e, string campaign);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Unfinished campaigns were not looked for: {Reason}")]
    private partial void LogNotListed(string reason);
}
