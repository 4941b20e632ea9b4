using System.Globalization;
using Hive.Leaderboards;
using Hive.Randomness;

namespace Hive.Research.Tests.Leaderboards;

/// <summary>Small boards drawn at random, from so few agents, values and instants that everything collides.</summary>
internal static class Boards
{
    public static readonly LeaderboardKey Key = new("ml", new string('a', 64), Direction.Minimize);

    /// <summary>So little room that almost every board is cut to size.</summary>
    public static readonly LeaderboardBounds Narrow = new(2, 5, 4);

    public static Claim Claim(string agent, double value, string experiment = "run-1", ulong at = 1, string configuration = "{\"rate\":0.1}") =>
        new(agent, experiment, value, configuration, 7, new HybridTimestamp(at));

    public static LeaderboardDelta Delta(SeededRandom random, LeaderboardKey? key = null) => new(
        key ?? Key,
        [.. Enumerable.Range(0, random.NextInt(6)).Select(_ => new JudgedClaim(Claim(random), (ClaimStatus)random.NextInt(3)))],
        [.. Enumerable.Range(0, random.NextInt(4)).Select(_ => new ExperimentCount(Agent(random), random.NextInt(3), random.NextInt(9)))]);

    public static Leaderboard Board(SeededRandom random, LeaderboardBounds bounds)
    {
        var board = new Leaderboard(Key, bounds);
        for (var i = random.NextInt(4); i > 0; i--) board.Merge(Delta(random));
        return board;
    }

    public static Leaderboard Copy(Leaderboard board, LeaderboardBounds bounds)
    {
        var copy = new Leaderboard(board.Key, bounds);
        copy.Merge(board.ToDelta());
        return copy;
    }

    public static string Text(Leaderboard board) => Convert.ToHexString(board.ToDelta().ToBytes());

    public static Claim Claim(SeededRandom random) =>
        Claim(Agent(random), random.NextInt(5), string.Create(CultureInfo.InvariantCulture, $"run-{random.NextInt(2)}"), (ulong)random.NextInt(2));

    private static string Agent(SeededRandom random) => string.Create(CultureInfo.InvariantCulture, $"agent-{random.NextInt(4)}");
}
