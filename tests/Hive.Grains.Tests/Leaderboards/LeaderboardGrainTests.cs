using System.Globalization;
using Hive.Grains.Tests.Goals;
using Hive.Leaderboards;
using Hive.Research;

namespace Hive.Grains.Tests.Leaderboards;

public sealed class LeaderboardGrainTests
{
    private static readonly LeaderboardKey Key = new("ml", new string('a', 64), Direction.Minimize);
    private static readonly LeaderboardSummary Summary = new("ml", new string('a', 64), "minimize");

    [Fact]
    public async Task What_is_submitted_ranks_is_listed_and_is_read_back_whole()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var grain = cluster.Grains.GetGrain<ILeaderboardGrain>(Summary.GrainKey);
        Assert.True(await grain.MergeAsync(Delta("ada", 2)));
        Assert.True(await grain.MergeAsync(Delta("bob", 1)));
        Assert.False(await grain.MergeAsync(Delta("bob", 1)));
        var page = await grain.TopAsync(10);
        Assert.Equal((Summary, 2, 2), (page.Leaderboard, page.Agents, page.Claims));
        Assert.Equal([(1, "bob", 1, "claimed"), (2, "ada", 2.0, "claimed")], page.Places.Select(place => (place.Rank, place.Agent, place.Value, place.Status)));
        Assert.Equal(Summary, Assert.Single(await cluster.Grains.GetGrain<ILeaderboardIndexGrain>(ILeaderboardIndexGrain.Key).ListAsync()));
        var copy = new Leaderboard(Key);
        copy.Merge((await grain.ReadAsync()).AsSpan());
        Assert.Equal(2, copy.Claims);
    }

    [Fact]
    public async Task Many_submissions_at_once_are_all_taken_in()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var grain = cluster.Grains.GetGrain<ILeaderboardGrain>(Summary.GrainKey);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => grain.MergeAsync(Delta(string.Create(CultureInfo.InvariantCulture, $"agent-{i}"), i))));
        Assert.Equal(200, (await grain.TopAsync(1)).Agents);
    }

    [Fact]
    public async Task What_does_not_belong_is_refused_and_an_empty_leaderboard_is_none()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var grain = cluster.Grains.GetGrain<ILeaderboardGrain>(Summary.GrainKey);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => grain.TopAsync(1));
        await Assert.ThrowsAsync<FormatException>(() => grain.MergeAsync([1, 2, 3]));
        var other = LeaderboardDelta.Of(new LeaderboardKey("ml", new string('b', 64), Direction.Minimize), new Claim("ada", "run-1", 1, "{}", 1, default));
        await Assert.ThrowsAsync<ArgumentException>(() => grain.MergeAsync([.. other.ToBytes()]));
        await grain.MergeAsync(Delta("ada", 2));
        var turned = LeaderboardDelta.Of(new LeaderboardKey("ml", new string('a', 64), Direction.Maximize), new Claim("ada", "run-1", 1, "{}", 1, default));
        await Assert.ThrowsAsync<ArgumentException>(() => grain.MergeAsync([.. turned.ToBytes()]));
        Assert.Equal(1, (await grain.TopAsync(5)).Claims);
    }

    private static System.Collections.Immutable.ImmutableArray<byte> Delta(string agent, double value) =>
        [.. LeaderboardDelta.Of(Key, new Claim(agent, "run-1", value, "{\"rate\":0.1}", 1, default)).ToBytes()];
}
