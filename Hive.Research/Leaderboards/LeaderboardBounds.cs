namespace Hive.Leaderboards;

/// <summary>How much a leaderboard keeps. Replicas of one board must agree on it.</summary>
internal sealed record LeaderboardBounds(int ClaimsPerAgent, int Claims, int Counts)
{
    public static LeaderboardBounds Default { get; } = new(Leaderboard.ClaimsPerAgent, Leaderboard.MaxClaims, Leaderboard.MaxCounts);
}
