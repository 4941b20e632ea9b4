using FsCheck;
using FsCheck.Fluent;
using Hive.Leaderboards;
using Hive.Randomness;

namespace Hive.Research.Tests.Leaderboards;

/// <summary>What makes replicas agree, on boards so narrow that nearly all of them forget something.</summary>
public sealed class LeaderboardLawTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void Merging_is_commutative() => Check(random =>
    {
        var (a, b) = (Boards.Board(random, Boards.Narrow), Boards.Board(random, Boards.Narrow));
        return Boards.Text(Merged(a, b)) == Boards.Text(Merged(b, a));
    });

    [Fact]
    public void Merging_is_associative() => Check(random =>
    {
        var (a, b, c) = (Boards.Board(random, Boards.Narrow), Boards.Board(random, Boards.Narrow), Boards.Board(random, Boards.Narrow));
        return Boards.Text(Merged(Merged(a, b), c)) == Boards.Text(Merged(a, Merged(b, c)));
    });

    [Fact]
    public void Merging_is_idempotent() => Check(random =>
    {
        var (a, b) = (Boards.Board(random, Boards.Narrow), Boards.Board(random, Boards.Narrow));
        var once = Merged(a, b);
        var text = Boards.Text(once);
        return !once.Merge(b.ToDelta()) && !once.Merge(once.ToDelta()) && Boards.Text(once) == text;
    });

    [Fact]
    public void Merging_what_was_told_of_each_change_is_merging_the_board() => Check(random =>
    {
        var (teller, listener) = (new Leaderboard(Boards.Key, Boards.Narrow), new Leaderboard(Boards.Key, Boards.Narrow));
        var told = new List<LeaderboardDelta>();
        for (var i = 0; i < 20; i++)
        {
            told.Add(random.NextInt(3) == 0
                ? teller.Count(Boards.Delta(random).Counts.FirstOrDefault() ?? new ExperimentCount("agent-1", 1, 1))
                : teller.Judge(Boards.Claim(random), (ClaimStatus)random.NextInt(3)));
        }

        // In any order, and some of it twice.
        foreach (var delta in told.Concat(told.Take(5)).OrderBy(_ => random.NextBits())) listener.Merge(delta);
        return Boards.Text(listener) == Boards.Text(teller);
    });

    [Fact]
    public void Forgetting_on_the_way_forgets_what_would_be_forgotten_in_the_end() => Check(random =>
    {
        var deltas = Enumerable.Range(0, 6).Select(_ => Boards.Delta(random)).ToArray();
        var late = new Leaderboard(Boards.Key, new LeaderboardBounds(1_000, 1_000, 1_000));
        var early = new Leaderboard(Boards.Key, Boards.Narrow);
        foreach (var delta in deltas) late.Merge(delta);
        foreach (var delta in deltas.OrderBy(_ => random.NextBits())) early.Merge(delta);
        return Boards.Text(Boards.Copy(late, Boards.Narrow)) == Boards.Text(early) && early.ToDelta().Claims.SequenceEqual(Expected(late.ToDelta()));
    });

    [Fact]
    public void A_merge_only_ever_adds_knowledge() => Check(random =>
    {
        var (a, b) = (Boards.Board(random, Boards.Narrow), Boards.Board(random, Boards.Narrow));
        var both = Merged(a, b);
        return both.ToDelta().Claims.All(known => (a.StatusOf(known.Claim) ?? 0) <= known.Status && (b.StatusOf(known.Claim) ?? 0) <= known.Status);
    });

    [Fact]
    public void Equal_boards_have_equal_digests_and_different_ones_differ_where_they_differ() => Check(random =>
    {
        var (a, b) = (Boards.Board(random, Boards.Narrow), Boards.Board(random, Boards.Narrow));
        var (first, second) = (LeaderboardDigest.Of(a), LeaderboardDigest.Of(b));
        return first.IsSame(LeaderboardDigest.Of(Boards.Copy(a, Boards.Narrow)))
            && Enumerable.Range(0, LeaderboardDigest.Parts).All(part => (first.Sums[part] == second.Sums[part]) == (Part(a, part) == Part(b, part)));
    });

    /// <summary>The rule by its definition: of each agent the best two, and of these the best five.</summary>
    private static IEnumerable<JudgedClaim> Expected(LeaderboardDelta everything)
    {
        var order = new ClaimOrder(Boards.Key.Direction);
        return everything.Claims.GroupBy(claim => claim.Claim.Agent).SelectMany(claims => claims.Order(order).Take(Boards.Narrow.ClaimsPerAgent))
            .Order(order).Take(Boards.Narrow.Claims).OrderBy(claim => claim.Claim.Agent, StringComparer.Ordinal).ThenBy(claim => claim, order);
    }

    private static string Part(Leaderboard board, int part) => Convert.ToHexString(board.Select(agent => LeaderboardDigest.PartOf(agent) == part).ToBytes());

    private static Leaderboard Merged(Leaderboard one, Leaderboard other)
    {
        var merged = Boards.Copy(one, Boards.Narrow);
        merged.Merge(other.ToDelta());
        return merged;
    }

    private static void Check(Func<SeededRandom, bool> holds) => Prop.ForAll<ulong>(seed => holds(new SeededRandom(seed))).Check(Thorough);
}
