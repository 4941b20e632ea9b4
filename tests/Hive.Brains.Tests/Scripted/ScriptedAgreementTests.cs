using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hive.Brains.Scripted;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Tests.Scripted;

/// <summary>A scripted brain answers alike wherever it is asked.</summary>
public sealed class ScriptedAgreementTests
{
    [Fact]
    public async Task The_same_seed_and_key_give_the_same_reply_over_http_streamed_and_in_process()
    {
        var script = BrainScript.OfTiers(accuracy: 0.5) with { Seed = 7 };
        await using var server = await ScriptedBrainServer.StartAsync(script);
        using var http = new HttpClient();
        Prop.ForAll<int, PositiveInt, bool>((number, n, verdict) =>
        {
            var prompt = verdict
                ? $"{SimulatedTask.Token(3, n.Get)}\n<<<candidate-c1 ab\n{SimulatedTask.Right(3, n.Get)}\ncandidate-c1 ab>>>"
                : SimulatedTask.Prompt(3, n.Get);
            var (key, schema) = ($"k{number}", verdict ? "verdict" : null);
            var here = new ScriptedBrains(script, TimeProvider.System).TextAsync(prompt, key, schema).GetAwaiter().GetResult();
            var whole = http.JsonAsync(server.Request(prompt, key, schema)).GetAwaiter().GetResult().Text();
            var streamed = StreamedAsync(http, server.Request(prompt, key, schema, stream: true)).GetAwaiter().GetResult();
            return here == whole && here == streamed;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Another_seed_gives_other_replies()
    {
        var replies = new List<string>();
        foreach (var seed in Enumerable.Range(0, 32))
        {
            replies.Add(await new ScriptedBrains(BrainScript.OfTiers(accuracy: 0.5) with { Seed = seed }, TimeProvider.System).TextAsync("2 + 2", "k"));
        }

        Assert.True(replies.Distinct().Count() > 4);
    }

    [Fact]
    public async Task A_brain_in_process_streams_what_it_says_at_once()
    {
        var brains = new ScriptedBrains(ScriptedCalls.Perfect, TimeProvider.System);
        var text = new StringBuilder();
        UsageDetails? usage = null;
        await foreach (var update in brains.Open("fake-core").GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "Say something long: 123456789 × 100000000")]))
        {
            text.Append(update.Text);
            usage = update.Contents.OfType<UsageContent>().SingleOrDefault()?.Details ?? usage;
        }

        Assert.Equal("12345678900000000", text.ToString());
        Assert.Equal(5, usage?.OutputTokenCount);
    }

    private static async Task<string> StreamedAsync(HttpClient http, HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request);
        var text = new StringBuilder();
        foreach (var line in (await response.Content.ReadAsStringAsync()).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            foreach (var choice in JsonElement.Parse(line["data: ".Length..]).GetProperty("choices").EnumerateArray())
            {
                text.Append(choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "");
            }
        }

        return text.ToString();
    }
}
