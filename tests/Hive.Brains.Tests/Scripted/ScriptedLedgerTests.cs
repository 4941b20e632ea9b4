using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hive.Brains.Scripted;
using Hive.Testing;

namespace Hive.Brains.Tests.Scripted;

public sealed class ScriptedLedgerTests : IDisposable
{
    private readonly string _folder = TemporaryDirectory.Create("scripted-ledger");
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        TemporaryDirectory.Delete(_folder);
    }

    [Fact]
    public async Task Every_billed_call_is_counted_once_under_parallel_load_in_memory_over_http_and_on_disk()
    {
        const int Calls = 600;
        var file = Path.Combine(_folder, "ledger.jsonl");
        await using var server = await ScriptedBrainServer.StartAsync(BrainScript.OfTiers(accuracy: 0.5), new ScriptedServerOptions { LedgerFile = file });
        var (prompts, completions) = (0L, 0L);
        await Parallel.ForEachAsync(Enumerable.Range(0, Calls), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            var reply = await _http.JsonAsync(server.Request($"{i} × 123456", $"key {i / 3}", model: i % 2 == 0 ? "fake-edge" : "fake-core"));
            Interlocked.Add(ref prompts, reply.GetProperty("usage").GetProperty("prompt_tokens").GetInt64());
            Interlocked.Add(ref completions, reply.GetProperty("usage").GetProperty("completion_tokens").GetInt64());
        });
        var ledger = server.Ledger;
        Assert.Equal((Calls, Calls, 0, 0), (ledger.Requests, ledger.Billed, ledger.Refused, ledger.Aborted));
        Assert.Equal((prompts, completions), (ledger.PromptTokens, ledger.CompletionTokens));
        Assert.Equal(Calls / 3, ledger.BilledByKey.Count);
        Assert.All(ledger.BilledByKey.Values, times => Assert.Equal(3, times));
        Assert.Equal((Calls / 2, Calls / 2), (ledger.Models["fake-edge"].Calls, ledger.Models["fake-core"].Calls));
        Assert.InRange(ledger.ConcurrentMaximum, 1, 32);
        var told = JsonElement.Parse(await _http.GetStringAsync(new Uri(server.Endpoint, "/ledger")));
        Assert.Equal((Calls, prompts), (told.GetProperty("billed").GetInt64(), told.GetProperty("promptTokens").GetInt64()));
        Assert.Equal(3, told.GetProperty("billedByKey").GetProperty("key 7").GetInt32());
        var lines = ReadWhileOpen(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToArray();
        Assert.Equal(Calls, lines.Length);
        Assert.Equal(completions, lines.Sum(line => line.GetProperty("completionTokens").GetInt64()));
    }

    [Fact]
    public async Task A_ledger_on_disk_is_added_to_by_the_next_server()
    {
        var file = Path.Combine(_folder, "ledger.jsonl");
        for (var run = 0; run < 2; run++)
        {
            await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.Perfect, new ScriptedServerOptions { LedgerFile = file });
            await _http.JsonAsync(server.Request("1 + 1"));
        }

        Assert.Equal(2, File.ReadAllLines(file).Length);
    }

    [Fact]
    public async Task The_concurrent_maximum_is_how_many_were_at_work_at_once()
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.With(new ScriptedFaults { Stall = 1 }));
        using var patience = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 20).Select(_ => _http.SendAsync(server.Request("1 + 1"), patience.Token)).ToArray();
        while (server.Ledger.Requests < calls.Length)
        {
            await _http.GetStringAsync(new Uri(server.Endpoint, "/ledger"));
        }

        Assert.Equal(calls.Length, server.Ledger.ConcurrentMaximum);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(calls));
    }

    [Fact]
    public async Task No_answer_has_more_tokens_than_were_allowed()
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.With(new ScriptedFaults { Overlong = 0.3, Injecting = 0.3 }) with
        {
            Rules = [new ScriptedRule { When = new RuleCondition { Contains = "echo" }, Replies = ["{{prompt}}"] }],
        });
        Prop.ForAll<string, PositiveInt, NonNegativeInt>((text, most, key) =>
        {
            var reply = _http.JsonAsync(server.Request($"echo {text} 𝔘nicode", $"k{key}", maxTokens: most.Get)).GetAwaiter().GetResult();
            var tokens = reply.GetProperty("usage").GetProperty("completion_tokens").GetInt64();
            return tokens <= most.Get && tokens == (Encoding.UTF8.GetByteCount(reply.Text()) + 3) / 4;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{\"model\":\"fake-edge\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"model\":\"fake-edge\",\"messages\":[]}", HttpStatusCode.BadRequest)]
    [InlineData("{\"model\":\"fake-edge\",\"messages\":[5]}", HttpStatusCode.BadRequest)]
    [InlineData("{\"model\":\"fake-edge\",\"messages\":[{\"role\":\"user\",\"content\":5}]}", HttpStatusCode.BadRequest)]
    [InlineData("{\"model\":\"fake-edge\",\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}", HttpStatusCode.BadRequest)]
    [InlineData("{\"model\":\"fake-edge\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"n\":2}", HttpStatusCode.BadRequest)]
    [InlineData("{\"model\":\"fake-edge\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":0}", HttpStatusCode.BadRequest)]
    [InlineData("{\"model\":\"other\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", HttpStatusCode.NotFound)]
    [InlineData("{\"model\":\"fake-edge\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"1 + 1\"}]}]}", HttpStatusCode.OK)]
    public async Task A_request_that_is_none_is_refused_with_the_reason_and_not_billed(string body, HttpStatusCode expected)
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.Perfect);
        using var response = await _http.PostAsync(new Uri($"{server.Endpoint}/chat/completions"), new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? (1, 0) : (0, 1), (server.Ledger.Billed, server.Ledger.Refused));
        Assert.Equal(expected != HttpStatusCode.OK, JsonElement.Parse(await response.Content.ReadAsStringAsync()).TryGetProperty("error", out _));
    }

    [Fact]
    public async Task The_models_of_the_script_are_listed()
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.Perfect);
        var models = JsonElement.Parse(await _http.GetStringAsync(new Uri($"{server.Endpoint}/models")));
        Assert.Equal(["fake-edge", "fake-worker", "fake-core"], models.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_at_the_start()
    {
        await using var server = await ScriptedBrainServer.StartAsync(ScriptedCalls.Perfect);
        await Assert.ThrowsAsync<IOException>(() => ScriptedBrainServer.StartAsync(ScriptedCalls.Perfect, new ScriptedServerOptions { Port = server.Endpoint.Port }));
    }

    private static string ReadWhileOpen(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
