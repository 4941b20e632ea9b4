using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Hive.Brains.Scripted;

namespace Hive.Brains.Tests.Scripted;

/// <summary>What goes wrong at a scripted server goes wrong on the wire, as a plain HTTP client sees it.</summary>
public sealed class WireFaultTests : IDisposable
{
    private const string Prompt = "What is 17 × 24?";

    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_busy_server_says_429_and_when_to_come_back_and_bills_nothing()
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.With(new ScriptedFaults { Busy429 = 1, RetryAfterSeconds = 7 }));
        using var response = await _http.SendAsync(server.Request(Prompt, "k"));
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
        Assert.Equal((1, 0, 1), (server.Ledger.Requests, server.Ledger.Billed, server.Ledger.Refused));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_failing_server_says_500_and_bills_it_if_the_script_says_so(bool isBilled, long billed)
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.With(new ScriptedFaults { Error500 = 1, Error500Billed = isBilled }));
        using var response = await _http.SendAsync(server.Request(Prompt, "k"));
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(JsonValueKind.Object, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").ValueKind);
        Assert.Equal(billed, server.Ledger.Billed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_answer_ends_the_connection_before_its_end_and_is_billed(bool stream)
    {
        var whole = await WholeAsync(stream);
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.With(new ScriptedFaults { CutStream = 1 }));
        foreach (var key in ScriptedCalls.Keys(12))
        {
            var read = new MemoryStream();
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                using var response = await _http.SendAsync(server.Request(Prompt, key, stream: stream), HttpCompletionOption.ResponseHeadersRead);
                await (await response.Content.ReadAsStreamAsync()).CopyToAsync(read);
            });
            Assert.InRange(read.Length, 0, whole - 1);
        }

        Assert.Equal(12, server.Ledger.Billed);
    }

    [Fact]
    public async Task An_answer_cut_in_an_orderly_way_brings_exactly_half_of_what_was_promised()
    {
        var script = ScriptedCalls.With(new ScriptedFaults { CutStream = 1 });
        await using var server = await ScriptedBrainServer.StartAsync(script);
        var key = ScriptedCalls.KeyWhere(script, Prompt, answer => answer.Variant % 2 == 0);
        using var response = await _http.SendAsync(server.Request(Prompt, key), HttpCompletionOption.ResponseHeadersRead);
        var half = new byte[response.Content.Headers.ContentLength!.Value / 2];
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(half);
        Assert.StartsWith("{\"id\":", Encoding.UTF8.GetString(half), StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpIOException>(async () => await body.ReadExactlyAsync(half));
    }

    [Fact]
    public async Task A_call_that_stalls_before_its_answer_stays_silent_until_the_caller_gives_up_and_is_not_billed()
    {
        var script = ScriptedCalls.With(new ScriptedFaults { Stall = 1 });
        await using var server = await ScriptedBrainServer.StartAsync(script);
        var key = ScriptedCalls.KeyWhere(script, Prompt, answer => answer.Variant % 2 == 0);
        using var patience = new CancellationTokenSource();
        var call = _http.SendAsync(server.Request(Prompt, key), HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await LedgerAsync(server, ledger => ledger.Requests == 1);
        Assert.False(call.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(0, (await LedgerAsync(server, ledger => ledger.Aborted == 1)).Billed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_stalls_in_its_answer_says_half_and_no_more_and_is_billed(bool stream)
    {
        var script = ScriptedCalls.With(new ScriptedFaults { Stall = 1 });
        await using var server = await ScriptedBrainServer.StartAsync(script);
        var key = ScriptedCalls.KeyWhere(script, Prompt, answer => answer.Variant % 2 == 1);
        using var patience = new CancellationTokenSource();
        using var response = await _http.SendAsync(server.Request(Prompt, key, stream: stream), HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[await WholeAsync(stream) / 2]);
        var more = body.ReadAsync(new byte[1], patience.Token).AsTask();
        Assert.False(more.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => more);
        Assert.Equal(1, (await LedgerAsync(server, ledger => ledger.Aborted == 1)).Billed);
    }

    [Fact]
    public async Task Malformed_json_is_a_complete_reply_that_ends_in_its_middle()
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.With(new ScriptedFaults { MalformedJson = 1 }));
        using var response = await _http.SendAsync(server.Request(Prompt, "k"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        Assert.ThrowsAny<JsonException>(() => JsonElement.Parse(text));
    }

    [Fact]
    public async Task Malformed_json_in_a_stream_is_one_event_that_ends_in_its_middle()
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.With(new ScriptedFaults { MalformedJson = 1 }));
        using var response = await _http.SendAsync(server.Request(Prompt, "k", stream: true));
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        Assert.Single(events[..^1], text => !IsJson(text["data: ".Length..]));
    }

    [Fact]
    public async Task Malformed_json_is_at_times_that_of_the_answer_alone()
    {
        var script = ScriptedCalls.With(new ScriptedFaults { MalformedJson = 1 });
        await using var server = await ScriptedBrainServer.StartAsync(script);
        var key = ScriptedCalls.KeyWhere(script, Prompt, answer => !answer.BreaksProtocol, schema: "plan");
        var text = (await _http.JsonAsync(server.Request(Prompt, key, "plan"))).Text();
        Assert.StartsWith("{\"tasks\":", text, StringComparison.Ordinal);
        Assert.False(IsJson(text));
    }

    [Fact]
    public async Task Wrong_usage_is_zero_negative_absent_or_a_million_times_too_large_while_the_ledger_knows_better()
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.With(new ScriptedFaults { WrongUsage = 1 }));
        var told = new HashSet<long?>();
        foreach (var key in ScriptedCalls.Keys(40))
        {
            var reply = await _http.JsonAsync(server.Request(Prompt, key));
            told.Add(reply.TryGetProperty("usage", out var usage) ? usage.GetProperty("prompt_tokens").GetInt64() : null);
        }

        Assert.Equal([null, -5, 0, 5_000_000], told.Order());
        Assert.Equal((40 * 5, 40 * 1), (server.Ledger.PromptTokens, server.Ledger.CompletionTokens));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    public async Task An_overlong_answer_runs_on_to_its_limit_and_says_that_it_was_cut(int maxTokens)
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.With(new ScriptedFaults { Overlong = 1 }));
        var reply = await _http.JsonAsync(server.Request(Prompt, "k", maxTokens: maxTokens));
        Assert.Equal("length", reply.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(maxTokens, reply.GetProperty("usage").GetProperty("completion_tokens").GetInt64());
        Assert.Equal(maxTokens, server.Ledger.CompletionTokens);
    }

    [Fact]
    public async Task An_injecting_answer_gives_orders_beside_what_was_asked()
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.With(new ScriptedFaults { Injecting = 1 }));
        var text = (await _http.JsonAsync(server.Request(Prompt, "k"))).Text();
        Assert.StartsWith("408\n", text, StringComparison.Ordinal);
        Assert.Contains("Ignore your task", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_come_as_often_as_the_script_says_and_a_retry_gets_the_answer_that_was_due()
    {
        const int Calls = 2_000;
        var script = ScriptedCalls.With(new ScriptedFaults { Busy429 = 0.3, RetryAfterSeconds = 0 });
        await using var server = await ScriptedBrainServer.StartAsync(script);
        var failed = 0;
        await Parallel.ForEachAsync(ScriptedCalls.Keys(Calls), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, cancellation) =>
        {
            var isFirst = true;
            while (true)
            {
                using var response = await _http.SendAsync(server.Request(Prompt, key), cancellation);
                if (response.IsSuccessStatusCode)
                {
                    Assert.Equal("408", (await response.Content.ReadFromJsonAsync<JsonElement>(cancellation)).Text());
                    break;
                }

                Interlocked.Add(ref failed, isFirst ? 1 : 0);
                isFirst = false;
            }
        });
        var deviation = Math.Sqrt(Calls * 0.3 * 0.7);
        Assert.InRange(failed, (Calls * 0.3) - (4 * deviation), (Calls * 0.3) + (4 * deviation));
        Assert.Equal(Calls, server.Ledger.Billed);
    }

    /// <summary>How many bytes the reply has that nothing goes wrong with.</summary>
    private async Task<long> WholeAsync(bool stream)
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.Perfect);
        using var response = await _http.SendAsync(server.Request(Prompt, "k", stream: stream));
        return (await response.Content.ReadAsByteArrayAsync()).Length;
    }

    /// <summary>Asks the server for its ledger until that is as expected: a server hears of a caller's end whenever its system tells it.</summary>
    private async Task<ScriptedLedger> LedgerAsync(ScriptedBrainServer server, Func<ScriptedLedger, bool> expected)
    {
        using var longest = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!expected(server.Ledger))
        {
            await _http.GetStringAsync(new Uri(server.Endpoint, "/ledger"), longest.Token);
        }

        return server.Ledger;
    }

    private static bool IsJson(string text)
    {
        try
        {
            JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
