using Hive.Brains.Scripted;
using Hive.Goals;
using Hive.Grains.Tests.Goals;
using Hive.Silos;

namespace Hive.Grains.Tests.Cognition;

/// <summary>Stragglers, attempts that are not needed any more, deadlines, and silos that come and go.</summary>
public sealed class PatienceTests
{
    [Fact]
    public async Task A_straggler_gets_a_twin_and_the_first_answer_counts_and_the_other_is_called_off()
    {
        var script = new BrainScript { Models = [new ScriptedModel { Name = "one" }, new ScriptedModel { Name = "two" }] };
        await using var cluster = await BrainCluster.StartAsync(script);
        var calledOff = new TaskCompletionSource();
        cluster.Brains.Before = async (call, stop) =>
        {
            if (call.Id == "r0.join")
            {
                await using var told = stop.Register(() => calledOff.TrySetResult());
                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            }
        };

        // More than twenty quick calls come before the join, which never ends by itself.
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(6).ToJsonString());
        await calledOff.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.True(status.State == GoalState.Done, status.ToJson());
        var joins = cluster.Brains.Calls.Where(call => call.Id.StartsWith("r0.join", StringComparison.Ordinal) && !call.Id.Contains(".p", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["r0.join", "r0.join^"], joins.Select(call => call.Id));
        Assert.NotEqual(joins[0].Brain, joins[1].Brain);
        var settled = (await cluster.EventsAsync("g")).OfType<CallSettled>().ToDictionary(call => call.Call);
        Assert.True(settled["r0.join"] is { Reply: null, IsWrittenOff: true });
        Assert.NotNull(settled["r0.join^"].Reply);
    }

    [Fact]
    public async Task The_first_candidate_that_holds_ends_the_task_and_the_other_attempts_are_called_off()
    {
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(1));
        var calledOff = new TaskCompletionSource();
        cluster.Brains.Before = async (call, stop) =>
        {
            if (call.Id is "r0.t1.a1")
            {
                await using var told = stop.Register(() => calledOff.TrySetResult());
                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            }
        };
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(1, width: 2).ToJsonString());
        await calledOff.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.True(status is { State: GoalState.Done, Cognition.CallsFailed: 1 }, status.ToJson());
        Assert.DoesNotContain(cluster.Brains.Calls, call => call.Id.StartsWith("r0.t1.a1~", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_cheapest_tier_gets_wrong_is_asked_tier_by_tier_above_with_the_faults_as_instruction()
    {
        var script = new BrainScript
        {
            Models =
            [
                new ScriptedModel { Name = "small", Tier = Tiers.Edge, Accuracy = 0, Critic = new CriticRates(1, 0) },
                new ScriptedModel { Name = "middle", Tier = Tiers.Worker, Accuracy = 0 },
                new ScriptedModel { Name = "great", Tier = Tiers.Core },
            ],
        };
        await using var cluster = await BrainCluster.StartAsync(script);
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(1, width: 2).ToJsonString());

        Assert.True(status is { State: GoalState.Done, Rounds: 1 } && status.Cognition!.Answer == BrainGoals.Right(1), status.ToJson());
        var attempts = cluster.Brains.Calls.Where(call => call.Id.StartsWith("r0.t1.a", StringComparison.Ordinal)).OrderBy(call => call.Id, StringComparer.Ordinal).ToArray();
        Assert.Equal(["small", "small", "middle", "great"], attempts.Select(call => call.Brain));
        Assert.All(attempts[2..], call => Assert.Contains("the answer is not the right one", call.Asked, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Critics_that_are_not_of_one_mind_are_followed_by_those_of_the_next_tier()
    {
        // The small critic approves of everything half of the time; the great one knows.
        var script = new BrainScript
        {
            Models =
            [
                new ScriptedModel { Name = "small", Tier = Tiers.Edge, Accuracy = 0, Critic = new CriticRates(0.5, 0.5) },
                new ScriptedModel { Name = "great", Tier = Tiers.Core },
            ],
            Seed = 3,
        };
        await using var cluster = await BrainCluster.StartAsync(script);
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(8, width: 1).ToJsonString());

        Assert.True(status.State is GoalState.Done or GoalState.Exhausted, status.ToJson());
        var judged = (await cluster.EventsAsync("g")).OfType<CandidateJudged>().ToArray();
        var escalated = judged.Where(one => one.Critics.Select(critic => critic.Critic[..critic.Critic.LastIndexOf('-')]).Distinct().Count() > 1).ToArray();
        Assert.NotEmpty(escalated);
        Assert.All(escalated, one => Assert.True(one.Critics.Count(critic => critic.Critic.Contains("small", StringComparison.Ordinal)) >= 9 || one.Critics.Length > 9, one.ToString()));
    }

    [Fact]
    public async Task A_deadline_ends_the_goal_with_the_best_so_far_and_what_is_missing()
    {
        var clock = new ManualClock();
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(1), time: clock);
        cluster.Brains.Before = (call, stop) => call.Id.StartsWith("r0.t2", StringComparison.Ordinal) ? Task.Delay(Timeout.InfiniteTimeSpan, stop) : Task.CompletedTask;
        var goal = BrainGoals.OfTasks(2, width: 1);
        goal["budget"]!["seconds"] = 60;
        await cluster.Goal("g").SubmitAsync(goal.ToJsonString());
        await cluster.UntilAsync("g", happened => happened is CandidateJudged { Task: "t1" });
        await cluster.UntilAsync("g", happened => happened is CallReserved { Call: "r0.t2.a0" });
        clock.Advance(TimeSpan.FromSeconds(61));
        var status = await cluster.Silos.EndAsync("g");

        Assert.True(status is { State: GoalState.Exhausted, Reason: "the deadline is over", Cognition.IsAccepted: false }, status.ToJson());
        Assert.Equal(BrainGoals.Right(1), status.Cognition!.Answer);
        Assert.Contains(status.Missing, missing => missing.Contains("t2", StringComparison.Ordinal));
        Assert.Empty((await cluster.ReplayAsync("g")).Cognition!.Ledger.Open);
    }

    [Fact]
    public async Task Without_a_brain_the_goal_waits_and_says_so_and_goes_on_when_one_joins()
    {
        await using var cluster = await BrainCluster.StartAsync(new ScriptedBrains(BrainScript.OfTiers(1), TimeProvider.System), silos: 1);
        await cluster.Silos.AnnounceAsync(GoalCluster.HubName, 2);
        await cluster.Goal("g").SubmitAsync(BrainGoals.OfTasks(1).ToJsonString());
        await cluster.UntilAsync("g", happened => happened is GoalWaits { For: "no brain is here" });
        Assert.Equal("no brain is here", (await cluster.Goal("g").GetStatusAsync()).Waiting);

        await cluster.AnnounceAsync();
        var status = await cluster.Silos.EndAsync("g");
        Assert.True(status is { State: GoalState.Done, Waiting: null }, status.ToJson());
    }

    [Fact]
    public async Task A_brain_of_another_tier_than_the_plan_asks_for_does_the_work_where_it_is_the_only_one()
    {
        var script = new BrainScript { Models = [new ScriptedModel { Name = "only", Tier = Tiers.Edge }] };
        await using var cluster = await BrainCluster.StartAsync(script);
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(2).ToJsonString());
        Assert.True(status.State == GoalState.Done, status.ToJson());
    }

    [Fact]
    public async Task A_silo_that_is_lost_in_the_middle_of_a_call_costs_the_call_and_nothing_else()
    {
        var script = new BrainScript { Models = [new ScriptedModel { Name = "only" }] };
        await using var cluster = await BrainCluster.StartAsync(new ScriptedBrains(script, TimeProvider.System), silos: 2);
        await cluster.AnnounceAsync("silo-1");
        var asked = new TaskCompletionSource();
        var isLost = 0;
        cluster.Brains.Before = async (_, stop) =>
        {
            if (Volatile.Read(ref isLost) == 0)
            {
                asked.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            }
        };
        await cluster.Goal("g").SubmitAsync(BrainGoals.OfTasks(2).ToJsonString());
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        Volatile.Write(ref isLost, 1);
        await cluster.AnnounceAsync();
        await cluster.Silos.ForgetAsync("silo-1");
        await cluster.Silos.KillAsync("silo-1");
        var status = await cluster.Silos.EndAsync("g");

        Assert.True(status is { State: GoalState.Done, Cognition.CallsFailed: > 0 }, status.ToJson());
        Assert.InRange(cluster.Brains.BillOf("g"), 1, status.Cognition!.Ledger.Tokens);
        Assert.DoesNotContain(cluster.Brains.Calls.GroupBy(call => call.Key), calls => calls.Count() > 1);
    }
}
