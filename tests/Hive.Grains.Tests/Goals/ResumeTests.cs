using Hive.Goals;
using Hive.Storage;

namespace Hive.Grains.Tests.Goals;

/// <summary>A crash is a log that ends somewhere. Wherever it ends, the goal goes on from there.</summary>
public sealed class ResumeTests(ITestOutputHelper output)
{
    private const long Budget = 30_000;
    private const int Cuts = 12;

    private const string Spec = """
        { "objective": "Find the lowest point",
          "check": { "metric": { "name": "loss", "direction": "minimize", "evaluator": { "builtin": "rastrigin" } } },
          "space": { "x": { "vector": { "length": 4, "of": { "real": [-5, 5] } } }, "n": { "integer": [-3, 3] } },
          "budget": { "evaluations": 30000 }, "agents": 5, "seed": 11 }
        """;

    [Fact]
    public async Task Wherever_the_log_ends_the_goal_goes_on_from_there()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var whole = await LiveAsync();
        int[] cuts = [1, 2, whole.Count - 1, .. Enumerable.Range(0, Cuts).Select(_ => random.Next(1, whole.Count))];
        foreach (var cut in cuts)
        {
            output.WriteLine($"cut after {cut} of {whole.Count}");
            await ResumeAsync(whole.GetRange(0, cut));
        }
    }

    private static async Task<List<LogEntry>> LiveAsync()
    {
        await using var cluster = await GoalCluster.StartAsync();
        Assert.Equal(GoalState.Done, (await cluster.RunAsync("g", Spec)).State);
        var entries = new List<LogEntry>();
        await foreach (var entry in cluster.Log.ReadAsync("g", 0, CancellationToken.None))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static async Task ResumeAsync(List<LogEntry> left)
    {
        var log = new MemoryGoalLog();
        await log.AppendAsync("g", left, null, CancellationToken.None);
        await using var cluster = await GoalCluster.StartAsync(log: log);
        await cluster.Goal("g").ResumeAsync();
        var status = await cluster.Goal("g").WaitAsync(CancellationToken.None);
        Assert.True(status is { State: GoalState.Done, Evaluations: Budget, Verified: true }, status.ToJson());

        var finished = new HashSet<string>();
        foreach (var happened in await cluster.EventsAsync("g"))
        {
            switch (happened)
            {
                case AttemptStarted started:
                    Assert.DoesNotContain(started.Attempt, finished);
                    break;
                case AttemptFinished attempt:
                    Assert.True(finished.Add(attempt.Attempt), $"{attempt.Attempt} was counted twice");
                    break;
            }
        }

        Assert.Single((await cluster.EventsAsync("g")).OfType<OutcomeJoined>());
    }
}
