using System.Collections.Immutable;

namespace Hive.Leaderboards;

/// <summary>Which leaderboard.</summary>
/// <param name="Domain">The domain's name.</param>
/// <param name="Fingerprint">SHA-256 in lower-case hexadecimal of all that decides the domain's values.</param>
/// <param name="Direction">Which way is better: <c>minimize</c> or <c>maximize</c>.</param>
[GenerateSerializer, Immutable, Alias("hive.leaderboard-summary")]
public sealed record LeaderboardSummary([property: Id(0)] string Domain, [property: Id(1)] string Fingerprint, [property: Id(2)] string Direction)
{
    /// <summary>The key of its grain: results of other data have a leaderboard of their own.</summary>
    public string GrainKey => $"{Domain}/{Fingerprint}";
}

/// <summary>The top of a leaderboard.</summary>
/// <param name="Leaderboard">Which one.</param>
/// <param name="Experiments">How many experiments were run.</param>
/// <param name="Agents">By how many agents.</param>
/// <param name="Claims">How many claims are kept, struck ones too.</param>
/// <param name="Places">The best agents, the best first.</param>
[GenerateSerializer, Immutable, Alias("hive.leaderboard-page")]
public sealed record LeaderboardPage(
    [property: Id(0)] LeaderboardSummary Leaderboard,
    [property: Id(1)] long Experiments,
    [property: Id(2)] int Agents,
    [property: Id(3)] int Claims,
    [property: Id(4)] ImmutableArray<LeaderboardPlace> Places);

/// <summary>A place on a leaderboard: an agent's best claim that was not struck.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Agent">The agent.</param>
/// <param name="Value">The metric's value.</param>
/// <param name="Status">What became of the claim: <c>claimed</c> or <c>verified</c>.</param>
/// <param name="Experiment">The experiment's id.</param>
/// <param name="Seed">The experiment's seed.</param>
/// <param name="At">When it was claimed.</param>
/// <param name="Configuration">What was tried: a JSON object.</param>
/// <param name="Experiments">How many experiments the agent has run.</param>
[GenerateSerializer, Immutable, Alias("hive.leaderboard-place")]
public sealed record LeaderboardPlace(
    [property: Id(0)] int Rank,
    [property: Id(1)] string Agent,
    [property: Id(2)] double Value,
    [property: Id(3)] string Status,
    [property: Id(4)] string Experiment,
    [property: Id(5)] ulong Seed,
    [property: Id(6)] DateTimeOffset At,
    [property: Id(7)] string Configuration,
    [property: Id(8)] long Experiments);
