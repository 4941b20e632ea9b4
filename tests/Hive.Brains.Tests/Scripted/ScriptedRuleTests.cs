using System.Text.Json;
using Hive.Brains.Scripted;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Tests.Scripted;

public sealed class ScriptedRuleTests
{
    [Fact]
    public async Task Replies_come_in_their_order_and_the_last_one_repeats()
    {
        var brains = Brains("""{"replies": ["one", "two"]}""");
        Assert.Equal(["one", "two", "two"], [await brains.TextAsync("x"), await brains.TextAsync("x"), await brains.TextAsync("x")]);
    }

    [Fact]
    public async Task Replies_that_cycle_begin_anew()
    {
        var brains = Brains("""{"replies": ["one", "two"], "cycle": true}""");
        Assert.Equal(["one", "two", "one"], [await brains.TextAsync("x"), await brains.TextAsync("x"), await brains.TextAsync("x")]);
    }

    [Theory]
    [InlineData("""{"role": "plan"}""", "hello", "plan", true)]
    [InlineData("""{"role": "plan"}""", "hello", null, false)]
    [InlineData("""{"role": "text"}""", "hello", null, true)]
    [InlineData("""{"contains": "ell"}""", "hello", null, true)]
    [InlineData("""{"contains": "ELL"}""", "hello", null, false)]
    [InlineData("""{"pattern": "^h.*o$"}""", "hello", null, true)]
    [InlineData("""{"pattern": "x"}""", "hello", null, false)]
    [InlineData("""{"model": "fake"}""", "hello", null, true)]
    [InlineData("""{"model": "other"}""", "hello", null, false)]
    [InlineData("""{"contains": "ell", "role": "plan"}""", "hello", null, false)]
    public async Task A_rule_applies_where_all_its_conditions_hold(string when, string prompt, string? schema, bool applies)
    {
        var reply = await Brains($$"""{"when": {{when}}, "replies": ["ruled"]}""").TextAsync(prompt, schema: schema, model: "fake");
        Assert.Equal(applies, reply == "ruled");
    }

    [Fact]
    public async Task A_pattern_that_takes_for_ever_is_no_match()
    {
        var brains = Brains("""{"when": {"pattern": "^(a+)+$"}, "replies": ["ruled"]}""");
        Assert.NotEqual("ruled", await brains.TextAsync(new string('a', 60) + "b"));
    }

    [Fact]
    public async Task Groups_and_the_prompt_are_filled_in_and_other_braces_stay()
    {
        var brains = Brains("""{"when": {"pattern": "name is (\\w+)"}, "replies": ["{{1}}! {{9}}{{prompt}} {{other}} {{"]}""");
        Assert.Equal("Ada! my name is Ada {{other}} {{", await brains.TextAsync("my name is Ada"));
    }

    [Fact]
    public async Task A_prompt_that_is_filled_in_is_not_filled_itself()
    {
        var brains = Brains("""{"replies": ["{{prompt}}"]}""");
        Assert.Equal("{{prompt}}{{prompt}}", await brains.TextAsync("{{prompt}}{{prompt}}"));
    }

    [Fact]
    public async Task Right_and_wrong_are_chosen_by_accuracy_and_critics_know_them()
    {
        var rule = """{"when": {"role": "text"}, "right": "the cache", "wrong": ["the disk", "the bus"]}""";
        Assert.Equal("the cache", await Brains(rule).TextAsync("What is slow?", "k"));
        var wrong = await Brains(rule, accuracy: 0).TextAsync("What is slow?", "k");
        Assert.Contains(wrong, new[] { "the disk", "the bus" });
        foreach (var (answer, accepted) in new[] { ("the cache", true), (wrong, false) })
        {
            var verdict = await Brains(rule).TextAsync($"<<<candidate a\nIt is {answer}.\ncandidate a>>>", schema: "verdict");
            Assert.Equal(accepted, JsonElement.Parse(verdict).GetProperty("score").GetDouble() > 0.5);
        }
    }

    [Fact]
    public async Task A_tool_is_asked_for_first_and_the_reply_comes_after_its_result()
    {
        var brain = Brains("""{"toolCall": {"name": "read", "arguments": {"path": "a.txt"}}, "replies": ["it says hello"]}""").Open("fake");
        var question = new ChatMessage(ChatRole.User, "What does the file say?");
        var first = await brain.GetResponseAsync([question]);
        var call = Assert.IsType<FunctionCallContent>(Assert.Single(first.Messages[0].Contents));
        Assert.Equal(("read", "a.txt", ChatFinishReason.ToolCalls), (call.Name, call.Arguments?["path"]?.ToString(), first.FinishReason));
        var second = await brain.GetResponseAsync([question, first.Messages[0], new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, "hello")])]);
        Assert.Equal("it says hello", second.Text);
    }

    [Fact]
    public async Task A_tool_is_asked_for_over_http_too()
    {
        await using var server = await ScriptedBrainServer.StartAsync(Script("""{"toolCall": {"name": "read", "arguments": {"path": "a.txt"}}}""", 1));
        using var http = new HttpClient();
        var choice = (await http.JsonAsync(server.Request("x", model: "fake"))).GetProperty("choices")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("""{"path": "a.txt"}""", choice.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
    }

    private static BrainScript Script(string rule, double accuracy) =>
        BrainScript.Parse(FormattableString.Invariant($$"""{"models": [{"name": "fake-edge", "accuracy": {{accuracy}}}, {"name": "fake"}], "rules": [{{rule}}]}"""));

    private static ScriptedBrains Brains(string rule, double accuracy = 1) => new(Script(rule, accuracy), TimeProvider.System);
}
