using Hive.Research;
using Hive.Storage;
using Hive.Swarm;

namespace Hive.Grains.Tests.Research;

public sealed class CampaignGrainTests
{
    [Fact]
    public async Task A_campaign_on_three_silos_is_the_one_that_a_single_silo_runs()
    {
        var field = new Field();
        await using var one = await SwarmCluster.StartAsync(1, field);
        await using var three = await SwarmCluster.StartAsync(3, field);
        Assert.Equal(await one.RunAsync("same", Requests.Small), await three.RunAsync("same", Requests.Small));
    }

    [Fact]
    public async Task A_silo_that_dies_takes_no_experiment_with_it()
    {
        var field = new Field();
        await using var whole = await SwarmCluster.StartAsync(1, field);
        await using var cluster = await SwarmCluster.StartAsync(3, field);
        await cluster.Campaign("victim").SubmitAsync(Requests.Small);
        var killed = false;
        await foreach (var entry in cluster.Campaign("victim").WatchAsync(0, CancellationToken.None))
        {
            if (killed || entry.Sequence < 12) continue;
            killed = true;
            await cluster.KillAsync(1);
        }

        Assert.True(killed);
        Assert.Equal(await whole.RunAsync("victim", Requests.Small), await cluster.EndAsync("victim"));
    }

    [Fact]
    public async Task An_experiment_that_hangs_fails_when_its_time_is_up_and_the_campaign_goes_on()
    {
        await using var cluster = await SwarmCluster.StartAsync(1, new Field { Hangs = task => task % 9 == 4 }, cores: 8);
        var end = await cluster.RunAsync("hangs", Requests.Of(new CampaignSpec { Agents = 5, Experiments = 20 }, seconds: 0.2));
        Assert.Contains("took longer than", end);
    }

    [Fact]
    public async Task A_domain_that_throws_or_gives_no_number_fails_its_experiments_and_nothing_else()
    {
        await using var cluster = await SwarmCluster.StartAsync(1, new Field { Throws = task => task % 3 == 1, Lacks = task => task % 3 == 2 });
        var end = await cluster.RunAsync("throws", Requests.Small);
        Assert.Contains("InvalidOperationException: broken", end);
        Assert.Contains("not a finite number", end);
    }

    [Fact]
    public async Task A_campaign_that_was_stopped_goes_on_in_another_hub_where_its_log_ends()
    {
        var field = new Field();
        var log = new MemoryGoalLog();
        await using var whole = await SwarmCluster.StartAsync(1, field);
        await using (var first = await SwarmCluster.StartAsync(1, field, log: log))
        {
            await first.Campaign("moved").SubmitAsync(Requests.Small);
            await foreach (var entry in first.Campaign("moved").WatchAsync(0, CancellationToken.None))
            {
                if (entry.Sequence == 15) break;
            }

            await first.Campaign("moved").StopAsync();
        }

        await using var second = await SwarmCluster.StartAsync(1, field, log: log);
        await second.Campaign("moved").ResumeAsync();
        Assert.Equal(await whole.RunAsync("moved", Requests.Small), await second.EndAsync("moved"));
    }

    [Fact]
    public async Task A_log_of_other_data_is_not_gone_on_with()
    {
        var log = new MemoryGoalLog();
        await using (var first = await SwarmCluster.StartAsync(1, new Field(), log: log)) await first.RunAsync("old", Requests.Small);
        await using var second = await SwarmCluster.StartAsync(1, new Field { Data = 2 }, log: log);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => second.Campaign("old").ResumeAsync());
        Assert.Contains("data", refused.ToString());
    }
}
