using System.Text.Json.Nodes;
using Hive.Brains.Scripted;
using Hive.Goals;

namespace Hive.Grains.Tests.Cognition;

/// <summary>The whole way of a goal for brains: plan, attempts, critics, integrator, last check.</summary>
public sealed class ThoughtTests
{
    [Fact]
    public async Task The_architect_is_asked_once_and_the_answer_carries_its_evidence()
    {
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(1));
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(3).ToJsonString());

        Assert.True(status is { State: GoalState.Done, Cognition: { IsAccepted: true, PlanNote: null } }, status.ToJson());
        var cognition = status.Cognition!;
        Assert.All([1, 2, 3], n => Assert.Contains(BrainGoals.Right(n), cognition.Answer, StringComparison.Ordinal));
        Assert.Equal(["plan", "r0.join"], cluster.Brains.Calls.Where(call => call.Brain == "fake-core").Select(call => call.Id).Order(StringComparer.Ordinal));
        Assert.Equal(["r0.t1", "r0.t2", "r0.t3"], cognition.Evidence.Where(one => one.IsUsed).Select(one => one.Candidate[..5]).Order(StringComparer.Ordinal));
        Assert.All(cognition.Evidence, one => Assert.True(
            one is { Tokens: > 0, Author: not "", Reason: not "", Critics.Length: >= 3 } && !one.Critics.Contains(one.Author), one.ToString()));
        Assert.Equal(cognition.Ledger.Tokens, (await cluster.ReplayAsync("g")).Cognition!.Ledger.Tokens);
    }

    [Fact]
    public async Task A_critic_never_wrote_what_it_judges_and_is_of_another_model_where_one_is_free()
    {
        var script = new BrainScript { Models = [new ScriptedModel { Name = "one" }, new ScriptedModel { Name = "two" }] };
        await using var cluster = await BrainCluster.StartAsync(script);
        await cluster.RunAsync("g", BrainGoals.OfTasks(2, width: 2).ToJsonString());

        var events = await cluster.EventsAsync("g");
        var model = events.OfType<CallReserved>().GroupBy(call => call.Agent).ToDictionary(calls => calls.Key, calls => calls.First().Model);
        var judged = events.OfType<CandidateJudged>().ToArray();
        Assert.NotEmpty(judged);
        Assert.All(judged, one => Assert.All(one.Critics, critic =>
        {
            Assert.NotEqual(one.Author, critic.Critic);
            Assert.NotEqual(model[one.Author], model[critic.Critic]);
        }));
    }

    [Fact]
    public async Task A_task_whose_answers_can_be_compared_is_decided_by_votes_and_not_by_critics()
    {
        var script = BrainScript.OfTiers(0.8) with { Plan = new ScriptedPlan { Check = "votes" } };
        await using var cluster = await BrainCluster.StartAsync(script);
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(4).ToJsonString());

        Assert.True(status.State == GoalState.Done, status.ToJson());
        var events = await cluster.EventsAsync("g");
        var judged = events.OfType<CandidateJudged>().Where(one => !one.Candidate.StartsWith("r0.join", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["r0.t1.votes", "r0.t2.votes", "r0.t3.votes", "r0.t4.votes"], judged.Select(one => one.Candidate).Order(StringComparer.Ordinal));
        Assert.All(judged, one => Assert.InRange(one.Disagreement, 0, 0.02));
        Assert.All(judged, one => Assert.True(events.OfType<CallReserved>().Count(call => call.Call.StartsWith($"{one.Candidate[..^5]}v", StringComparison.Ordinal)) >= 3));
        Assert.All(Enumerable.Range(1, 4), n => Assert.Contains(BrainGoals.Right(n), status.Cognition!.Answer, StringComparison.Ordinal));
        Assert.Equal(status.Cognition!.Answer, (await cluster.ReplayAsync("g")).Cognition!.Answer!.Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_malformed_plan_is_mended_by_telling_what_is_wrong(int malformed)
    {
        string[] plans = ["Here is my plan: none.", """{"tasks": [{"id": "t1", "instruction": ""}]}"""];
        const string Plan = """{"tasks": [{"id": "t1", "instruction": "[task 1 of SIM-5] Answer.", "context": "", "tier": null, "width": 1, "check": "critics"}]}""";
        var script = BrainScript.OfTiers(1) with { Rules = [new ScriptedRule { When = new RuleCondition { Role = "plan" }, Replies = [.. plans.Take(malformed), Plan] }] };
        await using var cluster = await BrainCluster.StartAsync(script);
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(1).ToJsonString());

        Assert.True(status.State == GoalState.Done, status.ToJson());
        Assert.Equal($"the plan was repaired {malformed} times", status.Cognition!.PlanNote);
        Assert.Equal(malformed + 1, cluster.Brains.Calls.Count(call => call.Id.StartsWith("plan", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_plan_that_stays_malformed_is_asked_for_three_times_and_then_the_objective_is_one_task_and_that_is_said()
    {
        var script = BrainScript.OfTiers(1) with { Rules = [new ScriptedRule { When = new RuleCondition { Role = "plan" }, Replies = ["no plan"] }] };
        await using var cluster = await BrainCluster.StartAsync(script);
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(1).ToJsonString());

        Assert.True(status.State == GoalState.Done, status.ToJson());
        Assert.Contains("the objective is one task", status.Cognition!.PlanNote, StringComparison.Ordinal);
        Assert.Single(status.Cognition.Tasks);
        Assert.Equal(["plan", "plan.repair1", "plan.repair2"], cluster.Brains.Calls.Where(call => call.Id.StartsWith("plan", StringComparison.Ordinal)).Select(call => call.Id));
    }

    [Fact]
    public async Task Contradictions_between_candidates_are_listed_with_their_resolution_and_its_reason()
    {
        var join = new JsonObject
        {
            ["outcome"] = $"{BrainGoals.Right(1)}\n{BrainGoals.Right(2)}",
            ["sources"] = new JsonArray(
                new JsonObject { ["candidate"] = "r0.t1.a0", ["use"] = "used", ["rank"] = 1, ["reason"] = "clear" },
                new JsonObject { ["candidate"] = "r0.t2.a0", ["use"] = "used", ["rank"] = 2, ["reason"] = "clear too" }),
            ["contradictions"] = new JsonArray(new JsonObject
            {
                ["candidates"] = new JsonArray("r0.t1.a0", "r0.t2.a0"),
                ["about"] = "the order",
                ["resolution"] = "the first goes first",
                ["reason"] = "it was asked first",
            }),
        };
        var script = BrainScript.OfTiers(1) with { Rules = [new ScriptedRule { When = new RuleCondition { Role = "join" }, Replies = [join.ToJsonString()] }] };
        await using var cluster = await BrainCluster.StartAsync(script);
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(2, width: 1).ToJsonString());

        Assert.True(status.State == GoalState.Done, status.ToJson());
        Assert.Equal(["r0.t1.a0, r0.t2.a0 about the order: the first goes first (it was asked first)"], status.Cognition!.Contradictions);
    }

    [Fact]
    public async Task What_critics_find_wrong_goes_as_an_instruction_into_the_next_round()
    {
        var script = new BrainScript
        {
            Models = [new ScriptedModel { Name = "only" }],
            Rules = [new ScriptedRule { When = new RuleCondition { Role = "text" }, Replies = ["scripted: a faulty answer, number 1", "scripted: a sound answer"] }],
        };
        await using var cluster = await BrainCluster.StartAsync(script);
        var status = await cluster.RunAsync("g", BrainGoals.OfOne("Write a poem.").ToJsonString());

        Assert.True(status is { State: GoalState.Done, Rounds: 2, Cognition.Answer: "scripted: a sound answer" }, status.ToJson());
        var second = Assert.Single(cluster.Brains.Calls, call => call.Id == "r1.t1.a0");
        Assert.Contains("- the answer is not the right one", second.Asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_joined_answer_that_the_last_check_refuses_is_forked_again()
    {
        var wrong = new JsonObject
        {
            ["outcome"] = "answer 1-00000000 and answer 2-00000000",
            ["sources"] = new JsonArray(
                new JsonObject { ["candidate"] = "r0.t1.a0", ["use"] = "used", ["rank"] = 1, ["reason"] = "clear" },
                new JsonObject { ["candidate"] = "r0.t2.a0", ["use"] = "used", ["rank"] = 2, ["reason"] = "clear" }),
            ["contradictions"] = new JsonArray(),
        };
        var script = new BrainScript
        {
            Models = [new ScriptedModel { Name = "only" }],
            Rules = [new ScriptedRule { When = new RuleCondition { Role = "join", Contains = "r0.t1.a0" }, Replies = [wrong.ToJsonString()] }],
        };
        await using var cluster = await BrainCluster.StartAsync(script);
        var status = await cluster.RunAsync("g", BrainGoals.OfTasks(2, width: 1).ToJsonString());

        Assert.True(status is { State: GoalState.Done, Rounds: 2 }, status.ToJson());
        Assert.All([1, 2], n => Assert.Contains(BrainGoals.Right(n), status.Cognition!.Answer, StringComparison.Ordinal));
        Assert.All(status.Cognition!.Evidence, one => Assert.StartsWith("r1.", one.Candidate, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Texts_of_any_name_are_given_to_brains_in_fences()
    {
        await using var cluster = await BrainCluster.StartAsync(BrainScript.OfTiers(1));
        var goal = BrainGoals.OfTasks(1, width: 1);
        goal["context"] = new JsonArray("The sky is blue.", new JsonObject { ["name"] = "notes/My file (2).md", ["text"] = "Grass is green." });
        var status = await cluster.RunAsync("g", goal.ToJsonString());

        Assert.True(status.State == GoalState.Done, status.ToJson());
        var attempt = Assert.Single(cluster.Brains.Calls, call => call.Id == "r0.t1.a0");
        Assert.Matches("<<<notes-My-file--2-.md [0-9a-f]{16}\nGrass is green.\nnotes-My-file--2-.md [0-9a-f]{16}>>>", attempt.Asked);
    }
}
