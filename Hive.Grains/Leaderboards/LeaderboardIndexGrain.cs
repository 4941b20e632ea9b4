using Hive.Placement;

namespace Hive.Leaderboards;

/// <summary>The list of a hive's leaderboards.</summary>
/// <param name="state">The leaderboards by the keys of their grains.</param>
[HubPlacement]
public sealed class LeaderboardIndexGrain([PersistentState("leaderboards", HiveGrains.Storage)] IPersistentState<LeaderboardList> state) : Grain, ILeaderboardIndexGrain
{
    /// <summary>How many leaderboards a hive keeps.</summary>
    public const int MaxLeaderboards = 10_000;

    /// <inheritdoc/>
    public Task<LeaderboardSummary[]> ListAsync() => Task.FromResult(
        state.State.Leaderboards.Values.OrderBy(board => board.Domain, StringComparer.Ordinal).ThenBy(board => board.Fingerprint, StringComparer.Ordinal).ToArray());

    /// <inheritdoc/>
    public Task NoteAsync(LeaderboardSummary leaderboard)
    {
        if (state.State.Leaderboards.ContainsKey(leaderboard.GrainKey))
        {
            return Task.CompletedTask;
        }

        if (state.State.Leaderboards.Count >= MaxLeaderboards)
        {
            throw new InvalidOperationException($"this hive keeps {MaxLeaderboards:N0} leaderboards, which is as many as it keeps");
        }

        state.State.Leaderboards[leaderboard.GrainKey] = leaderboard;
        return state.WriteStateAsync();
    }
}

/// <summary>The leaderboards of a hive as the hub stores them.</summary>
public sealed class LeaderboardList
{
    /// <summary>Leaderboards by the keys of their grains.</summary>
    public Dictionary<string, LeaderboardSummary> Leaderboards { get; set; } = [];
}
