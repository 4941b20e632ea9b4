using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hive.Brains.Scripted;

namespace Hive.Brains.Tests.Scripted;

public sealed class BrainScriptTests
{
    private const string Full = """
        {
          "seed": 7,
          "models": [
            { "name": "small", "tier": "edge", "accuracy": 0.55, "latencyMs": 50, "latencyJitter": 0.2, "critic": { "truePositive": 0.8, "falsePositive": 0.2 },
              "maxConcurrency": 8, "contextTokens": 4096, "pricePerMillionIn": 0.15, "pricePerMillionOut": 0.6 },
            { "name": "big" }
          ],
          "faults": { "malformedJson": 0.05, "busy429": 0.05, "retryAfterSeconds": 0, "error500": 0.05, "error500Billed": true,
            "stall": 0.05, "cutStream": 0.05, "wrongUsage": 0.05, "overlong": 0.05, "injecting": 0.05 },
          "plan": { "tier": "edge", "width": 3, "check": "votes" },
          "rules": [
            { "when": { "role": "plan", "contains": "x", "pattern": "a(b+)c", "model": "small" }, "replies": ["one", "two"], "cycle": true },
            { "right": "yes", "wrong": ["no", "perhaps"] },
            { "toolCall": { "name": "read", "arguments": { "path": "a.txt" } }, "replies": ["done"] }
          ]
        }
        """;

    [Fact]
    public void A_script_is_read_with_all_it_says()
    {
        var script = BrainScript.Parse(Full);
        var small = new ScriptedModel
        {
            Name = "small",
            Tier = "edge",
            Accuracy = 0.55,
            LatencyMs = 50,
            LatencyJitter = 0.2,
            Critic = new CriticRates(0.8, 0.2),
            MaxConcurrency = 8,
            ContextTokens = 4096,
            PricePerMillionIn = 0.15m,
            PricePerMillionOut = 0.6m,
        };
        Assert.Equal([small, new ScriptedModel { Name = "big" }], script.Models);
        Assert.Equal(ScriptedFaults.Evenly(0.4) with { RetryAfterSeconds = 0, Error500Billed = true }, script.Faults);
        Assert.Equal(new ScriptedPlan { Tier = "edge", Width = 3, Check = "votes" }, script.Plan);
        Assert.Equal(7, script.Seed);
        Assert.Equal(3, script.Rules.Length);
        Assert.Equal("a(b+)c", script.Rules[0].When.Pattern?.ToString());
        Assert.Equal(new ScriptedToolCall("read", "{ \"path\": \"a.txt\" }"), script.Rules[2].ToolCall);
    }

    [Theory]
    [InlineData("""{}""", "models: this is missing")]
    [InlineData("""[]""", "$: this is an array; it must be an object")]
    [InlineData("""{"models": []}""", "models: this has 0 items")]
    [InlineData("""{"models": [{"name": "a"}, {"name": "a"}]}""", "models: the name 'a' is there 2 times")]
    [InlineData("""{"models": [{"name": "a b"}]}""", "models[0].name: a name has letters")]
    [InlineData("""{"models": [{"name": "a", "accuracy": 2}]}""", "models[0].accuracy: this is 2; it must be at most 1")]
    [InlineData("""{"models": [{"name": "a", "tier": "huge"}]}""", "models[0].tier: this is the string \"huge\"; it must be one of edge, worker, core")]
    [InlineData("""{"models": [{"name": "a", "acuracy": 1}]}""", "models[0].acuracy: 'acuracy' is not known here; did you mean 'accuracy'?")]
    [InlineData("""{"models": [{"name": "a"}], "faults": {"stall": 0.6, "overlong": 0.6}}""", "faults: the rates sum up to 1.2")]
    [InlineData("""{"models": [{"name": "a"}], "rules": [{"when": {"pattern": "("}, "replies": ["x"]}]}""", "rules[0].when.pattern: this is no regular expression")]
    [InlineData("""{"models": [{"name": "a"}], "rules": [{}]}""", "rules[0]: this rule says nothing")]
    [InlineData("""{"models": [{"name": "a"}], "rules": [{"right": "x"}]}""", "rules[0]: right and wrong belong together")]
    [InlineData("""{"models": [{"name": "a"}], "rules": [{"right": "x", "wrong": ["y"], "replies": ["z"]}]}""", "rules[0]: a rule has either replies")]
    [InlineData("""{"models": [{"name": "a"}], "rules": [{"toolCall": {"name": "t", "arguments": 5}}]}""", "rules[0].toolCall.arguments: this must be an object")]
    [InlineData("""{"models": [{"name": "a"}], "models": []}""", "$: this is no JSON")]
    [InlineData("""{"models": [{"name": "\ud800"}]}""", "$: this holds half of a surrogate pair")]
    public void A_mistake_is_named_with_its_place(string json, string mistake) =>
        Assert.Contains(Assert.Throws<BrainScriptException>(() => BrainScript.Parse(json)).Mistakes, told => told.StartsWith(mistake, StringComparison.Ordinal));

    [Fact]
    public void Every_mistake_is_told_at_once() =>
        Assert.Equal(3, Assert.Throws<BrainScriptException>(() => BrainScript.Parse("""{"models": [{"name": "", "accuracy": -1}], "seed": "x"}""")).Mistakes.Length);

    [Fact]
    public void Whatever_the_text_it_is_read_or_refused_with_a_reason() =>
        Prop.ForAll<NonNegativeInt, NonNegativeInt, string>((at, length, inserted) =>
        {
            var begin = at.Get % Full.Length;
            var end = begin + (length.Get % (Full.Length - begin));
            var damaged = string.Concat(Full.AsSpan(0, begin), inserted, Full.AsSpan(end));
            try
            {
                return !BrainScript.Parse(damaged).Models.IsEmpty;
            }
            catch (BrainScriptException e)
            {
                return e.Mistakes.Length > 0 && e.Mistakes.All(mistake => mistake.Contains(": ", StringComparison.Ordinal));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_example_of_the_documentation_is_read()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Hive.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var page = File.ReadAllText(Path.Combine(folder, "docs", "scripted-brains.md"));
        Assert.Equal(3, BrainScript.Parse(page.Split("```json")[1].Split("```")[0]).Rules.Length);
    }

    [Fact]
    public void A_script_that_is_too_long_is_refused() =>
        Assert.Contains("too long", Assert.Throws<BrainScriptException>(() => BrainScript.Parse(new string(' ', 2_000_000))).Message, StringComparison.Ordinal);
}
