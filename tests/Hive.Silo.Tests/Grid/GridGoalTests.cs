using System.Text.Json;
using Hive.Agents;
using Hive.Silos;
using Hive.Testing;

namespace Hive.Silo.Tests.Grid;

/// <summary>Goals on a hub and silos of several processes, by the commands that users type.</summary>
public sealed class GridGoalTests
{
    private const string Goal = """
        { "objective": "Find the lowest point, on hardware of every tier",
          "check": { "metric": { "name": "loss", "direction": "minimize", "evaluator": { "builtin": "latency", "milliseconds": 2 } } },
          "space": { "x": { "vector": { "length": 3, "of": { "real": [-5, 5] } } } },
          "budget": { "evaluations": 2400, "rounds": 10 }, "agents": 12, "seed": 5, "tiers": ["edge", "worker", "core"] }
        """;

    private static readonly string[] TiersOfGoal = [Tiers.Edge, Tiers.Worker, Tiers.Core];

    private static readonly (string Name, string Tier)[] Silos = [("edge-a", Tiers.Edge), ("edge-b", Tiers.Edge), ("worker-a", Tiers.Worker), ("core-a", Tiers.Core)];

    [Fact]
    public async Task Each_attempt_of_a_goal_of_three_tiers_runs_on_a_silo_of_its_tier_as_the_log_proves()
    {
        await using var nats = await NatsServer.StartAsync(cancellation: TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        folder.Write("goal.json", Goal);
        await using var hub = HiveProcess.Start(folder.Path, _ => false, "hub", "--name", "hub-a", "--nats", nats.Location, "--data", "hub", "--cores", "1");
        await hub.WaitForLineAsync("serves");
        var silos = Silos.Select(silo => HiveProcess.Start(folder.Path, _ => false, "silo", "--name", silo.Name, "--tier", silo.Tier, "--cores", "2", "--nats", nats.Location)).ToArray();
        try
        {
            await Task.WhenAll(silos.Select(silo => silo.WaitForLineAsync("is up")));
            var announced = await TiersAsync(folder, nats);
            Assert.Equal([("core-a", "core"), ("edge-a", "edge"), ("edge-b", "edge"), ("hub-a", "worker"), ("worker-a", "worker")], announced.Select(silo => (silo.Key, silo.Value)));

            var (status, document, error) = await HiveProcess.RunAsync(folder.Path, "run", "goal.json", "--connect", nats.Location, "--id", "receipts", "--json");
            Assert.True(status == 0, error);
            Assert.Equal("Done", JsonDocument.Parse(document).RootElement.GetProperty("state").GetString());
            CheckReceipts(await LogAsync(folder, nats), announced);
        }
        finally
        {
            foreach (var silo in silos)
            {
                await silo.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_hub_on_a_file_that_is_killed_and_started_again_brings_the_goal_to_its_end_before_the_eyes_of_the_client_that_waits()
    {
        await using var nats = await NatsServer.StartAsync(cancellation: TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        folder.Write("goal.json", Goal.Replace("\"milliseconds\": 2", "\"milliseconds\": 30", StringComparison.Ordinal).Replace(", \"tiers\": [\"edge\", \"worker\", \"core\"]", "", StringComparison.Ordinal));
        string[] command = ["hub", "--name", "hub-a", "--nats", nats.Location, "--data", "hub", "--cores", "4"];
        await using var killed = HiveProcess.Start(folder.Path, _ => false, command);
        await killed.WaitForLineAsync("serves");
        await using var silo = HiveProcess.Start(folder.Path, _ => false, "silo", "--name", "silo-a", "--cores", "4", "--nats", nats.Location);
        await silo.WaitForLineAsync("is up");
        var lines = 3;
        await using var run = HiveProcess.Start(folder.Path, _ => --lines <= 0, "run", "goal.json", "--connect", nats.Location, "--id", "receipts", "--json");
        await run.Seen;
        killed.Kill();
        await using var hub = HiveProcess.Start(folder.Path, _ => false, command);

        var (status, document, error) = await run.EndAsync();
        Assert.True(status == 0, error);
        Assert.Equal("Done", JsonDocument.Parse(document).RootElement.GetProperty("state").GetString());
        var log = await LogAsync(folder, nats);
        Assert.Equal(Enumerable.Range(1, log.Length).Select(n => (long)n), log.Select(entry => entry.GetProperty("sequence").GetInt64()));
        var finished = log.Where(entry => entry.GetProperty("kind").GetString() == "attempt-finished").Select(entry => entry.GetProperty("event")).ToArray();
        Assert.Equal(2_400, finished.Sum(attempt => attempt.GetProperty("evaluations").GetInt64()));
        Assert.Equal(finished.Length, finished.Select(attempt => attempt.GetProperty("attempt").GetString()).Distinct().Count());
        Assert.False(silo.HasExited);
    }

    /// <summary>A receipt is the key of the agent that ran the attempt: tier, silo, and which of the goal's agents it is, whose tier the goal's list of tiers says.</summary>
    private static void CheckReceipts(JsonElement[] log, IReadOnlyDictionary<string, string> announced)
    {
        var finished = new HashSet<string>();
        var siloOf = new HashSet<string>();
        foreach (var entry in log.Where(entry => entry.GetProperty("kind").GetString() is "attempt-started" or "attempt-finished"))
        {
            var happened = entry.GetProperty("event");
            Assert.True(AgentKey.TryParse(happened.GetProperty("agent").GetString(), out var agent));
            var asked = TiersOfGoal[int.Parse(agent.Number[(agent.Number.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture) % TiersOfGoal.Length];
            Assert.Equal((asked, asked), (agent.Tier, announced[agent.Silo]));
            if (entry.GetProperty("kind").GetString() == "attempt-finished")
            {
                Assert.True(finished.Add(happened.GetProperty("attempt").GetString()!));
                siloOf.Add(agent.Silo);
            }
        }

        Assert.Subset(siloOf, Silos.Select(silo => silo.Name).ToHashSet());
    }

    private static async Task<SortedDictionary<string, string>> TiersAsync(TemporaryFolder folder, NatsServer nats)
    {
        var (status, document, error) = await HiveProcess.RunAsync(folder.Path, "silo", "list", "--connect", nats.Location, "--json");
        Assert.True(status == 0, error);
        var silos = JsonDocument.Parse(document).RootElement.GetProperty("silos").EnumerateArray();
        return new SortedDictionary<string, string>(silos.ToDictionary(silo => silo.GetProperty("name").GetString()!, silo => silo.GetProperty("tier").GetString()!), StringComparer.Ordinal);
    }

    private static async Task<JsonElement[]> LogAsync(TemporaryFolder folder, NatsServer nats)
    {
        var (status, document, error) = await HiveProcess.RunAsync(folder.Path, "goal", "watch", "receipts", "--connect", nats.Location, "--json");
        Assert.True(status == 0, error);
        return [.. JsonDocument.Parse(document).RootElement.GetProperty("log").EnumerateArray()];
    }
}
