using Hive.Brains;
using Hive.Brains.Scripted;
using Hive.Goals;

namespace Hive.Grains.Tests.Cognition;

/// <summary>A budget that is gone ends a goal; more of it takes the goal on, and nothing that was paid for is paid again.</summary>
public sealed class BudgetTests(ITestOutputHelper output)
{
    private const long Step = 12_000;

    [Fact]
    public async Task An_exhausted_goal_goes_on_with_more_budget_and_repeats_no_paid_call()
    {
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(0.8) with { Faults = ScriptedFaults.Evenly(0.2) });
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(3, Step).ToJsonString());
        Assert.True(status.State == GoalState.Exhausted, status.ToJson());
        Assert.Contains(status.Missing, missing => missing.StartsWith("the budget is gone: tokens: ", StringComparison.Ordinal));

        var budget = Step;
        while (status.State == GoalState.Exhausted && budget < 100 * Step)
        {
            budget += Step;
            await cluster.Goal("g").AddBudgetAsync($$"""{"tokens": {{Step}}, "rounds": 1}""");
            status = await cluster.Silos.EndAsync("g");
            output.WriteLine($"{budget:N0}: {status.State}, {status.Cognition!.Ledger.Tokens:N0} spent, {cluster.Brains.Calls.Count} calls");
            Assert.InRange(status.Cognition.Ledger.Tokens, 0, budget);
            Assert.InRange(cluster.Brains.BillOf("g"), 0, status.Cognition.Ledger.Tokens);
        }

        Assert.True(status is { State: GoalState.Done, Missing.IsEmpty: true }, status.ToJson());
        Assert.DoesNotContain(cluster.Brains.Calls.GroupBy(call => call.Key), calls => calls.Count() > 1);
        var answered = (await cluster.EventsAsync("g")).OfType<CallSettled>().Where(call => call.Reply is not null).Select(call => call.Call).ToHashSet();
        Assert.DoesNotContain(answered, call => answered.Contains($"{call}~1"));
    }

    [Fact]
    public async Task A_goal_whose_time_was_over_goes_on_with_more_time()
    {
        var clock = new ManualClock();
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(1), time: clock);
        cluster.Brains.Before = (_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, stop);
        var goal = BrainGoals.OfTasks(1);
        goal["budget"]!["seconds"] = 60;
        await cluster.Goal("g").SubmitAsync(goal.ToJsonString());
        await cluster.UntilAsync("g", happened => happened is CallReserved);
        clock.Advance(TimeSpan.FromSeconds(61));
        var status = await cluster.Silos.EndAsync("g");
        Assert.True(status is { State: GoalState.Exhausted or GoalState.Failed, Reason: "the deadline is over" }, status.ToJson());

        cluster.Brains.Before = null;
        await cluster.Goal("g").AddBudgetAsync("""{"seconds": 600}""");
        status = await cluster.Silos.EndAsync("g");
        Assert.True(status.State == GoalState.Done, status.ToJson());
    }

    [Fact]
    public async Task What_is_added_while_the_goal_is_at_work_counts_at_once()
    {
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(1));
        var asked = new TaskCompletionSource();
        cluster.Brains.Before = (call, stop) => call.Id == "plan" ? asked.Task.WaitAsync(stop) : Task.CompletedTask;
        await cluster.Goal("g").SubmitAsync(BrainGoals.OfTasks(2, Step).ToJsonString());
        await cluster.UntilAsync("g", happened => happened is CallReserved { Call: "plan" });
        var status = await cluster.Goal("g").AddBudgetAsync("""{"tokens": 1000000}""");
        Assert.True(status.IsAtWork);
        asked.SetResult();
        status = await cluster.Silos.EndAsync("g");
        Assert.True(status.State == GoalState.Done, status.ToJson());
        Assert.DoesNotContain(cluster.Brains.Calls.GroupBy(call => call.Key), calls => calls.Count() > 1);
    }

    [Fact]
    public async Task Brains_that_failed_are_asked_anew_once_more_may_be_spent_under_keys_of_their_own()
    {
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(1));
        cluster.Brains.Before = (_, _) => throw new BrainException(BrainFault.Broken, mayHaveBeenPaid: true, "the server is broken");
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(1, width: 1).ToJsonString());
        Assert.True(status is { State: GoalState.Failed, Cognition.CallsDone: 0 }, status.ToJson());

        cluster.Brains.Before = null;
        await cluster.Goal("g").AddBudgetAsync("""{"tokens": 1000000}""");
        status = await cluster.Silos.EndAsync("g");
        Assert.True(status is { State: GoalState.Done, Rounds: 1 }, status.ToJson());
        Assert.Contains("the objective is one task", status.Cognition!.PlanNote, StringComparison.Ordinal);
        Assert.DoesNotContain(cluster.Brains.Calls.GroupBy(call => call.Key), calls => calls.Count() > 1);
    }
}
