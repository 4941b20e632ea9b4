using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Hive.Gossip;
using Hive.Leaderboards;
using Hive.Randomness;
using Hive.Research.Tests.Leaderboards;

namespace Hive.Research.Tests.Gossip;

public sealed class LeaderboardReplicaTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private readonly ManualTime _time = new();

    [Fact]
    public void Four_replicas_cut_off_from_each_other_agree_within_two_seconds_of_meeting() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var (islands, replicas) = Replicas(random, 4);
        for (var round = random.NextInt(20); round >= 0; round--)
        {
            foreach (var replica in replicas) replica.Merge(Boards.Delta(random));
            Advance(islands, Step);
        }

        islands.Meet();
        Advance(islands, TimeSpan.FromSeconds(2));
        foreach (var replica in replicas) replica.Dispose();
        return replicas.Select(Text).Distinct().Count() == 1 && Text(replicas[0]) == Text(Union(replicas));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Replicas_agree_though_a_third_of_all_messages_is_lost()
    {
        var random = new SeededRandom(1);
        var (islands, replicas) = Replicas(random, 4);
        foreach (var replica in replicas) replica.Merge(Many(random, 500));
        islands.Meet();
        islands.Loss = 0.33;
        Advance(islands, TimeSpan.FromSeconds(30));
        Assert.Single(replicas.Select(Text).Distinct());
    }

    [Fact]
    public void A_change_is_known_to_the_others_without_waiting_for_a_period()
    {
        var (islands, replicas) = Replicas(new SeededRandom(1), 3);
        islands.Meet();
        replicas[0].Submit(Boards.Claim("ada", 1));
        replicas[1].Judge(Boards.Claim("ada", 1), ClaimStatus.Refuted);
        replicas[2].Count(new ExperimentCount("ada", 1, 5));
        islands.Deliver();
        Assert.All(replicas, replica => Assert.Equal((1, 5L, ClaimStatus.Refuted), replica.Read(board => (board.Claims, board.Experiments, board.StatusOf(Boards.Claim("ada", 1))!.Value))));
    }

    [Fact]
    public void A_newcomer_reads_a_full_board_within_two_seconds()
    {
        var random = new SeededRandom(2);
        var (islands, replicas) = Replicas(random, 3);
        islands.Meet();
        replicas[0].Merge(Many(random, Leaderboard.MaxClaims));
        Advance(islands, TimeSpan.FromSeconds(5));
        var newcomer = new LeaderboardReplica(Boards.Key, islands.Join(0), new HybridClock(_time), _time, 99);
        Advance(islands, TimeSpan.FromSeconds(2));
        Assert.Equal(Leaderboard.MaxClaims, newcomer.Read(board => board.Claims));
        Assert.Equal(Text(replicas[2]), Text(newcomer));
    }

    [Fact]
    public void Replicas_that_agree_say_little()
    {
        var random = new SeededRandom(3);
        var (islands, replicas) = Replicas(random, 20);
        islands.Meet();
        replicas[0].Merge(Many(random, 1_000));
        Advance(islands, TimeSpan.FromSeconds(5));
        var before = islands.Delivered;
        Advance(islands, TimeSpan.FromSeconds(10));

        // Ten seconds of twenty who each tell twenty a kilobyte a second would be four million bytes.
        Assert.InRange(islands.Delivered - before, 1, 1_000_000);
    }

    [Fact]
    public void What_is_no_message_of_a_replica_is_counted_and_changes_nothing() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var islands = new Islands(random);
        using var replica = new LeaderboardReplica(Boards.Key, islands.Join(0), new HybridClock(_time), _time, 1);
        var messages = new List<byte[]>();
        using var listener = islands.Join(0).Subscribe(LeaderboardReplica.TopicOf(Boards.Key), message => messages.Add(message.ToArray()));
        replica.Merge(Many(random, 3));
        Advance(islands, TimeSpan.FromSeconds(1));
        var stranger = islands.Join(0);
        foreach (var message in messages)
        {
            stranger.Publish(LeaderboardReplica.TopicOf(Boards.Key), message.AsSpan(0, random.NextInt(message.Length)));
            message[random.NextInt(4)] ^= 0x80;
            stranger.Publish(LeaderboardReplica.TopicOf(Boards.Key), message);
        }

        var (before, sent) = (Text(replica), 2 * messages.Count);
        islands.Deliver();
        return replica.Refused == sent && Text(replica) == before;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Replicas_of_other_data_do_not_mix()
    {
        var islands = new Islands(new SeededRandom(1));
        using var one = new LeaderboardReplica(Boards.Key, islands.Join(0), new HybridClock(_time), _time, 1);
        using var other = new LeaderboardReplica(new LeaderboardKey("ml", new string('b', 64), Direction.Minimize), islands.Join(0), new HybridClock(_time), _time, 2);
        one.Submit(Boards.Claim("ada", 1));
        Advance(islands, TimeSpan.FromSeconds(3));
        Assert.Equal(0, other.Read(board => board.Claims));
        Assert.True(other.Refused > 0);
    }

    private static string Text(LeaderboardReplica replica) => replica.Read(Boards.Text);

    private static string Text(Leaderboard board) => Boards.Text(board);

    private static Leaderboard Union(IEnumerable<LeaderboardReplica> replicas)
    {
        var union = new Leaderboard(Boards.Key);
        foreach (var replica in replicas) union.Merge(replica.Read(board => board.ToDelta()));
        return union;
    }

    private static LeaderboardDelta Many(SeededRandom random, int claims) => new(
        Boards.Key,
        [.. Enumerable.Range(0, claims).Select(i => new JudgedClaim(Boards.Claim(string.Create(CultureInfo.InvariantCulture, $"agent-{random.NextBits()}"), random.NextDouble()), ClaimStatus.Claimed))],
        []);

    private (Islands Islands, LeaderboardReplica[] Replicas) Replicas(SeededRandom random, int count)
    {
        var islands = new Islands(random);
        return (islands, [.. Enumerable.Range(0, count).Select(i => new LeaderboardReplica(Boards.Key, islands.Join(i), new HybridClock(_time), _time, SeededRandom.Mix(random.NextBits(), (ulong)i)))]);
    }

    private void Advance(Islands islands, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            _time.Advance(Step);
            islands.Deliver();
        }
    }
}
