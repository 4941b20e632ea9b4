using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hive.Gossip;
using Hive.Leaderboards;
using Hive.Randomness;
using Hive.Research.Tests.Leaderboards;

namespace Hive.Research.Tests.Gossip;

public sealed class FindingGossipTests : IDisposable
{
    private static readonly string Topic = FindingGossip.TopicOf(Boards.Key);
    private readonly ManualTime _time = new();
    private readonly Islands _islands = new(new SeededRandom(1));
    private readonly ReputationBook _reputations;
    private readonly List<Finding> _heard = [];
    private readonly IEventBus _stranger;
    private FindingGossip _gossip;

    public FindingGossipTests()
    {
        _reputations = new ReputationBook(_time);
        _stranger = _islands.Join(0);
        _gossip = Listen(new FindingGossipOptions());
    }

    public void Dispose() => _gossip.Dispose();

    [Fact]
    public void A_finding_is_heard_once_however_often_it_is_told()
    {
        Say(Boards.Claim("ada", 1), Boards.Claim("ada", 1), Boards.Claim("ada", 2));
        Assert.Equal([1, 2], _heard.Select(finding => finding.Claim.Value).Order());
        Assert.Equal(1, _gossip.CountOf(FindingVerdict.Repeated));
    }

    [Fact]
    public void What_is_told_here_is_heard_by_peers_and_here()
    {
        using var peer = new FindingGossip(Boards.Key, _stranger, _reputations, _time, _heard.Add);
        Assert.True(_gossip.Tell(Boards.Claim("ada", 1)));
        _islands.Deliver();
        Assert.Equal(2, _heard.Count);
    }

    [Fact]
    public void The_longest_finding_fits_and_reads_back_the_same()
    {
        var key = new LeaderboardKey(new string('d', LeaderboardKey.MaxDomain), new string('a', 64), Direction.Maximize);
        var claim = Boards.Claim(new string('a', Claim.MaxAgent), 1, new string('e', Claim.MaxExperiment), configuration: $$"""{"a":"{{new string('x', Claim.MaxConfigurationBytes - 8)}}"}""");
        var bytes = new Finding(key, claim, [.. new byte[Finding.MaxSignatureBytes]]).ToBytes();
        Assert.InRange(bytes.Length, 900, Finding.MaxBytes);
        Assert.Equal(bytes, Finding.Parse(bytes).ToBytes());
    }

    [Fact]
    public void Whatever_is_sent_is_heard_whole_or_refused() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var bytes = new Finding(Boards.Key, Boards.Claim(random), []).ToBytes();
        for (var i = random.NextInt(5); i > 0; i--) bytes[random.NextInt(bytes.Length)] = (byte)random.NextBits();
        _stranger.Publish(Topic, bytes.AsSpan(0, random.NextInt(3) == 0 ? random.NextInt(bytes.Length) : bytes.Length));
        _islands.Deliver();
        return _heard.All(finding => double.IsFinite(finding.Claim.Value) && finding.Key == Boards.Key);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Malformed_findings_cost_their_sender_its_hearing()
    {
        var bytes = new Finding(Boards.Key, Boards.Claim("mallory", 1), []).ToBytes();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i == 0 ? 0.5 : 1.0 / (2 + i), _reputations.TrustIn("mallory"), 6);
            _stranger.Publish(Topic, bytes.AsSpan(0, bytes.Length - 1 - i));
            _islands.Deliver();
        }

        Say(Boards.Claim("mallory", 1), Boards.Claim("ada", 1));
        Assert.Equal("ada", Assert.Single(_heard).Claim.Agent);
        Assert.Equal((3, 1), (_gossip.CountOf(FindingVerdict.Malformed), _gossip.CountOf(FindingVerdict.Distrusted)));
    }

    [Fact]
    public void A_malformed_finding_that_the_bus_delivers_twice_costs_once()
    {
        var bytes = new Finding(Boards.Key, Boards.Claim("ada", 1), []).ToBytes();
        for (var i = 0; i < 5; i++) _stranger.Publish(Topic, bytes.AsSpan(0, bytes.Length - 1));
        _islands.Deliver();
        Assert.Equal(1.0 / 3, _reputations.TrustIn("ada"), 6);
    }

    [Fact]
    public void Findings_that_do_not_replicate_cost_their_agent_its_hearing_and_ones_that_do_win_it_back()
    {
        for (var i = 0; i < 3; i++) _reputations.Note("liar", isKept: false);
        Say(Boards.Claim("liar", 1));
        Assert.Empty(_heard);
        _reputations.Note("liar", isKept: true);
        Say(Boards.Claim("liar", 1));
        Assert.Single(_heard);
    }

    [Fact]
    public void Who_was_not_heard_for_a_long_time_is_heard_again()
    {
        for (var i = 0; i < 3; i++) _reputations.Note("liar", isKept: false);
        _time.Advance(TimeSpan.FromHours(2));
        Say(Boards.Claim("liar", 1));
        Assert.Single(_heard);
    }

    [Fact]
    public void A_claim_that_the_domain_cannot_have_is_malformed()
    {
        _gossip.Dispose();
        _gossip = Listen(new FindingGossipOptions { Mistake = claim => claim.Value < 0 ? "a loss is not negative" : null });
        Say(Boards.Claim("ada", -1), Boards.Claim("bob", 1));
        Assert.Equal("bob", Assert.Single(_heard).Claim.Agent);
        Assert.True(_reputations.TrustIn("ada") < 0.5);
    }

    [Fact]
    public void An_agent_that_says_too_much_is_cut_short_and_the_others_are_not()
    {
        _gossip.Dispose();
        _gossip = Listen(new FindingGossipOptions { Burst = 5, PerSecond = 2 });
        Say([.. Enumerable.Range(0, 20).Select(i => Boards.Claim("chatty", i)), Boards.Claim("ada", 1)]);
        Assert.Equal((5, 1), (_heard.Count(finding => finding.Claim.Agent == "chatty"), _heard.Count(finding => finding.Claim.Agent == "ada")));
        _time.Advance(TimeSpan.FromSeconds(1));
        Say([.. Enumerable.Range(100, 20).Select(i => Boards.Claim("chatty", i))]);
        Assert.Equal((7, 33), (_heard.Count(finding => finding.Claim.Agent == "chatty"), _gossip.CountOf(FindingVerdict.TooMany)));
    }

    [Fact]
    public void More_agents_than_are_kept_track_of_are_not_heard_until_others_fall_silent()
    {
        _gossip.Dispose();
        _gossip = Listen(new FindingGossipOptions { Agents = 10 });
        Say([.. Enumerable.Range(0, 12).Select(i => Boards.Claim(string.Create(CultureInfo.InvariantCulture, $"agent-{i}"), 1))]);
        Assert.Equal(10, _heard.Count);
        _time.Advance(TimeSpan.FromSeconds(10));
        Say(Boards.Claim("agent-99", 1));
        Assert.Equal(11, _heard.Count);
    }

    [Fact]
    public void Findings_of_other_data_are_not_heard_and_cost_nothing()
    {
        _stranger.Publish(Topic, new Finding(new LeaderboardKey("ml", new string('b', 64), Direction.Minimize), Boards.Claim("ada", 1), []).ToBytes());
        _islands.Deliver();
        Assert.Empty(_heard);
        Assert.Equal((1, 0.5), (_gossip.CountOf(FindingVerdict.OtherData), _reputations.TrustIn("ada")));
    }

    [Fact]
    public void Where_findings_are_signed_nobody_speaks_in_anothers_name_nor_spoils_it()
    {
        _gossip.Dispose();
        _gossip = Listen(new FindingGossipOptions { Signature = new SharedSecret() });
        var forged = new Finding(Boards.Key, Boards.Claim("ada", 1), [1, 2, 3]).ToBytes();
        _stranger.Publish(Topic, forged);
        _stranger.Publish(Topic, forged.AsSpan(0, forged.Length - 2));
        _gossip.Tell(Boards.Claim("bob", 1));
        _islands.Deliver();
        Assert.Equal("bob", Assert.Single(_heard).Claim.Agent);
        Assert.Equal((1, 1, 0.5), (_gossip.CountOf(FindingVerdict.Unsigned), _gossip.CountOf(FindingVerdict.Malformed), _reputations.TrustIn("ada")));
    }

    [Fact]
    public void Of_too_many_agents_those_of_good_repute_are_forgotten_first()
    {
        var book = new ReputationBook(_time, mostAgents: 2);
        book.Note("liar", isKept: false);
        book.Note("honest", isKept: true);
        book.Note("new", isKept: false);
        Assert.True(book.TrustIn("liar") < 0.5);
        Assert.Equal(0.5, book.TrustIn("honest"));
    }

    private FindingGossip Listen(FindingGossipOptions options) => new(Boards.Key, _islands.Join(0), _reputations, _time, _heard.Add, options);

    private void Say(params Claim[] claims)
    {
        foreach (var claim in claims)
        {
            _stranger.Publish(Topic, new Finding(Boards.Key, claim, []).ToBytes());
            _islands.Deliver();
        }
    }

    private sealed class SharedSecret : IFindingSignature
    {
        public ImmutableArray<byte> Sign(string agent, ReadOnlySpan<byte> statement) => [.. HMACSHA256.HashData(Encoding.ASCII.GetBytes(agent), statement)];

        public bool IsValid(string agent, ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signature) => Sign(agent, statement).AsSpan().SequenceEqual(signature);
    }
}
