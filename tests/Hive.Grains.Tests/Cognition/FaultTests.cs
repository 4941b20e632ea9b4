using System.Text.Json.Nodes;
using Hive.Brains.Scripted;
using Hive.Goals;

namespace Hive.Grains.Tests.Cognition;

/// <summary>Brains that fail in every way there is. Whatever they do, goals end honestly and no budget is exceeded by one token.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int Goals = 9;

    [Fact]
    public async Task Of_a_thousand_calls_thirty_percent_fail_and_every_goal_ends_done_or_exhausted_within_its_budget()
    {
        var seed = Random.Shared.NextInt64(1, long.MaxValue);
        output.WriteLine($"seed {seed}");
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(0.8) with { Faults = ScriptedFaults.Evenly(0.3), Seed = seed });
        var ends = await Task.WhenAll(Enumerable.Range(0, Goals).Select(i => cluster.RunAsync($"g{i}", BrainGoals.OfTasks(14).ToJsonString())));

        Assert.All(ends, end => Assert.True(end.State is GoalState.Done or GoalState.Exhausted, end.ToJson()));
        Assert.Contains(ends, end => end.State == GoalState.Done);
        foreach (var end in ends)
        {
            await HoldsAsync(cluster, end, 1_000_000);
        }

        var (done, failed) = (ends.Sum(end => end.Cognition!.CallsDone), ends.Sum(end => end.Cognition!.CallsFailed));
        output.WriteLine($"{cluster.Brains.Calls.Count} calls: {done} answered, {failed} failed or called off");
        Assert.True(cluster.Brains.Calls.Count >= 1_000, $"{cluster.Brains.Calls.Count} calls");
        Assert.True(failed > cluster.Brains.Calls.Count / 10, $"{failed} failed");
    }

    [Fact]
    public async Task However_small_the_budget_it_is_not_exceeded_and_the_end_says_what_is_missing()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(0.6) with { Faults = ScriptedFaults.Evenly(0.3), Seed = seed });
        var budgets = Enumerable.Range(0, 24).Select(_ => (long)(1_000 * Math.Pow(200, random.NextDouble()))).ToArray();
        var ends = await Task.WhenAll(budgets.Select((tokens, i) => cluster.RunAsync($"g{i}", BrainGoals.OfTasks(1 + (i % 4), tokens).ToJsonString())));

        for (var i = 0; i < ends.Length; i++)
        {
            output.WriteLine($"{budgets[i]:N0} tokens: {ends[i].State}, {ends[i].Cognition!.Ledger.Tokens:N0} spent, {cluster.Brains.BillOf(ends[i].Id):N0} billed");
            Assert.True(ends[i].State is GoalState.Done or GoalState.Exhausted || ends[i] is { State: GoalState.Failed, Cognition.CallsDone: 0 }, ends[i].ToJson());
            Assert.Equal(ends[i].State == GoalState.Done, ends[i].Missing.IsEmpty);
            await HoldsAsync(cluster, ends[i], budgets[i]);
        }

        Assert.Contains(ends, end => end.State == GoalState.Exhausted);
    }

    [Fact]
    public async Task No_tier_gets_more_calls_than_it_may_have()
    {
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(0.6) with { Faults = ScriptedFaults.Evenly(0.3) });
        var goal = BrainGoals.OfTasks(4);
        goal["budget"] = new JsonObject { ["tokens"] = 1_000_000, ["calls"] = new JsonObject { ["edge"] = 17, ["worker"] = 5, ["core"] = 2 } };
        var end = await cluster.RunAsync("g", goal.ToJsonString());

        Assert.True(end.State == GoalState.Exhausted, end.ToJson());
        foreach (var (tier, most) in new[] { ("edge", 17), ("worker", 5), ("core", 2) })
        {
            Assert.InRange(cluster.Brains.Calls.Count(call => call.Brain == $"fake-{tier}"), 0, most);
        }
    }

    [Fact]
    public async Task Where_nothing_works_the_goal_fails_and_says_why()
    {
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(1) with { Faults = new ScriptedFaults { Error500 = 1 } });
        var end = await cluster.RunAsync("g", BrainGoals.OfTasks(1, width: 1).ToJsonString());

        Assert.True(end is { State: GoalState.Failed, Cognition.CallsDone: 0, Missing.IsEmpty: false }, end.ToJson());
        await HoldsAsync(cluster, end, 1_000_000);
    }

    [Fact]
    public async Task An_answer_longer_than_the_log_takes_costs_itself_and_not_the_goal()
    {
        var script = new BrainScript
        {
            Models = [new ScriptedModel { Name = "only" }],
            Rules = [new ScriptedRule { When = new RuleCondition { Role = "text" }, Replies = [new string('語', 170_000), "scripted: a sound answer"] }],
        };
        await using var cluster = await BrainCluster.StartAsync(script);
        var goal = BrainGoals.OfOne("Write a poem.");
        goal["answerTokens"] = 131_072;
        goal["budget"]!["tokens"] = 100_000_000;
        var end = await cluster.RunAsync("g", goal.ToJsonString());

        Assert.True(end is { State: GoalState.Done, Trouble: null, Cognition.Answer: "scripted: a sound answer" }, $"{end.State} {end.Trouble} {end.Reason}");
    }

    /// <summary>What is billed is in the ledger, what is in the ledger is within the budget, the log alone tells the same, and no key was asked twice.</summary>
    private static async Task HoldsAsync(BrainCluster cluster, GoalStatus end, long budget)
    {
        var ledger = end.Cognition!.Ledger;
        Assert.InRange(ledger.Tokens, 0, budget);
        Assert.InRange(cluster.Brains.BillOf(end.Id), 0, ledger.Tokens);
        var replayed = (await cluster.ReplayAsync(end.Id)).Cognition!.Ledger;
        Assert.Equal((ledger.Tokens, ledger.TokensWrittenOff, 0), (replayed.Tokens, replayed.TokensWrittenOff, replayed.Open.Count));
        Assert.DoesNotContain(cluster.Brains.CallsOf(end.Id).GroupBy(call => call.Key), calls => calls.Count() > 1);
    }
}
