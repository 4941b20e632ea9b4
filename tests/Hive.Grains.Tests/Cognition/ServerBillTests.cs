using System.Text.Json;
using System.Text.Json.Nodes;
using Hive.Brains;
using Hive.Brains.Configuration;
using Hive.Brains.Scripted;
using Hive.Goals;
using Hive.Testing;

namespace Hive.Grains.Tests.Cognition;

/// <summary>Budgets beside the bills of a real server over HTTP.</summary>
public sealed class ServerBillTests(ITestOutputHelper output) : IDisposable
{
    private const int Goals = 16;

    private readonly string _folder = TemporaryDirectory.Create("hive-bills");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => TemporaryDirectory.Delete(_folder);

    [Fact]
    public async Task No_server_bills_a_goal_for_more_than_its_ledger_says_nor_that_for_more_than_its_budget()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var script = BrainScript.OfTiers(0.7) with
        {
            Seed = seed,
            Faults = ScriptedFaults.Evenly(0.3) with { Stall = 0, RetryAfterSeconds = 0, Error500Billed = true },
        };
        var bills = Path.Combine(_folder, "bills");
        var budgets = Enumerable.Range(0, Goals).Select(_ => (long)(2_000 * Math.Pow(80, random.NextDouble()))).ToArray();
        GoalStatus[] ends;
        await using (var server = await ScriptedBrainServer.StartAsync(script, new ScriptedServerOptions { LedgerFile = bills }, Cancellation))
        await using (var pool = await BrainPool.OpenAsync(BrainsFile.Parse(Brains(server.Endpoint), _folder), TimeProvider.System, loggers: null, Cancellation))
        await using (var cluster = await BrainCluster.StartAsync(pool, silos: 1))
        {
            await cluster.AnnounceAsync();
            ends = await Task.WhenAll(budgets.Select((tokens, i) => cluster.RunAsync($"g{i}", BrainGoals.OfTasks(1 + (i % 3), tokens).ToJsonString())));
        }

        var billed = (await File.ReadAllLinesAsync(bills, Cancellation)).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.NotEmpty(billed);
        Assert.DoesNotContain(billed.GroupBy(bill => bill.GetProperty("key").GetString()), bills => bills.Count() > 1);
        for (var i = 0; i < Goals; i++)
        {
            var of = billed.Where(bill => bill.GetProperty("key").GetString()!.StartsWith($"g{i}/", StringComparison.Ordinal));
            var sum = of.Sum(bill => bill.GetProperty("promptTokens").GetInt64() + bill.GetProperty("completionTokens").GetInt64());
            var spent = ends[i].Cognition!.Ledger.Tokens;
            output.WriteLine($"{budgets[i]:N0} tokens: {ends[i].State}, {spent:N0} spent, {sum:N0} billed");
            Assert.InRange(sum, 0, spent);
            Assert.InRange(spent, 0, budgets[i]);
            Assert.True(ends[i].State is GoalState.Done or GoalState.Exhausted || ends[i] is { State: GoalState.Failed, Cognition.CallsDone: 0 }, ends[i].ToJson());
        }
    }

    private static string Brains(Uri endpoint) => new JsonObject
    {
        ["discover"] = false,
        ["brains"] = new JsonArray(new[] { "edge", "worker", "core" }.Select(tier => (JsonNode)new JsonObject
        {
            ["name"] = $"fake-{tier}",
            ["endpoint"] = endpoint.ToString(),
            ["model"] = $"fake-{tier}",
            ["tier"] = tier,
            ["maxConcurrency"] = 16,
        }).ToArray()),
    }.ToJsonString();
}
