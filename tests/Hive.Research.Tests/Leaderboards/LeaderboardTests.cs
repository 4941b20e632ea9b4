using Hive.Leaderboards;

namespace Hive.Research.Tests.Leaderboards;

public sealed class LeaderboardTests
{
    private readonly Leaderboard _board = new(Boards.Key);

    [Theory]
    [InlineData(Direction.Minimize, "ada", "bob")]
    [InlineData(Direction.Maximize, "bob", "ada")]
    public void Agents_rank_by_their_best_claim_in_the_boards_direction(Direction direction, string first, string second)
    {
        var board = new Leaderboard(new LeaderboardKey("ml", new string('a', 64), direction));
        board.Submit(Boards.Claim("bob", 2));
        board.Submit(Boards.Claim("ada", 1));
        board.Count(new ExperimentCount("ada", 1, 30));
        board.Count(new ExperimentCount("ada", 2, 3));
        Assert.Equal([(1, first), (2, second)], board.Top(5).Select(row => (row.Rank, row.Claim.Agent)));
        Assert.Equal(33, board.Top(5).Single(row => row.Claim.Agent == "ada").Experiments);
        Assert.Equal((33L, 2), (board.Experiments, board.Agents));
    }

    [Fact]
    public void Of_equal_claims_the_earlier_ranks_first()
    {
        _board.Submit(Boards.Claim("late", 1, at: 9));
        _board.Submit(Boards.Claim("early", 1, at: 8));
        Assert.Equal("early", _board.Top(1)[0].Claim.Agent);
    }

    [Fact]
    public void A_struck_claim_no_longer_ranks_and_the_agents_next_best_takes_its_place()
    {
        var lie = Boards.Claim("ada", 0.1, "run-2");
        _board.Submit(Boards.Claim("ada", 2));
        _board.Submit(lie);
        _board.Judge(lie, ClaimStatus.Refuted);
        Assert.Equal(2, _board.BestOf("ada")!.Claim.Value);
    }

    [Fact]
    public void A_struck_claim_stays_struck_when_a_replica_brings_it_back()
    {
        var lie = Boards.Claim("ada", 0.1);
        _board.Judge(lie, ClaimStatus.Refuted);
        Assert.True(_board.Submit(lie).IsEmpty);
        Assert.True(_board.Judge(lie, ClaimStatus.Verified).IsEmpty);
        Assert.Equal(ClaimStatus.Refuted, _board.StatusOf(lie));
        Assert.Empty(_board.Top(1));
    }

    [Fact]
    public void An_agent_whose_claims_are_all_struck_ranks_again_with_something_better()
    {
        for (var i = 0; i < Leaderboard.ClaimsPerAgent; i++) _board.Judge(Boards.Claim("ada", 1 + (0.1 * i)), ClaimStatus.Refuted);
        _board.Submit(Boards.Claim("ada", 5));
        Assert.Null(_board.BestOf("ada"));
        _board.Submit(Boards.Claim("ada", 0.5));
        Assert.Equal(0.5, _board.BestOf("ada")!.Claim.Value);
    }

    [Fact]
    public void Results_of_other_data_are_refused_and_change_nothing()
    {
        var other = LeaderboardDelta.Of(new LeaderboardKey("ml", new string('b', 64), Direction.Minimize), Boards.Claim("ada", 1));
        Assert.Contains("do not compare", Assert.Throws<ArgumentException>(() => _board.Merge(other)).Message);
        Assert.Throws<ArgumentException>(() => _board.Merge(other with { Key = new LeaderboardKey("ml", new string('a', 64), Direction.Maximize) }));
        Assert.Equal((0, 0L), (_board.Claims, _board.Version));
    }

    [Theory]
    [InlineData("", 1, "{}", "the agent is named")]
    [InlineData("ada\n", 1, "{}", "the agent is named")]
    [InlineData("ada", double.NaN, "{}", "only finite numbers")]
    [InlineData("ada", double.NegativeInfinity, "{}", "only finite numbers")]
    [InlineData("ada", 1, "[]", "no JSON object")]
    [InlineData("ada", 1, "{", "no JSON object")]
    [InlineData("ada", 1, "{} {}", "no JSON object")]
    public void What_cannot_be_claimed_is_refused_with_the_reason(string agent, double value, string configuration, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => Boards.Claim(agent, value, configuration: configuration)).Message);

    [Fact]
    public void A_configuration_with_half_a_character_is_refused() =>
        Assert.Contains("no Unicode text", Assert.Throws<ArgumentException>(() => Boards.Claim("ada", 1, configuration: "{\"a\":\"\uD800\"}")).Message);

    [Fact]
    public void A_configuration_of_the_longest_is_taken_and_one_byte_more_is_not()
    {
        var longest = $$"""{"a":"{{new string('x', Claim.MaxConfigurationBytes - 8)}}"}""";
        Assert.Equal(longest, Boards.Claim("ada", 1, configuration: longest).Configuration);
        Assert.Throws<ArgumentException>(() => Boards.Claim("ada", 1, configuration: longest + " "));
    }

    [Fact]
    public void A_full_board_of_the_longest_claims_fits_the_serialised_form()
    {
        var configuration = $$"""{"a":"{{new string('x', Claim.MaxConfigurationBytes - 8)}}"}""";
        string Agent(int number) => number.ToString($"D{Claim.MaxAgent}", System.Globalization.CultureInfo.InvariantCulture);
        var claims = Enumerable.Range(0, Leaderboard.MaxClaims + 5).Select(i =>
            new JudgedClaim(Boards.Claim(Agent(i), i, new string('e', Claim.MaxExperiment), configuration: configuration), ClaimStatus.Claimed));
        _board.Merge(new LeaderboardDelta(Boards.Key, [.. claims], [.. Enumerable.Range(0, Leaderboard.MaxCounts + 5).Select(i => new ExperimentCount(Agent(i), i, 1))]));
        Assert.Equal((Leaderboard.MaxClaims, Leaderboard.MaxCounts), (_board.Claims, (int)_board.Experiments));
        Assert.Null(_board.BestOf(Agent(Leaderboard.MaxClaims)));
        var bytes = _board.ToDelta().ToBytes();
        var copy = new Leaderboard(Boards.Key);
        Assert.True(copy.Merge(bytes));
        Assert.Equal(bytes, copy.ToDelta().ToBytes());
    }
}
