using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using FsCheck;
using FsCheck.Fluent;
using Hive.Brains.Calls;
using Hive.Brains.Configuration;
using Hive.Brains.Discovery;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Tests.Discovery;

/// <summary>Servers on this machine are found by themselves, whatever else listens at their ports.</summary>
public sealed class LocalDiscoveryTests
{
    [Fact]
    public async Task Models_of_local_servers_are_found_and_sorted_and_can_be_asked()
    {
        const string Models = """{"object":"list","data":[{"id":"qwen3:4b"},{"id":"tiny:latest"},{"id":"big:latest"},{"id":"nomic-embed-text"},{"id":"vectors:latest"},{"id":"odd:1b"}]}""";
        const string Tags = """{"models":[{"name":"tiny:latest","details":{"parameter_size":"596.05M","family":"qwen3"}},{"name":"big:latest","details":{"parameter_size":"70.6B"}},{"name":"vectors:latest","details":{"family":"bert"}}]}""";
        await using var ollama = WireServer.Start(call => call.AnswerAsync(call.Head.Contains("/api/tags", StringComparison.Ordinal) ? Tags : call.Head.Contains("POST", StringComparison.Ordinal) ? WireServer.Reply : Models));
        await using var vllm = WireServer.Start(WireServer.Says("""{"data":[{"id":"Qwen/Qwen3-8B","max_model_len":40960},{"id":"qwen3:4b"}]}"""));
        await using var llama = WireServer.Start(WireServer.Says("""{"data":[{"id":"/models/some model.gguf","meta":{"n_params":1500000000}}]}"""));
        var file = BrainsFile.Empty with { Tiers = ImmutableDictionary<string, string>.Empty.Add("odd:1b", "core") };
        await using var pool = await FindAsync(file, new LocalServer(LocalServer.Ollama, ollama.Port, 4_096), new LocalServer("vLLM", vllm.Port, 8_192), new LocalServer("llama.cpp", llama.Port, 4_096));
        Assert.Equal(
            [
                ("qwen3:4b", "qwen3:4b", "worker", 4_096), ("tiny:latest", "tiny:latest", "edge", 4_096), ("big:latest", "big:latest", "core", 4_096), ("odd:1b", "odd:1b", "core", 4_096),
                ("Qwen3-8B", "Qwen/Qwen3-8B", "worker", 40_960), ($"qwen3:4b-{vllm.Port}", "qwen3:4b", "worker", 8_192), ("some-model", "/models/some model.gguf", "edge", 4_096),
            ],
            pool.All.Select(brain => (brain.Name, brain.Model, brain.Tier, brain.ContextTokens)));
        Assert.Equal("hello", (await pool.Open("tiny:latest").GetResponseAsync("hi")).Text);
        Assert.Null(await pool.WhyAwayAsync("tiny:latest", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_model_that_the_file_lists_is_not_found_a_second_time()
    {
        await using var server = WireServer.Start(WireServer.Says("""{"data":[{"id":"m"},{"id":"n"}]}"""));
        var file = BrainsFile.Parse($$"""{"brains":[{"name":"mine","endpoint":"http://127.0.0.1:{{server.Port}}","model":"m"},{"name":"n","endpoint":"http://127.0.0.1:1","model":"x"}]}""", Path.GetTempPath());
        await using var pool = await FindAsync(file, new LocalServer("vLLM", server.Port, 8_192));
        Assert.Equal(["mine", "n", $"n-{server.Port}"], pool.All.Select(brain => brain.Name));
    }

    [Fact]
    public async Task What_is_no_model_server_is_not_there()
    {
        await using var page = WireServer.Start(WireServer.Says("<html>It works!</html>"));
        await using var missing = WireServer.Start(WireServer.Says("", 404));
        await using var elsewhere = WireServer.Start(WireServer.Says("", 302, "Location: http://127.0.0.1:1/"));
        await using var other = WireServer.Start(call => call.SendAsync("SSH-2.0-OpenSSH\r\n"));
        await using var endless = WireServer.Start(async call =>
        {
            await call.BeginAsync();
            while (true)
            {
                await call.PieceAsync(new string(' ', 60_000));
            }
        });
        await using var pool = await FindAsync(
            BrainsFile.Empty, [.. new[] { page.Port, missing.Port, elsewhere.Port, other.Port, endless.Port, Loopback.FreePort() }.Select(port => new LocalServer(LocalServer.Ollama, port, 4_096))]);
        Assert.Empty(pool.All);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_not_waited_for_longer_than_its_time()
    {
        var clock = new ManualClock();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var finding = BrainPool.OpenAsync(
            BrainsFile.Empty, new BrainLimits(), [new LocalServer("vLLM", ((IPEndPoint)silent.LocalEndpoint).Port, 8_192)], clock, loggers: null, TestContext.Current.CancellationToken);
        await clock.AlarmAsync(LocalDiscovery.Patience, LocalDiscovery.Patience);
        clock.Advance(LocalDiscovery.Patience);
        await using var pool = await finding;
        Assert.Empty(pool.All);
    }

    [Fact]
    public async Task A_file_may_forbid_to_look()
    {
        await using var server = WireServer.Start(WireServer.Says("""{"data":[{"id":"m"}]}"""));
        await using var pool = await FindAsync(BrainsFile.Empty with { Discover = false }, new LocalServer("vLLM", server.Port, 8_192));
        Assert.Empty(pool.All);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public void Whatever_a_server_answers_is_a_list_of_models_or_an_empty_one() => Prop.ForAll(
        Gen.Elements("null", "1", "\"x\"", "\"\\ud800\"", "[]", "[1]", "{}", "[{\"id\":1}]", "[{\"id\":\"m\",\"meta\":1}]", "[{\"id\":\"m\",\"meta\":{\"n_params\":-1},\"max_model_len\":1e99}]", "[{\"name\":\"m\",\"details\":1}]", "{").ToArbitrary(),
        Gen.Elements("data", "models", "object").ToArbitrary(),
        (value, member) =>
        {
            var json = System.Text.Encoding.UTF8.GetBytes($"{{\"{member}\":{value}}}");
            return ModelList.Read(json).All(model => model.Id == "m") && ModelList.ReadTags(json).Keys.All(name => name == "m");
        }).QuickCheckThrowOnFailure();

    private static Task<BrainPool> FindAsync(BrainsFile file, params ImmutableArray<LocalServer> servers) =>
        BrainPool.OpenAsync(file, new BrainLimits(), servers, TimeProvider.System, loggers: null, TestContext.Current.CancellationToken);
}
