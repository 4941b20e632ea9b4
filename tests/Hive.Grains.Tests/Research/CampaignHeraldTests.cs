using Hive.Leaderboards;
using Hive.Research;
using Hive.Storage;
using Hive.Swarm;

namespace Hive.Grains.Tests.Research;

/// <summary>What a campaign finds is on the hub's leaderboard when it has ended, each experiment once.</summary>
public sealed class CampaignHeraldTests
{
    [Fact]
    public async Task The_leaderboard_counts_every_experiment_once_and_ranks_the_best_of_each_agent()
    {
        await using var cluster = await SwarmCluster.StartAsync(2, new Field());
        await cluster.RunAsync("told", Requests.Small);
        var page = await OnlyBoardAsync(cluster);
        Assert.Equal(Request.Experiments, page.Experiments);
        Assert.All(page.Places, place => Assert.StartsWith("told/", place.Agent, StringComparison.Ordinal));
        Assert.Equal(page.Places.Length, page.Places.Select(place => place.Agent).Distinct().Count());
        Assert.Equal(page.Places.Select(place => place.Value).OrderDescending(), page.Places.Select(place => place.Value));
    }

    [Fact]
    public async Task A_campaign_that_is_gone_on_with_by_another_hub_is_told_twice_and_counted_once()
    {
        var log = new MemoryGoalLog();
        await using (var first = await SwarmCluster.StartAsync(1, new Field { Hangs = task => task >= 20 }, log: log))
        {
            await first.Campaign("again").SubmitAsync(Requests.Small);
            await foreach (var entry in first.Campaign("again").WatchAsync(0, CancellationToken.None))
            {
                if (entry.Sequence >= 8) break;
            }

            await first.Campaign("again").StopAsync();
        }

        await using var second = await SwarmCluster.StartAsync(1, new Field(), log: log);
        await second.RunAsync("again", Requests.Small);
        Assert.Equal(Request.Experiments, (await OnlyBoardAsync(second)).Experiments);
    }

    private static CampaignSpec Request => CampaignRequest.Parse(Requests.Small).Spec;

    private static async Task<LeaderboardPage> OnlyBoardAsync(SwarmCluster cluster)
    {
        var board = Assert.Single(await cluster.Grains.GetGrain<ILeaderboardIndexGrain>(ILeaderboardIndexGrain.Key).ListAsync());
        return await cluster.Grains.GetGrain<ILeaderboardGrain>(board.GrainKey).TopAsync(1_000);
    }
}
