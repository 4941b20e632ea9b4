using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Hive.Leaderboards;

/// <summary>
/// The hub's replica of one leaderboard; its key is <see cref="LeaderboardSummary.GrainKey"/>. What it has acknowledged is in the database. Many that submit at once share a write.
/// </summary>
[Alias("hive.leaderboard")]
public interface ILeaderboardGrain : IGrainWithStringKey
{
    /// <summary>Takes in what another replica, an agent or a file knows.</summary>
    /// <param name="delta">A part of a leaderboard, or all of it, in its serialised form.</param>
    /// <returns>Whether anything changed; completes when it is stored.</returns>
    /// <exception cref="FormatException">It is no leaderboard; nothing changed.</exception>
    /// <exception cref="ArgumentException">It is of another domain or other data than the key says, or ranks the other way; nothing changed.</exception>
    [Alias("merge"), AlwaysInterleave]
    Task<bool> MergeAsync(ImmutableArray<byte> delta);

    /// <summary>The best agents, and how much is behind them.</summary>
    /// <param name="most">How many at most, 1 to 1,000.</param>
    /// <exception cref="KeyNotFoundException">There is no such leaderboard.</exception>
    [Alias("top"), AlwaysInterleave, ReadOnly]
    Task<LeaderboardPage> TopAsync(int most);

    /// <summary>The whole leaderboard in its serialised form, for a newcomer or a file.</summary>
    /// <exception cref="KeyNotFoundException">There is no such leaderboard.</exception>
    [Alias("read"), AlwaysInterleave, ReadOnly]
    Task<ImmutableArray<byte>> ReadAsync();
}

/// <summary>The leaderboards of a hive. It lives on the hub; its key is <see cref="Key"/>.</summary>
[Alias("hive.leaderboard-index")]
public interface ILeaderboardIndexGrain : IGrainWithStringKey
{
    /// <summary>The one key.</summary>
    const string Key = "leaderboards";

    /// <summary>The leaderboards, by domain.</summary>
    [Alias("list"), AlwaysInterleave, ReadOnly]
    Task<LeaderboardSummary[]> ListAsync();

    /// <summary>Lists a leaderboard; called by the leaderboard itself.</summary>
    /// <param name="leaderboard">What the list shows of it.</param>
    [Alias("note")]
    Task NoteAsync(LeaderboardSummary leaderboard);
}
