using System.Text.Json.Nodes;
using Hive.Brains.Scripted;
using Hive.Goals;
using Hive.Silos;

namespace Hive.Grains.Tests.Cognition;

/// <summary>Where a person decides.</summary>
public sealed class ApprovalTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_much_stands_on_the_answer_a_person_has_the_last_word(bool isApproved)
    {
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(1));
        var goal = BrainGoals.OfTasks(1);
        goal["stakes"] = "high";
        await cluster.Goal("g").SubmitAsync(goal.ToJsonString());
        await cluster.UntilAsync("g", happened => happened is ApprovalAsked { Id: "answer" });
        var waiting = await cluster.Goal("g").GetStatusAsync();
        Assert.True(waiting is { State: GoalState.AwaitingApproval, Cognition.Approvals: [{ Id: "answer" }] }, waiting.ToJson());

        await cluster.Goal("g").ApproveAsync(new GoalApproval(null, isApproved, "ann", "so it is"));
        var status = await cluster.Silos.EndAsync("g");
        Assert.True(status.State == (isApproved ? GoalState.Done : GoalState.Exhausted), status.ToJson());
        Assert.Equal(isApproved ? [] : ["ann did not approve the answer: so it is"], status.Missing);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_highest_critics_stay_of_two_minds_about_a_person_decides_and_their_reputation_follows(bool isApproved)
    {
        await using var cluster = await BrainCluster.StartAsync(OfTwoMinds());
        var goal = BrainGoals.OfOne("Write a poem.");
        goal["stakes"] = "normal";
        goal["budget"]!["rounds"] = 1;
        await cluster.Goal("g").SubmitAsync(goal.ToJsonString());
        var asked = Assert.IsType<ApprovalAsked>(await cluster.UntilAsync("g", happened => happened is ApprovalAsked));
        Assert.Equal(("r0.t1.a0", "scripted: a sound answer"), (asked.Id, asked.Details));

        await cluster.Goal("g").ApproveAsync(new GoalApproval(asked.Id, isApproved, "ann", null));
        var status = await cluster.Silos.EndAsync("g");
        Assert.True(status.State == (isApproved ? GoalState.Done : GoalState.Exhausted), status.ToJson());
        Assert.Equal("scripted: a sound answer", status.Cognition!.Answer);
        var judged = (await cluster.EventsAsync("g")).OfType<CandidateJudged>().First();
        var reputation = (await cluster.ReplayAsync("g")).Cognition!.Reputation;
        Assert.All(
            judged.Critics.GroupBy(critic => critic.Critic).Where(verdicts => verdicts.Select(verdict => verdict.Score > 0.5).Distinct().Count() == 1),
            verdicts => Assert.Equal((verdicts.First().Score > 0.5) == isApproved, reputation.Counts[verdicts.Key].Agreed > 0));
    }

    [Fact]
    public async Task A_person_is_asked_once_however_often_the_goal_is_taken_up_again()
    {
        await using var first = await BrainCluster.StartAsync(OfTwoMinds());
        var goal = BrainGoals.OfOne("Write a poem.");
        goal["stakes"] = "normal";
        await first.Goal("g").SubmitAsync(goal.ToJsonString());
        await first.UntilAsync("g", happened => happened is ApprovalAsked);
        var log = new Storage.MemoryGoalLog();
        await log.AppendAsync("g", await BrainCluster.EntriesAsync(first.Log, "g"), null, CancellationToken.None);

        await using var second = await BrainCluster.StartAsync(OfTwoMinds(), log);
        await second.Goal("g").ResumeAsync();
        await second.Goal("g").ApproveAsync(new GoalApproval(null, true, "ann", null));
        var status = await second.Silos.EndAsync("g");
        Assert.True(status.State == GoalState.Done, status.ToJson());
        Assert.Single((await second.EventsAsync("g")).OfType<ApprovalAsked>());
        Assert.Empty(second.Brains.Calls);
    }

    /// <summary>Critics of whom every second one approves.</summary>
    private static BrainScript OfTwoMinds()
    {
        string[] verdicts = [.. new[] { 0.9, 0.1 }.Select(score => new JsonObject { ["evidence"] = "seen", ["faults"] = new JsonArray(), ["score"] = score }.ToJsonString())];
        return new BrainScript
        {
            Models = [new ScriptedModel { Name = "only", Tier = Tiers.Core }],
            Rules = [new ScriptedRule { When = new RuleCondition { Role = "verdict" }, Replies = [.. verdicts], Cycle = true }],
        };
    }
}
