using System.Text.Json.Nodes;
using Hive.Brains;
using Hive.Brains.Scripted;
using Hive.Goals;
using Hive.Silos;
using Hive.Storage;

namespace Hive.Grains.Tests.Cognition;

/// <summary>A crash is a log that ends somewhere. Wherever it ends, the goal goes on from there and asks nothing again that may have been paid for.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Cuts = 20;
    private const long Budget = 400_000;

    [Fact]
    public async Task Wherever_the_log_ends_no_call_is_made_again_and_the_outcome_is_the_same()
    {
        var spec = BrainGoals.OfTasks(3, Budget, width: 1).ToJsonString();
        var (script, whole, status) = await LiveAsync(spec, accuracy: 1, faults: 0);
        await ResumeAtAsync(script, whole, resumed =>
        {
            Assert.True(resumed.State == status.State, resumed.ToJson());
            Assert.Equal(status.Cognition!.Answer, resumed.Cognition!.Answer);
            Assert.Equal(status.Cognition.Evidence.Select(one => (one.Candidate, one.IsUsed)), resumed.Cognition.Evidence.Select(one => (one.Candidate, one.IsUsed)));
        });
    }

    [Fact]
    public async Task Wherever_the_log_of_a_goal_with_failing_brains_ends_no_call_is_made_again()
    {
        var (script, whole, _) = await LiveAsync(BrainGoals.OfTasks(3, Budget).ToJsonString(), accuracy: 0.8, faults: 0.3);
        await ResumeAtAsync(script, whole, resumed => Assert.True(resumed.State is GoalState.Done or GoalState.Exhausted, resumed.ToJson()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_answers_to_one_question_the_one_that_the_log_has_first_counts(bool isTwinFirst)
    {
        var script = new BrainScript { Models = [new ScriptedModel { Name = "only" }] };
        var goal = BrainGoals.OfOne("Write a poem.");
        goal["check"] = new JsonObject { ["critics"] = new JsonObject { ["quorum"] = 1 } };
        var log = new MemoryGoalLog();
        var journal = new GoalJournal(new GoalProgress("g"), log, TimeProvider.System);
        string[] calls = ["r0.t1.a0", "r0.t1.a0^"];
        await journal.RecordAsync(new GoalAccepted(GoalFile.Write(GoalFile.Parse(goal.ToJsonString()))));
        await Task.WhenAll(calls.Select(call => journal.RecordAsync(new CallReserved(call, "worker@hub/only-attempt-0", "only", Tiers.Worker, 10_000, 0) { Model = "only" })));
        foreach (var call in isTwinFirst ? calls.Reverse() : calls)
        {
            await journal.RecordAsync(new CallSettled(call, 1, 1, 0, 0) { Reply = new BrainReply { Text = $"scripted: a sound answer of {call}" }.ToJson() });
        }

        await using var cluster = await BrainCluster.StartAsync(script, log);
        await cluster.Goal("g").ResumeAsync();
        var status = await cluster.Silos.EndAsync("g");
        Assert.True(status.State == GoalState.Done, status.ToJson());
        Assert.Equal($"scripted: a sound answer of {calls[isTwinFirst ? 1 : 0]}", status.Cognition!.Answer);
    }

    private async Task<(BrainScript Script, List<LogEntry> Log, GoalStatus Status)> LiveAsync(string spec, double accuracy, double faults)
    {
        var seed = Random.Shared.NextInt64(1, long.MaxValue);
        output.WriteLine($"script's seed {seed}");
        var script = BrainScript.OfTiers(accuracy) with { Seed = seed, Faults = ScriptedFaults.Evenly(faults) };
        await using var cluster = await BrainCluster.StartAsync(script);
        var status = await cluster.RunAsync("g", spec);
        Assert.True(status.State.IsEnd(), status.ToJson());
        return (script, await BrainCluster.EntriesAsync(cluster.Log, "g"), status);
    }

    private async Task ResumeAtAsync(BrainScript script, List<LogEntry> whole, Action<GoalStatus> check)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < Cuts; i++)
        {
            var cut = random.Next(1, whole.Count);
            output.WriteLine($"cut after {cut} of {whole.Count}");
            var log = new MemoryGoalLog();
            await log.AppendAsync("g", whole.GetRange(0, cut), null, CancellationToken.None);
            await using var cluster = await BrainCluster.StartAsync(script, log);
            var before = await cluster.ReplayAsync("g");
            await cluster.Goal("g").ResumeAsync();
            var status = await cluster.Goal("g").WaitAsync(CancellationToken.None);
            Assert.Null(status.Trouble);
            check(status);
            Assert.DoesNotContain(cluster.Brains.Calls, call => before.Cognition!.Reserved(call.Id) is not null);
            Assert.DoesNotContain(cluster.Brains.Calls.GroupBy(call => call.Key), calls => calls.Count() > 1);
            Assert.InRange(before.Cognition!.Ledger.Tokens + cluster.Brains.BillOf("g"), 0, Budget);
            Assert.InRange(status.Cognition!.Ledger.Tokens, 0, Budget);
            var events = await cluster.EventsAsync("g");
            Assert.Single(events.OfType<OutcomeJoined>());
            Assert.DoesNotContain(events.OfType<CallSettled>().GroupBy(call => call.Call), calls => calls.Count() > 1);
        }
    }
}
