using System.Text.Json;
using Hive.Client;
using Hive.Client.Grid;
using Hive.Goals;
using Hive.Research;

namespace Hive.Silo.Grid;

/// <summary>The verbs that look after research campaigns.</summary>
internal sealed class CampaignVerbs(IGrainFactory grains, TimeProvider time)
{
    /// <summary>All of them.</summary>
    public IEnumerable<IGridVerb> All =>
    [
        new GridVerb(GridApi.ResearchSubmit, (_, user, request, _) => SubmitAsync(user, request)),
        new GridVerb(GridApi.ResearchStatus, (_, user, request, _) => StatusAsync(Campaign(user, request).GetStatusAsync())),
        new GridVerb(GridApi.ResearchResume, (_, user, request, _) => StatusAsync(Campaign(user, request).ResumeAsync())),
        new GridVerb(GridApi.ResearchWatch, (_, user, request, cancellation) => WatchAsync(user, request, cancellation)),
    ];

    private async Task<byte[]> SubmitAsync(string user, JsonElement request)
    {
        if (!request.TryGetProperty("campaign", out var campaign)) throw new ArgumentException("the request has no \"campaign\": put what is to be researched there");
        var id = GridApi.OwnId(user, GridApi.Text(request, "id") ?? GoalId.New());
        return await StatusAsync(grains.GetGrain<ICampaignGrain>(id).SubmitAsync(campaign.GetRawText()));
    }

    private Task<byte[]> WatchAsync(string user, JsonElement request, CancellationToken cancellation)
    {
        var campaign = Campaign(user, request);
        return LogWatch.AnswerAsync(
            request,
            async stop => (await campaign.GetStatusAsync().WaitAsync(stop)).IsEnded,
            (after, stop) => campaign.WatchAsync(after, stop),
            entry => new GoalEntry(entry.Sequence, entry.At, entry.Kind, entry.Json),
            time,
            cancellation);
    }

    private ICampaignGrain Campaign(string user, JsonElement request) => grains.GetGrain<ICampaignGrain>(GridVerb.IdOf(user, request, "campaign"));

    private static async Task<byte[]> StatusAsync(Task<CampaignStatus> asked)
    {
        var status = await asked;
        return GridApi.Json(writer =>
        {
            writer.WriteString("id", status.Id);
            writer.WritePropertyName("campaign");
            writer.WriteRawValue(status.Request);
            writer.WriteNumber("recorded", status.Recorded);
            writer.WriteBoolean("isEnded", status.IsEnded);
            writer.WriteBoolean("isAtWork", status.IsAtWork);
            if (status.Trouble is { } trouble) writer.WriteString("trouble", trouble);
        });
    }
}
