using System.Text.Json;
using Hive.Goals;
using Hive.Storage;

namespace Hive.Grains.Tests.Goals;

public sealed class GoalGrainTests
{
    private const string Sphere = """
        { "objective": "Find the lowest point",
          "check": { "metric": { "name": "loss", "direction": "minimize", "target": 0.01, "evaluator": { "builtin": "sphere" } } },
          "space": { "x": { "vector": { "length": 3, "of": { "real": [-5, 5] } } } },
          "budget": { "evaluations": 100000 }, "agents": 6, "seed": 7 }
        """;

    private static readonly string WholeBudget = Sphere.Replace("\"target\": 0.01,", "", StringComparison.Ordinal).Replace("sphere", "rastrigin", StringComparison.Ordinal);

    [Fact]
    public async Task A_goal_ends_done_with_a_verified_candidate()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var status = await cluster.RunAsync("g", Sphere);
        Assert.Equal(GoalState.Done, status.State);
        Assert.True(status is { Verified: true, Metric.Reached: true, Discarded: 0 });
        var x = JsonDocument.Parse(status.Candidate).RootElement.GetProperty("x").EnumerateArray().Sum(value => Math.Pow(value.GetDouble(), 2));
        Assert.Equal(status.Metric!.Value!.Value, x, 12);
    }

    [Fact]
    public async Task A_goal_passes_through_its_states_in_order()
    {
        await using var cluster = await GoalCluster.StartAsync();
        await cluster.RunAsync("g", Sphere);
        var states = (await cluster.EventsAsync("g")).OfType<StateChanged>().Select(changed => changed.State);
        Assert.Equal([GoalState.Planning, GoalState.Exploring, GoalState.Judging, GoalState.Joining, GoalState.Done], states);
    }

    [Fact]
    public async Task One_seed_gives_one_candidate_on_however_many_places_attempts_run()
    {
        await using var one = await GoalCluster.StartAsync(cores: 1);
        await using var four = await GoalCluster.StartAsync(cores: 4);
        foreach (var spec in new[] { Sphere, WholeBudget })
        {
            var id = spec == Sphere ? "target" : "budget";
            Assert.Equal((await one.RunAsync(id, spec)).Candidate, (await four.RunAsync(id, spec)).Candidate);
        }
    }

    [Fact]
    public async Task The_budget_is_used_to_the_last_evaluation_and_not_one_more()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var status = await cluster.RunAsync("g", WholeBudget);
        Assert.Equal((GoalState.Done, 100_000L), (status.State, status.Evaluations));
    }

    [Fact]
    public async Task The_log_alone_tells_the_goal_as_it_stands()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var lived = await cluster.RunAsync("g", Sphere);
        var told = await new GoalHistory(cluster.Log, TimeProvider.System).FindAsync("g", CancellationToken.None);
        Assert.Equal(lived.ToJson(), told!.ToJson());
    }

    [Fact]
    public async Task A_goal_submitted_again_under_its_id_is_the_same_goal_and_another_one_is_refused()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var first = await cluster.RunAsync("g", Sphere);
        var again = await cluster.Goal("g").SubmitAsync(Sphere);
        Assert.Equal(first.ToJson(), again.ToJson());
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.Goal("g").SubmitAsync(WholeBudget));
    }

    [Fact]
    public async Task A_goal_that_is_none_is_refused_and_leaves_nothing()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => cluster.Goal("g").SubmitAsync("{}"));
        Assert.Contains("objective", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => cluster.Goal("g").GetStatusAsync());
        Assert.Empty(await cluster.Log.ListAsync(null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_goal_called_off_stops_and_stays_called_off()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var goal = cluster.Goal("g");
        await goal.SubmitAsync(WholeBudget.Replace("100000", "1000000000", StringComparison.Ordinal));
        await foreach (var entry in goal.WatchAsync(0, CancellationToken.None))
        {
            if (entry.Read() is RoundJoined)
            {
                break;
            }
        }

        var status = await goal.CancelAsync("enough");
        Assert.Equal((GoalState.Cancelled, "enough"), (status.State, status.Reason));
        Assert.Equal(GoalState.Cancelled, (await goal.ResumeAsync()).State);
        Assert.IsType<StateChanged>((await cluster.EventsAsync("g"))[^1]);
    }

    [Fact]
    public async Task A_request_in_the_database_calls_a_goal_off()
    {
        await using var cluster = await GoalCluster.StartAsync();
        await cluster.Goal("g").SubmitAsync(WholeBudget.Replace("100000", "1000000000", StringComparison.Ordinal));
        await cluster.Log.RequestAsync("g", GoalRequests.Cancel, "{}"u8.ToArray(), CancellationToken.None);
        Assert.Equal(GoalState.Cancelled, (await cluster.EndAsync("g")).State);
    }

    [Fact]
    public async Task A_silo_that_dies_takes_its_agents_along_and_the_goal_goes_on_elsewhere()
    {
        await using var cluster = await GoalCluster.StartAsync(silos: 3);
        var goal = cluster.Goal("g");
        await goal.SubmitAsync(WholeBudget.Replace("100000", "3000000", StringComparison.Ordinal));
        await foreach (var entry in goal.WatchAsync(0, CancellationToken.None))
        {
            if (entry.Read() is RoundJoined)
            {
                await cluster.KillAsync("silo-1");
                break;
            }
        }

        var status = await cluster.EndAsync("g");
        Assert.Equal((GoalState.Done, 3_000_000L), (status.State, status.Evaluations));
        var events = await cluster.EventsAsync("g");
        Assert.Contains(events, happened => happened is AttemptFinished { Agent: var agent } && agent.StartsWith("worker@silo-2/", StringComparison.Ordinal));
        Assert.Equal(events.OfType<AttemptFinished>().Count(), events.OfType<AttemptFinished>().Select(finished => finished.Attempt).Distinct().Count());
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_stops_the_goal_and_says_so()
    {
        await using var cluster = await GoalCluster.StartAsync(log: new MemoryGoalLog(maximumBytes: 20_000));
        var status = await cluster.RunAsync("g", WholeBudget);
        Assert.False(status.State.IsEnd());
        Assert.False(status.IsAtWork);
        Assert.NotNull(status.Trouble);
    }
}
