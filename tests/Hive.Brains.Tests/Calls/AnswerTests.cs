using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Tests.Calls;

/// <summary>What a brain answers is passed on as its server says it, whole or token by token.</summary>
public sealed class AnswerTests
{
    private static readonly string[] Pieces =
    [
        """{"id":"s1","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""",
        """{"id":"s1","model":"m-1","choices":[{"index":0,"delta":{"content":"hel"}}]}""",
        """{"id":"s1","model":"m-1","choices":[{"index":0,"delta":{"content":"lo"}}]}""",
        """{"id":"s1","model":"m-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        """{"id":"s1","model":"m-1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":5,"total_tokens":8}}""",
        "[DONE]",
    ];

    [Fact]
    public async Task A_whole_answer_carries_text_model_finish_reason_and_usage()
    {
        await using var server = WireServer.Start(WireServer.Says(WireServer.Reply));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        var response = await pool.AskAsync();
        Assert.Equal(("hello", "m-1", ChatFinishReason.Stop, "c1"), (response.Text, response.ModelId, response.FinishReason, response.ResponseId));
        Assert.Equal((3L, 5L, 8L), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.TotalTokenCount));
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"x"}}]}""", null)]
    [InlineData("""{"choices":[{"message":{"content":"x"}}],"usage":null}""", null)]
    [InlineData("""{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":-7}}""", -7L)]
    [InlineData("""{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":99999999}}""", 99999999L)]
    public async Task Usage_is_what_the_server_says_and_absent_where_it_says_nothing(string body, long? input)
    {
        await using var server = WireServer.Start(WireServer.Says(body));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        var usage = (await pool.AskAsync()).Usage;
        Assert.Equal(input, usage?.InputTokenCount);
        Assert.Null(usage?.OutputTokenCount);
    }

    [Fact]
    public async Task A_streamed_answer_comes_piece_by_piece_and_adds_up()
    {
        await using var server = WireServer.Start(WireServer.Streams(Pieces));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        var updates = await pool.StreamAsync();
        Assert.Equal(["hel", "lo"], updates.Select(update => update.Text).Where(text => text.Length > 0));
        var response = updates.ToChatResponse();
        Assert.Equal(("hello", "m-1", ChatFinishReason.Stop, 8L), (response.Text, response.ModelId, response.FinishReason, response.Usage!.TotalTokenCount));
        Assert.True(server.Calls[0].Json.GetProperty("stream").GetBoolean());
        Assert.True(server.Calls[0].Json.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
    }

    [Fact]
    public async Task A_brain_that_is_streamed_gives_whole_answers_all_the_same()
    {
        await using var server = WireServer.Start(WireServer.Streams(Pieces));
        await using var pool = await TestPool.OpenAsync(server.Endpoint, "\"stream\": true");
        var response = await pool.AskAsync();
        Assert.Equal(("hello", 8L, ChatFinishReason.Stop), (response.Text, response.Usage!.TotalTokenCount, response.FinishReason));
        Assert.Single(response.Messages);
    }

    [Fact]
    public async Task A_server_that_answers_a_streamed_call_in_one_piece_is_understood()
    {
        await using var server = WireServer.Start(WireServer.Says(WireServer.Reply));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        Assert.Equal("hello", (await pool.StreamAsync()).ToChatResponse().Text);
    }

    [Fact]
    public async Task A_server_that_streams_unasked_is_understood()
    {
        await using var server = WireServer.Start(WireServer.Streams(Pieces));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        Assert.Equal("hello", (await pool.AskAsync()).Text);
    }

    [Fact]
    public async Task Events_cut_anywhere_by_the_network_read_the_same()
    {
        var text = string.Concat(Pieces.Select(data => $": still there\r\ndata: {data}\r\n\r\n"));
        for (var size = 1; size < 40; size += 6)
        {
            var chunk = size;
            await using var server = WireServer.Start(async call =>
            {
                await call.BeginAsync();
                foreach (var piece in text.Chunk(chunk))
                {
                    await call.PieceAsync(new string(piece));
                }

                await call.EndAsync();
            });
            await using var pool = await TestPool.OpenAsync(server.Endpoint);
            Assert.Equal("hello", (await pool.StreamAsync()).ToChatResponse().Text);
        }
    }

    [Fact]
    public async Task Calls_of_tools_come_with_their_arguments_whole_and_streamed()
    {
        const string Whole =
            """{"choices":[{"message":{"content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"add","arguments":"{\"a\":1,\"b\":[2]}"}}]},"finish_reason":"tool_calls"}]}""";
        string[] streamed =
        [
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"t1","function":{"name":"add","arguments":""}}]}}]}""",
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":1,"}}]}}]}""",
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"b\":[2]}"}}]}}]}""",
            """{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}""",
            "[DONE]",
        ];
        await using var server = WireServer.Start(WireServer.Says(Whole), WireServer.Streams(streamed));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        foreach (var response in new[] { await pool.AskAsync(), (await pool.StreamAsync()).ToChatResponse() })
        {
            var call = Assert.Single(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
            Assert.Equal(("t1", "add", ChatFinishReason.ToolCalls), (call.CallId, call.Name, response.FinishReason));
            Assert.Null(call.Exception);
            Assert.Equal("""{"a":1,"b":[2]}""", JsonSerializer.Serialize(call.Arguments));
        }
    }

    [Fact]
    public async Task Arguments_that_are_no_JSON_are_told_with_the_call_and_break_nothing()
    {
        await using var server = WireServer.Start(WireServer.Says("""{"choices":[{"message":{"tool_calls":[{"id":"t1","function":{"name":"add","arguments":"{\"a\":"}}]}}]}"""));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        var call = Assert.Single((await pool.AskAsync()).Messages[0].Contents.OfType<FunctionCallContent>());
        Assert.NotNull(call.Exception);
    }

    [Fact]
    public async Task What_a_model_thought_is_kept_apart_from_what_it_says()
    {
        await using var server = WireServer.Start(WireServer.Says("""{"choices":[{"message":{"reasoning_content":"hm","content":"yes"}}]}"""));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        var response = await pool.AskAsync();
        Assert.Equal("yes", response.Text);
        Assert.Equal("hm", Assert.Single(response.Messages[0].Contents.OfType<TextReasoningContent>()).Text);
    }
}
