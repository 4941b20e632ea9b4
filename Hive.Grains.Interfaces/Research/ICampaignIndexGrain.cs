using Orleans.Concurrency;

namespace Hive.Research;

/// <summary>The campaigns that have been accepted and have not ended, so that a hub that starts can go on with them. It lives on the hub; its key is <see cref="Key"/>.</summary>
[Alias("hive.campaign-index")]
public interface ICampaignIndexGrain : IGrainWithStringKey
{
    /// <summary>The one key.</summary>
    const string Key = "campaigns";

    /// <summary>The ids of unfinished campaigns.</summary>
    [Alias("list"), AlwaysInterleave, ReadOnly]
    Task<string[]> ListAsync();

    /// <summary>Notes that a campaign was accepted, or has ended; called by the campaign itself.</summary>
    /// <param name="campaign">Its id.</param>
    /// <param name="isEnded">Whether it has ended.</param>
    /// <exception cref="InvalidOperationException">More campaigns lie unfinished than a hub takes.</exception>
    [Alias("note")]
    Task NoteAsync(string campaign, bool isEnded);
}
