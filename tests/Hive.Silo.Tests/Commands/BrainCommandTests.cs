using System.Text.Json;
using Hive.Brains;
using Hive.Brains.Scripted;
using Hive.Testing;

namespace Hive.Silo.Tests.Commands;

/// <summary><c>hive brain list</c> and <c>hive brain test</c>, as users start them.</summary>
public sealed class BrainCommandTests : IDisposable
{
    private const string Key = "sk-of-nobody-else";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Brains_are_listed_with_all_but_their_keys_and_tested_one_by_one()
    {
        await using var server = await ScriptedBrainServer.StartAsync(BrainScript.OfTiers(accuracy: 1));
        Write($$"""
            { "name": "good", "endpoint": "{{server.Endpoint}}", "model": "fake-edge", "tier": "edge", "apiKeyEnv": "HIVE_TEST_KEY", "pricePerMillionIn": 0.5 },
            { "name": "away", "endpoint": "http://127.0.0.1:{{Loopback.FreePort()}}", "model": "qwen3:70b" },
            { "name": "keyless", "endpoint": "{{server.Endpoint}}", "model": "fake-core", "apiKeyEnv": "HIVE_TEST_NO_KEY" },
            { "name": "mistaken", "endpoint": "{{server.Endpoint}}", "model": "no-such-model" }
            """);
        var (status, output, error) = await RunAsync("brain", "list", "--json");
        Assert.Equal((0, ""), (status, error));
        var listed = JsonElement.Parse(output).GetProperty("brains").EnumerateArray().ToArray();
        Assert.Equal(
            [("good", "edge", true), ("away", "core", false), ("keyless", "worker", false), ("mistaken", "worker", true)],
            listed.Select(brain => (brain.GetProperty("name").GetString()!, brain.GetProperty("tier").GetString()!, brain.GetProperty("answers").GetBoolean())));
        Assert.Contains("HIVE_TEST_NO_KEY", listed[2].GetProperty("why").GetString(), StringComparison.Ordinal);
        var table = (await RunAsync("brain", "list")).Output;
        Assert.Contains("0.5/0", table, StringComparison.Ordinal);

        var tested = await RunAsync("brain", "test", "--json");
        Assert.Equal(4, tested.Status);
        var tests = JsonElement.Parse(tested.Output).GetProperty("tests").EnumerateArray().ToArray();
        Assert.Equal("42", tests[0].GetProperty("answer").GetString());
        Assert.Equal(["Unreachable", "Refused", "Refused"], tests[1..].Select(test => test.GetProperty("fault").GetString()));
        var one = await RunAsync("brain", "test", "good");
        Assert.Equal(0, one.Status);
        Assert.StartsWith("good (edge, fake-edge): \"42\" in ", one.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, string.Concat(output, table, tested.Output, tested.Error, one.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_brain_one_line_says_how_to_get_one()
    {
        Write("");
        Assert.Equal((2, "", $"hive: {BrainAdvice.NoBrain}"), Trimmed(await RunAsync("brain", "test")));
        Assert.Equal((0, BrainAdvice.NoBrain, ""), Trimmed(await RunAsync("brain", "list")));
        Assert.Equal(BrainAdvice.NoBrain, JsonElement.Parse((await RunAsync("brain", "list", "--json")).Output).GetProperty("advice").GetString());
    }

    [Fact]
    public async Task A_file_that_is_wrong_and_a_brain_that_is_not_there_are_bad_input()
    {
        Write("""{ "name": "b", "endpoint": "http://127.0.0.1:1", "modle": "m" }""");
        var wrong = Trimmed(await RunAsync("brain", "list", "--config", "hive.json"));
        Assert.Equal((2, ""), (wrong.Status, wrong.Output));
        Assert.StartsWith("hive: hive.json: brains[0].modle: 'modle' is not known here; did you mean 'model'?", wrong.Error, StringComparison.Ordinal);
        Assert.Equal((2, "", "hive: there is no file none.json; docs/brains.md shows how to write one"), Trimmed(await RunAsync("brain", "test", "--config", "none.json")));
        Write("""{ "name": "b", "endpoint": "http://127.0.0.1:1", "model": "m" }""");
        Assert.Equal((2, "", "hive: there is no brain 'c' here; there are b"), Trimmed(await RunAsync("brain", "test", "c")));
    }

    private static (int Status, string Output, string Error) Trimmed((int Status, string Output, string Error) told) => (told.Status, told.Output.Trim(), told.Error.Trim());

    private void Write(string brains) => File.WriteAllText(Path.Combine(_folder.Path, "hive.json"), $$"""{ "discover": false, "brains": [{{brains}}] }""");

    private Task<(int Status, string Output, string Error)> RunAsync(params string[] arguments) =>
        HiveProcess.RunAsync(_folder.Path, new Dictionary<string, string?> { ["HIVE_TEST_KEY"] = Key }, arguments);
}
