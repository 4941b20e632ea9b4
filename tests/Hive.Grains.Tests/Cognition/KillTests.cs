using System.Globalization;
using System.Text.Json.Nodes;
using Hive.Brains.Scripted;
using Hive.Goals;
using Hive.Storage;
using Hive.Testing;

namespace Hive.Grains.Tests.Cognition;

/// <summary>Processes that are killed while they work on goals for brains, beside a server that counts what it bills.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 20;
    private const int Tasks = 5;
    private const long Budget = 2_000_000;

    private readonly string _folder = TemporaryDirectory.Create("hive-kill");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_folder, "hive.db");

    public void Dispose() => TemporaryDirectory.Delete(_folder);

    [Fact]
    public async Task Nothing_is_paid_twice_however_often_the_process_is_killed()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var script = BrainScript.OfTiers(1, latencyMs: 10) with
        {
            Seed = seed,
            Faults = new ScriptedFaults { Busy429 = 0.04, RetryAfterSeconds = 0, WrongUsage = 0.08, MalformedJson = 0.04, Error500 = 0.02, Error500Billed = true, CutStream = 0.02 },
        };
        await using var server = await ScriptedBrainServer.StartAsync(script, cancellation: Cancellation);
        var (brains, spec) = Write(server.Endpoint);

        var (goals, kills, known) = (new List<string> { "g0" }, 0, 0L);
        while (true)
        {
            var (last, isEnded) = await LiveAsync(brains, spec, goals[^1], kills < Kills ? known + random.Next(1, 30) : long.MaxValue);
            (known, kills) = (Math.Max(known, last), isEnded ? kills : kills + 1);
            if (isEnded && kills >= Kills)
            {
                break;
            }

            if (isEnded)
            {
                goals.Add($"g{goals.Count}");
                known = 0;
            }
        }

        output.WriteLine($"{kills} kills, {goals.Count} goals, {server.Ledger.Requests} requests, {server.Ledger.Billed} billed, {server.Ledger.Aborted} aborted");
        Assert.Equal(0, server.Ledger.BilledWithoutKey);
        Assert.DoesNotContain(server.Ledger.BilledByKey, bill => bill.Value > 1);
        Assert.InRange(server.Ledger.PromptTokens + server.Ledger.CompletionTokens, 1, await SpentAsync(goals));
    }

    /// <summary>One life of the process: it is killed once the log has come so far, unless the goal ends before.</summary>
    private async Task<(long Last, bool IsEnded)> LiveAsync(string brains, string spec, string goal, long fatal)
    {
        var (last, isEnded) = (0L, false);
        await using var child = Testing.ChildProcess.Start("Hive.CrashWriter.dll", Database, "goal", brains, goal, spec);
        await foreach (var line in child.ReadLinesAsync(Cancellation))
        {
            switch (line.Split(' '))
            {
                case ["ended", var state]:
                    Assert.Equal(nameof(GoalState.Done), state);
                    isEnded = true;
                    break;
                case [var sequence, not ""] when long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                    last = number;
                    break;
            }

            if (last >= fatal && !isEnded)
            {
                child.Kill();
                return (last, false);
            }
        }

        Assert.True(isEnded, $"the process ended by itself after entry {last}");
        return (last, true);
    }

    private async Task<long> SpentAsync(List<string> goals)
    {
        await using var database = await HiveDatabase.OpenAsync(Database, cancellation: Cancellation);
        var spent = 0L;
        foreach (var goal in goals)
        {
            var progress = new GoalProgress(goal);
            await new GoalJournal(progress, new DatabaseGoalLog(database), TimeProvider.System).ReplayAsync(Cancellation);
            Assert.Equal(GoalState.Done, progress.State);
            Assert.All(Enumerable.Range(1, Tasks), n => Assert.Contains(BrainGoals.Right(n), progress.Cognition!.Answer!.Text, StringComparison.Ordinal));
            Assert.InRange(progress.Cognition!.Ledger.Tokens, 1, Budget);
            Assert.Empty(progress.Cognition.Ledger.Open);
            spent += progress.Cognition.Ledger.Tokens;
        }

        return spent;
    }

    private (string Brains, string Spec) Write(Uri endpoint)
    {
        var (brains, spec) = (Path.Combine(_folder, "hive.json"), Path.Combine(_folder, "goal.json"));
        File.WriteAllText(brains, new JsonObject
        {
            ["discover"] = false,
            ["brains"] = new JsonArray(new[] { "edge", "worker", "core" }.Select(tier => (JsonNode)new JsonObject
            {
                ["name"] = $"fake-{tier}",
                ["endpoint"] = endpoint.ToString(),
                ["model"] = $"fake-{tier}",
                ["tier"] = tier,
                ["maxConcurrency"] = 4,
            }).ToArray()),
        }.ToJsonString());
        File.WriteAllText(spec, BrainGoals.OfTasks(Tasks, Budget, width: 2).ToJsonString());
        return (brains, spec);
    }
}
