using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hive.Testing;

namespace Hive.Silo.Tests.Commands;

/// <summary><c>hive brain fake</c>, as users start and stop it.</summary>
public sealed class BrainFakeCommandTests
{
    [Fact]
    public async Task It_says_where_it_answers_and_answers_until_it_is_interrupted()
    {
        using var folder = new TemporaryFolder();
        var port = Loopback.FreePort().ToString(CultureInfo.InvariantCulture);
        await using var fake = HiveProcess.Start(
            folder.Path, _ => false, "brain", "fake", "--port", port, "--latency", "0", "--model", "q:7b:edge:1", "--model", "big:core:0.5", "--ledger", "bills.jsonl", "--json");
        await fake.WaitForLineAsync("none from a model");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/v1/chat/completions")
        {
            Content = new StringContent("""{"model": "q:7b", "messages": [{"role": "user", "content": "17 * 24"}]}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add("Idempotency-Key", "a key");
        var answer = JsonElement.Parse(await (await http.SendAsync(request)).Content.ReadAsStringAsync());
        fake.Interrupt();
        var (status, output, _) = await fake.EndAsync();
        Assert.Equal("408", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(0, status);
        Assert.Contains("\"a key\"", Assert.Single(File.ReadAllLines(Path.Combine(folder.Path, "bills.jsonl"))), StringComparison.Ordinal);
        var said = JsonElement.Parse(output);
        Assert.True(said.GetProperty("scripted").GetBoolean());
        Assert.Equal($"http://127.0.0.1:{port}/v1", said.GetProperty("endpoint").GetString());
        var brains = said.GetProperty("hive.json").GetProperty("brains").EnumerateArray().Select(brain => (brain.GetProperty("name").GetString(), brain.GetProperty("tier").GetString()));
        Assert.Equal([("q:7b", "edge"), ("big", "core")], brains);
    }

    [Theory]
    [InlineData("--accuracy is 2; it must be from 0 to 1", "--accuracy", "2")]
    [InlineData("--faults is -1; it must be from 0 to 1", "--faults", "-1")]
    [InlineData("--port is 70000", "--port", "70000")]
    [InlineData("--model 'a b' is no NAME[:TIER[:ACCURACY]]", "--model", "a b")]
    [InlineData("--model a is given twice", "--model", "a", "--model", "a:core")]
    [InlineData("--script says itself what --accuracy would say", "--script", "script.json", "--accuracy", "1")]
    [InlineData("script.json: models: this is missing", "--script", "script.json")]
    [InlineData("none.json", "--script", "none.json")]
    public async Task What_it_cannot_work_with_it_says_in_one_line(string expected, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "script.json"), "{}");
        var (status, output, error) = await HiveProcess.RunAsync(folder.Path, ["brain", "fake", .. arguments]);
        Assert.Equal((2, ""), (status, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
