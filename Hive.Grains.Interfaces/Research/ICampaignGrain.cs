using Orleans.Concurrency;

namespace Hive.Research;

/// <summary>One research campaign: the authority over its own log, dumb otherwise. It lives on the hub, and its key is the campaign's id.</summary>
[Alias("hive.campaign")]
public interface ICampaignGrain : IGrainWithStringKey
{
    /// <summary>Accepts a campaign and starts it. Acknowledged means on disk. The same campaign under the same id again goes on where its log ends, and changes nothing where it has ended.</summary>
    /// <param name="request">The campaign as JSON.</param>
    /// <returns>The campaign as it stands.</returns>
    /// <exception cref="ArgumentException">The JSON is no campaign, its domain cannot be opened, or another campaign has this id.</exception>
    /// <exception cref="CampaignBusyException">Another process is at work on it.</exception>
    [Alias("submit"), ResponseTimeout("00:10:00")]
    Task<CampaignStatus> SubmitAsync(string request);

    /// <summary>Goes on with a campaign that lies still, from where its log ends. Nothing happens where it is at work or has ended.</summary>
    /// <exception cref="KeyNotFoundException">There is no such campaign.</exception>
    /// <exception cref="CampaignBusyException">Another process is at work on it.</exception>
    [Alias("resume"), ResponseTimeout("00:10:00")]
    Task<CampaignStatus> ResumeAsync();

    /// <summary>Stops the campaign where it is; its log lets it go on later.</summary>
    [Alias("stop")]
    Task StopAsync();

    /// <summary>The campaign as it stands.</summary>
    /// <exception cref="KeyNotFoundException">There is no such campaign.</exception>
    [Alias("status"), AlwaysInterleave, ReadOnly]
    Task<CampaignStatus> GetStatusAsync();

    /// <summary>The log from a place on, and then live until nobody works on the campaign any more.</summary>
    /// <param name="after">The sequence after which to begin; 0 for everything.</param>
    /// <param name="cancellation">Stops watching.</param>
    /// <exception cref="KeyNotFoundException">There is no such campaign.</exception>
    [Alias("watch"), AlwaysInterleave]
    IAsyncEnumerable<CampaignEntry> WatchAsync(long after, CancellationToken cancellation);
}

/// <summary>A campaign as it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Request">The campaign as JSON.</param>
/// <param name="Recorded">How many results are in its log.</param>
/// <param name="IsEnded">Whether everything was run and judged.</param>
/// <param name="IsAtWork">Whether this hub is at work on it.</param>
/// <param name="Trouble">Why it stopped before its end; null where it did not.</param>
[GenerateSerializer, Immutable, Alias("hive.campaign-status")]
public sealed record CampaignStatus(
    [property: Id(0)] string Id,
    [property: Id(1)] string Request,
    [property: Id(2)] long Recorded,
    [property: Id(3)] bool IsEnded,
    [property: Id(4)] bool IsAtWork,
    [property: Id(5)] string? Trouble);

/// <summary>One entry of a campaign's append-only log.</summary>
/// <param name="Sequence">Its place in the log, from 1, without gaps.</param>
/// <param name="At">When it was recorded, by the hub's clock.</param>
/// <param name="Kind">What happened: <c>accepted</c>, <c>begun</c>, <c>result</c> or <c>ended</c>.</param>
/// <param name="Json">The details as one JSON object.</param>
[GenerateSerializer, Immutable, Alias("hive.campaign-entry")]
public sealed record CampaignEntry(
    [property: Id(0)] long Sequence,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] string Kind,
    [property: Id(3)] string Json);

/// <summary>Another process is at work on the campaign.</summary>
/// <param name="message">Who, since when.</param>
[GenerateSerializer, Alias("hive.campaign-busy")]
public sealed class CampaignBusyException(string message) : InvalidOperationException(message);
