namespace Hive.Leaderboards;

/// <summary>A place on a leaderboard.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Claim">The agent's best claim that was not struck.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Experiments">How many experiments the agent has run, as far as the board knows.</param>
public sealed record LeaderboardRow(int Rank, Claim Claim, ClaimStatus Status, long Experiments);
