using System.Collections.Concurrent;
using Hive.Brains.Scripted;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Tests.Scripted;

/// <summary>Hive's own client of brains, held to its word by a server that counts.</summary>
public sealed class HiveClientTests
{
    private const int Calls = 1_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_thousand_calls_of_which_three_in_ten_go_wrong_none_is_billed_that_was_said_to_be_unpaid(bool stream)
    {
        var script = ScriptedCalls.With(ScriptedFaults.Evenly(0.3) with { RetryAfterSeconds = 0, Error500Billed = true });
        await using var server = await ScriptedBrainServer.StartAsync(script);
        await using var pool = await TestPool.OpenAsync(server.Endpoint.ToString(), $$"""
            "timeoutSeconds": 1, "stallSeconds": 0.5, "maxConcurrency": 64, "stream": {{(stream ? "true" : "false")}}
            """, limits: usual => usual with { BreakerThreshold = int.MaxValue }, model: "fake-edge");
        var (answered, failures) = (new ConcurrentBag<string>(), new ConcurrentDictionary<string, BrainException>());
        await Parallel.ForEachAsync(ScriptedCalls.Keys(Calls), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (key, cancellation) =>
        {
            try
            {
                var options = new ChatOptions { MaxOutputTokens = 200, AdditionalProperties = new AdditionalPropertiesDictionary { [BrainHeaders.IdempotencyKeyProperty] = key } };
                var reply = await pool.AskAsync("What is 17 × 24?", options, cancellation);
                Assert.StartsWith("408", reply.Text, StringComparison.Ordinal);
                answered.Add(key);
            }
            catch (BrainException e)
            {
                failures[key] = e;
            }
        });
        var billed = server.Ledger.BilledByKey;
        Assert.Equal(Calls, answered.Count + failures.Count);
        Assert.All(answered, key => Assert.True(billed.GetValueOrDefault(key) >= 1, $"{key} was answered and never billed"));
        Assert.All(failures, failure => Assert.True(failure.Value.MayHaveBeenPaid || !billed.ContainsKey(failure.Key), $"{failure.Key} was billed: {failure.Value}"));
        Assert.Equal([BrainFault.Broken, BrainFault.TimedOut, BrainFault.CutOff, BrainFault.Malformed], failures.Values.Select(failure => failure.Fault).Distinct().Order());
    }
}
