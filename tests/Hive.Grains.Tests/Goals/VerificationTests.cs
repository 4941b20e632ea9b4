using Hive.Goals;

namespace Hive.Grains.Tests.Goals;

/// <summary>Evaluators that lie, fail and contradict themselves.</summary>
public sealed class VerificationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hive-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_winner_that_does_not_repeat_is_discarded_and_said_so()
    {
        // The first process claims a hundred too much for the first three candidates left of the middle; every later one tells the truth.
        var spec = Spec("""
            import json, os, sys
            lies = 0 if os.path.exists("lied") else 3
            open("lied", "w").close()
            for line in sys.stdin:
                asked = json.loads(line)
                x = asked["candidate"]["x"]
                lie = lies > 0 and x < 0.5
                lies -= lie
                print(json.dumps({"id": asked["id"], "metric": x + (100 if lie else 0), "violation": 0}), flush=True)
            """);
        await using var cluster = await GoalCluster.StartAsync(cores: 1);
        var status = await cluster.RunAsync("g", spec);
        Assert.Equal(GoalState.Done, status.State);
        Assert.InRange(status.Discarded, 1, 16);
        Assert.InRange(status.Metric!.Value!.Value, 0.5, 1);
        Assert.Contains(await cluster.EventsAsync("g"), happened => happened is CandidateVerified { Holds: false, Reason: not null });
    }

    [Fact]
    public async Task A_goal_whose_evaluator_never_works_fails_with_the_first_reason()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var status = await cluster.RunAsync("g", Spec("import sys; sys.exit('no data here')"));
        Assert.Equal(GoalState.Failed, status.State);
        Assert.Contains("no data here", status.Reason, StringComparison.Ordinal);
        Assert.Equal("null", status.Candidate);
    }

    [Fact]
    public async Task A_goal_without_a_feasible_candidate_ends_exhausted_and_says_so()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var status = await cluster.RunAsync("g", Spec("""
            import json, sys
            for line in sys.stdin:
                print(json.dumps({"id": json.loads(line)["id"], "metric": 1, "violation": 2}), flush=True)
            """));
        Assert.Equal(GoalState.Exhausted, status.State);
        Assert.Contains("no feasible candidate", Assert.Single(status.Missing), StringComparison.Ordinal);
    }

    private string Spec(string script)
    {
        File.WriteAllText(Path.Combine(_folder, "score.py"), script);
        return GoalFile.Write(GoalFile.Parse(
            """
            { "objective": "Go right",
              "check": { "metric": { "name": "x", "direction": "maximize",
                                     "evaluator": { "command": ["python3", "score.py"], "protocol": "lines", "timeoutSeconds": 20 } } },
              "space": { "x": { "real": [0, 1] } },
              "budget": { "evaluations": 400 }, "agents": 2, "seed": 1 }
            """,
            _folder));
    }
}
