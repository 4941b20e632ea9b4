using Hive.Agents;
using Hive.Goals;
using Hive.Grains.Tests.Goals;
using Hive.Silos;
using Hive.Testing;

namespace Hive.Grains.Tests.Scheduling;

/// <summary>Goals on silos of different tiers, as far as one process can show it.</summary>
public sealed class GridTests
{
    private const string Sphere = """
        { "objective": "Find the lowest point",
          "check": { "metric": { "name": "loss", "direction": "minimize", "evaluator": { "builtin": "sphere" } } },
          "space": { "x": { "vector": { "length": 3, "of": { "real": [-5, 5] } } } },
          "budget": { "evaluations": 20000 }, "agents": 6, "seed": 7, "tiers": ["edge", "worker", "core"] }
        """;

    private static readonly string[] AllTiers = [Tiers.Worker, Tiers.Edge, Tiers.Edge, Tiers.Core];

    [Fact]
    public async Task Each_attempt_runs_on_a_silo_of_its_tier_and_the_log_proves_it()
    {
        await using var cluster = await StartAsync();
        var status = await cluster.RunAsync("g", Sphere);
        Assert.True(status is { State: GoalState.Done, Verified: true, Evaluations: 20_000 }, status.ToJson());
        var finished = (await cluster.EventsAsync("g")).OfType<AttemptFinished>().ToArray();
        foreach (var attempt in finished)
        {
            Assert.True(AgentKey.TryParse(attempt.Agent, out var agent));
            var number = int.Parse(agent.Number["g-".Length..], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(Tiers.All[number % 3], agent.Tier);
            Assert.Equal(agent.Tier, agent.Silo == GoalCluster.HubName ? AllTiers[0] : AllTiers[agent.Silo[^1] - '0']);
            Assert.Equal(16, attempt.Incarnation?.Length);
        }

        Assert.Equal(4, finished.Select(attempt => attempt.Agent[..attempt.Agent.IndexOf('/', StringComparison.Ordinal)]).Distinct().Count());
    }

    [Fact]
    public async Task Without_a_silo_of_a_tier_a_goal_waits_says_for_what_and_goes_on_when_one_joins()
    {
        await using var cluster = await StartAsync(announceCore: false);
        await cluster.Goal("g").SubmitAsync(Sphere);
        await foreach (var entry in cluster.Goal("g").WatchAsync(0, CancellationToken.None))
        {
            if (entry.Read() is GoalWaits { For: "no silo of tier core is here" })
            {
                break;
            }
        }

        Assert.Equal("no silo of tier core is here", (await cluster.Goal("g").GetStatusAsync()).Waiting);
        await cluster.AnnounceAsync("silo-3", 2, Tiers.Core);
        var status = await cluster.EndAsync("g");
        Assert.True(status is { State: GoalState.Done, Waiting: null }, status.ToJson());
        Assert.Null((await cluster.EventsAsync("g")).OfType<GoalWaits>().Last().For);
    }

    [Fact]
    public async Task A_goal_whose_tier_never_comes_ends_at_its_deadline_with_that_reason()
    {
        await using var cluster = await StartAsync(announceCore: false);
        var status = await cluster.RunAsync("g", Sphere.Replace("\"evaluations\": 20000", "\"evaluations\": 20000, \"seconds\": 1", StringComparison.Ordinal));
        Assert.Equal(GoalState.Exhausted, status.State);
        Assert.Equal(["no silo of tier core is here, and none joined before the deadline"], status.Missing);
        Assert.True(status is { Verified: true, Waiting: null }, status.ToJson());
    }

    [Fact]
    public async Task A_goal_without_any_silo_ends_at_its_deadline_too()
    {
        await using var cluster = await GoalCluster.StartAsync([Tiers.Worker]);
        var status = await cluster.RunAsync("g", Sphere.Replace("\"evaluations\": 20000", "\"seconds\": 0.5", StringComparison.Ordinal).Replace(", \"tiers\": [\"edge\", \"worker\", \"core\"]", "", StringComparison.Ordinal));
        Assert.Equal((GoalState.Exhausted, "no silo is here, and none joined before the deadline"), (status.State, status.Reason));
    }

    [Fact]
    public async Task What_a_silent_silo_was_given_runs_elsewhere_too_and_counts_once()
    {
        var folder = TemporaryDirectory.Create("hive-twins");
        try
        {
            await WaitWithTwinsAsync(folder);
        }
        finally
        {
            TemporaryDirectory.Delete(folder);
        }
    }

    private static async Task WaitWithTwinsAsync(string folder)
    {
        var go = Path.Combine(folder, "go");
        await File.WriteAllTextAsync(Path.Combine(folder, "wait.sh"), $"while [ ! -e {go} ]; do sleep 0.05; done; echo loss: 1\n");
        await using var cluster = await GoalCluster.StartAsync(silos: 2);
        await cluster.Goal("g").SubmitAsync($$"""
            { "objective": "Wait", "check": { "metric": { "name": "loss", "direction": "minimize", "evaluator": { "command": ["sh", "wait.sh"], "timeoutSeconds": 60 } } },
              "space": { "x": { "real": [0, 1] } }, "budget": { "evaluations": 4, "rounds": 1 }, "agents": 4, "directory": "{{folder}}" }
            """);
        var given = new Dictionary<string, List<string>>();
        await foreach (var entry in cluster.Goal("g").WatchAsync(0, CancellationToken.None))
        {
            if (entry.Read() is not AttemptStarted started)
            {
                continue;
            }

            given.TryAdd(started.Attempt, []);
            given[started.Attempt].Add(started.Agent);
            if (given.Values.Sum(agents => agents.Count) == 4)
            {
                await cluster.ForgetAsync("silo-1");
            }

            if (given.Values.Sum(agents => agents.Count) == 6)
            {
                await File.WriteAllTextAsync(go, "");
                break;
            }
        }

        Assert.All(given.Values.Where(agents => agents.Count == 2), agents => Assert.True(
            agents[0].Contains("@silo-1/", StringComparison.Ordinal) && agents[1].Contains("@hub/", StringComparison.Ordinal), string.Join(", ", agents)));
        var status = await cluster.EndAsync("g");
        Assert.True(status is { State: GoalState.Done, Attempts: { Done: 4, Failed: 0 } }, status.ToJson());
        Assert.Equal(4, (await cluster.EventsAsync("g")).OfType<AttemptFinished>().Count());
    }

    private static async Task<GoalCluster> StartAsync(bool announceCore = true)
    {
        var cluster = await GoalCluster.StartAsync(AllTiers);
        await cluster.AnnounceAsync(GoalCluster.HubName, 2);
        await cluster.AnnounceAsync("silo-1", 2, Tiers.Edge);
        await cluster.AnnounceAsync("silo-2", 2, Tiers.Edge);
        if (announceCore)
        {
            await cluster.AnnounceAsync("silo-3", 2, Tiers.Core);
        }

        return cluster;
    }
}
