using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Tests.Calls;

/// <summary>What is asked goes over the wire as chat completions have it.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task A_conversation_goes_over_with_all_its_roles()
    {
        ChatMessage[] conversation =
        [
            new(ChatRole.System, "be \"brief\""),
            new(ChatRole.User, "1 + 1? ä 🐝"),
            new(ChatRole.Assistant, [new TextReasoningContent("hm"), new FunctionCallContent("t1", "add", new Dictionary<string, object?> { ["a"] = 1, ["b"] = "x" })]),
            new(ChatRole.Tool, [new FunctionResultContent("t1", 2), new FunctionResultContent("t2", "two")]),
            new(ChatRole.Assistant, "2"),
        ];
        var sent = await SendAsync(conversation, new ChatOptions { Instructions = "first of all" });
        Assert.Equal("m", sent.GetProperty("model").GetString());
        Assert.False(sent.TryGetProperty("stream", out _));
        var messages = sent.GetProperty("messages").EnumerateArray().ToArray();
        Assert.Equal(["system", "system", "user", "assistant", "tool", "tool", "assistant"], messages.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(["first of all", "be \"brief\"", "1 + 1? ä 🐝", "", "2", "two", "2"], messages.Select(message => message.GetProperty("content").GetString()));
        var call = messages[3].GetProperty("tool_calls")[0];
        Assert.Equal(("t1", "function", "add"), (call.GetProperty("id").GetString(), call.GetProperty("type").GetString(), call.GetProperty("function").GetProperty("name").GetString()));
        Assert.Equal("""{"a":1,"b":"x"}""", call.GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal(["t1", "t2"], messages[4..6].Select(message => message.GetProperty("tool_call_id").GetString()));
    }

    [Fact]
    public async Task Options_go_over_and_absent_ones_do_not()
    {
        var sent = await SendAsync([new(ChatRole.User, "x")], new ChatOptions { Temperature = 0.5f, TopP = 0.25f, MaxOutputTokens = 7, Seed = 11, StopSequences = ["a", "b"] });
        Assert.Equal((0.5, 0.25, 7, 11), (sent.GetProperty("temperature").GetDouble(), sent.GetProperty("top_p").GetDouble(), sent.GetProperty("max_tokens").GetInt32(), sent.GetProperty("seed").GetInt32()));
        Assert.Equal("""["a","b"]""", sent.GetProperty("stop").GetRawText());
        Assert.Equal(["model", "messages"], (await SendAsync([new(ChatRole.User, "x")], null)).EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task The_bound_of_an_answer_has_the_name_that_its_server_knows()
    {
        var sent = await SendAsync([new(ChatRole.User, "x")], new ChatOptions { MaxOutputTokens = 7 }, "\"maxTokensMember\": \"max_completion_tokens\"");
        Assert.Equal(7, sent.GetProperty("max_completion_tokens").GetInt32());
        Assert.False(sent.TryGetProperty("max_tokens", out _));
    }

    [Fact]
    public async Task Answers_are_asked_for_as_JSON_and_by_a_schema()
    {
        var json = await SendAsync([new(ChatRole.User, "x")], new ChatOptions { ResponseFormat = ChatResponseFormat.Json });
        Assert.Equal("""{"type":"json_object"}""", json.GetProperty("response_format").GetRawText());
        var schema = await SendAsync([new(ChatRole.User, "x")], new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "plan", "a plan") });
        Assert.Equal("""{"type":"json_schema","json_schema":{"name":"plan","description":"a plan","schema":{"type":"object"}}}""", schema.GetProperty("response_format").GetRawText());
        Assert.False((await SendAsync([new(ChatRole.User, "x")], new ChatOptions { ResponseFormat = ChatResponseFormat.Text })).TryGetProperty("response_format", out _));
    }

    [Fact]
    public async Task Tools_are_offered_by_name_description_and_parameters()
    {
        var add = AIFunctionFactory.Create((int a, int b) => a + b, "add", "adds");
        var sent = await SendAsync([new(ChatRole.User, "x")], new ChatOptions { Tools = [add], ToolMode = ChatToolMode.RequireSpecific("add"), AllowMultipleToolCalls = false });
        var function = sent.GetProperty("tools")[0].GetProperty("function");
        Assert.Equal(("add", "adds"), (function.GetProperty("name").GetString(), function.GetProperty("description").GetString()));
        Assert.Equal("integer", function.GetProperty("parameters").GetProperty("properties").GetProperty("a").GetProperty("type").GetString());
        Assert.Equal("add", sent.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString());
        Assert.False(sent.GetProperty("parallel_tool_calls").GetBoolean());
    }

    [Fact]
    public async Task A_call_carries_its_idempotency_key_at_every_try()
    {
        await using var server = WireServer.Start(WireServer.Says("", 429, "Retry-After: 0"), WireServer.Says(WireServer.Reply));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        await pool.AskAsync(options: Keyed("r0.t3.a1"));
        Assert.Equal(2, server.Calls.Length);
        Assert.All(server.Calls, call => Assert.Contains("Idempotency-Key: r0.t3.a1\r\n", call.Head, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("ä")]
    public async Task An_idempotency_key_that_no_header_can_carry_is_refused(string key)
    {
        await using var server = WireServer.Start(WireServer.Says(WireServer.Reply));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        var e = await Assert.ThrowsAsync<BrainException>(() => pool.AskAsync(options: Keyed(key)));
        Assert.Equal((BrainFault.Refused, false), (e.Fault, e.MayHaveBeenPaid));
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task What_cannot_be_said_is_refused_before_anything_is_sent()
    {
        await using var server = WireServer.Start(WireServer.Says(WireServer.Reply));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        var picture = new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")]);
        var e = await Assert.ThrowsAsync<BrainException>(() => pool.Client.GetResponseAsync([picture]));
        Assert.Equal((BrainFault.Refused, false), (e.Fault, e.MayHaveBeenPaid));
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task A_client_says_which_brain_it_asks()
    {
        await using var pool = await TestPool.OpenAsync("http://127.0.0.1:1");
        Assert.Equal("m", pool.Client.GetService<ChatClientMetadata>()!.DefaultModelId);
        Assert.Equal("b", pool.Client.GetService<BrainSpec>()!.Name);
        Assert.Null(pool.Client.GetService<HttpClient>());
    }

    private static ChatOptions Keyed(string key) => new() { AdditionalProperties = new AdditionalPropertiesDictionary { [BrainHeaders.IdempotencyKeyProperty] = key } };

    private static async Task<JsonElement> SendAsync(ChatMessage[] messages, ChatOptions? options, string more = "")
    {
        await using var server = WireServer.Start(WireServer.Says(WireServer.Reply));
        await using var pool = await TestPool.OpenAsync(server.Endpoint, more);
        await pool.Client.GetResponseAsync(messages, options);
        return Assert.Single(server.Calls).Json;
    }
}
