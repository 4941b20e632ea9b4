using Hive.Placement;

namespace Hive.Research;

/// <summary>The unfinished campaigns of a hive.</summary>
/// <param name="state">Their ids, as stored.</param>
[HubPlacement]
public sealed class CampaignIndexGrain([PersistentState("campaigns", HiveGrains.Storage)] IPersistentState<UnfinishedCampaigns> state) : Grain, ICampaignIndexGrain
{
    /// <summary>How many campaigns may lie unfinished.</summary>
    public const int MaxUnfinished = 10_000;

    /// <inheritdoc/>
    public Task<string[]> ListAsync() => Task.FromResult(state.State.Ids);

    /// <inheritdoc/>
    public async Task NoteAsync(string campaign, bool isEnded)
    {
        var ids = state.State.Ids;
        if (ids.Contains(campaign) != isEnded) return;
        if (!isEnded && ids.Length >= MaxUnfinished) throw new InvalidOperationException($"{MaxUnfinished:N0} campaigns lie unfinished, which is as many as a hub takes; finish some with hive research --resume ID");
        state.State = new UnfinishedCampaigns { Ids = isEnded ? [.. ids.Where(id => id != campaign)] : [.. ids, campaign] };
        await state.WriteStateAsync();
    }
}

/// <summary>The unfinished campaigns as the hub stores them.</summary>
public sealed class UnfinishedCampaigns
{
    /// <summary>Their ids.</summary>
    public string[] Ids { get; set; } = [];
}
