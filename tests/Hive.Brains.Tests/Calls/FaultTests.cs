using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Tests.Calls;

/// <summary>Whatever goes wrong with a call is told as one fault, with whether it may have been paid for, and is never tried again where it may.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData(400, BrainFault.Refused, false)]
    [InlineData(401, BrainFault.Refused, false)]
    [InlineData(404, BrainFault.Refused, false)]
    [InlineData(422, BrainFault.Refused, false)]
    [InlineData(429, BrainFault.Busy, false)]
    [InlineData(307, BrainFault.Refused, true)]
    [InlineData(500, BrainFault.Broken, true)]
    [InlineData(502, BrainFault.Broken, true)]
    [InlineData(503, BrainFault.Busy, true)]
    public async Task A_status_says_how_a_call_failed_and_the_message_what_the_server_said(int status, BrainFault fault, bool mayHaveBeenPaid)
    {
        await using var server = WireServer.Start(WireServer.Says("""{"error":{"message":"because of the moon"}}""", status, "Location: http://127.0.0.1:1/"));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        var e = await pool.FailAsync();
        Assert.Equal((fault, mayHaveBeenPaid), (e.Fault, e.MayHaveBeenPaid));
        Assert.Contains("brain 'b'", e.Message, StringComparison.Ordinal);
        Assert.Contains("because of the moon", e.Message, StringComparison.Ordinal);
        Assert.Single(server.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"choices":null}""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{"message":"x"}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"\ud800"}}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"function":{}}]}}]}""")]
    public async Task An_answer_that_is_none_is_malformed_and_may_have_been_paid_for(string body)
    {
        await using var server = WireServer.Start(WireServer.Says(body));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        var e = await pool.FailAsync();
        Assert.True(e.MayHaveBeenPaid);
        Assert.True(e.Fault is BrainFault.Malformed or BrainFault.CutOff, $"{e.Fault}: {e.Message}");
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task An_error_told_with_status_200_is_a_failure_of_the_server()
    {
        await using var server = WireServer.Start(WireServer.Says("""{"error":{"message":"out of memory"}}"""), WireServer.Streams("""{"error":"out of memory"}"""));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        Assert.Equal((BrainFault.Broken, true), Told(await pool.FailAsync()));
        Assert.Equal((BrainFault.Broken, true), Told(await pool.FailAsync()));
    }

    [Fact]
    public async Task Nobody_at_the_endpoint_is_unreachable_and_costs_nothing()
    {
        await using var pool = await TestPool.OpenAsync($"http://127.0.0.1:{Loopback.FreePort()}");
        Assert.Equal((BrainFault.Unreachable, false), Told(await pool.FailAsync()));
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_unreachable_and_costs_nothing()
    {
        await using var server = WireServer.Start(WireServer.Says(WireServer.Reply));
        await using var pool = await TestPool.OpenAsync($"https://127.0.0.1:{server.Port}");
        Assert.Equal((BrainFault.Unreachable, false), Told(await pool.FailAsync()));
    }

    [Fact]
    public async Task A_connection_that_does_not_come_about_is_unreachable_and_costs_nothing()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var endpoint = $"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}";
        await using var pool = await TestPool.OpenAsync(endpoint, limits: usual => usual with { ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        Assert.Equal((BrainFault.Unreachable, false), Told(await pool.FailAsync()));
    }

    [Fact]
    public async Task A_connection_closed_without_an_answer_may_have_been_paid_for_and_is_not_tried_again()
    {
        await using var server = WireServer.Start(
            WireServer.Says(WireServer.Reply),
            call =>
            {
                call.IsClosing = true;
                return Task.CompletedTask;
            });
        await using var pool = await TestPool.OpenAsync(server.Endpoint);

        // The second call goes over a connection that has served before, which HTTP clients like to try again.
        Assert.Equal("hello", (await pool.AskAsync()).Text);
        Assert.Equal((BrainFault.Broken, true), Told(await pool.FailAsync()));
        Assert.Equal(2, server.Calls.Length);
    }

    [Fact]
    public async Task An_answer_that_ends_in_its_middle_is_cut_off()
    {
        await using var server = WireServer.Start(
            call => CutAsync(call, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"choices\":"),
            call => CutAsync(call, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1e\r\ndata: {\"choices\":[{\"delta\":{\"con\r\n"),
            WireServer.Streams("""{"choices":[{"delta":{"content":"hel"}}]}"""));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        Assert.Equal((BrainFault.CutOff, true), Told(await pool.FailAsync()));
        Assert.Equal((BrainFault.CutOff, true), Told(await pool.FailAsync()));
        Assert.Equal((BrainFault.CutOff, true), Told(await Assert.ThrowsAsync<BrainException>(() => pool.StreamAsync())));
        Assert.Equal(3, server.Calls.Length);
    }

    [Fact]
    public async Task An_answer_without_end_is_ended_at_a_bound()
    {
        await using var server = WireServer.Start(async call =>
        {
            await call.BeginAsync();
            while (true)
            {
                await call.PieceAsync($"data: {{\"choices\":[{{\"delta\":{{\"content\":\"{new string('x', 5_000)}\"}}}}]}}\n\n");
            }
        });
        await using var pool = await TestPool.OpenAsync(server.Endpoint, limits: usual => usual with { MaxAnswerBytes = 100_000 });
        Assert.Equal((BrainFault.Malformed, true), Told(await pool.FailAsync()));
        Assert.Equal((BrainFault.Malformed, true), Told(await Assert.ThrowsAsync<BrainException>(() => pool.StreamAsync())));
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_times_out_and_closes_the_connection()
    {
        var clock = new ManualClock();
        var asked = new TaskCompletionSource();
        var closed = new TaskCompletionSource();
        await using var server = WireServer.Start(async call =>
        {
            asked.SetResult();
            await call.ClosedAsync();
            closed.SetResult();
        });
        await using var pool = await TestPool.OpenAsync(server.Endpoint, "\"timeoutSeconds\": 30", clock);
        var failing = pool.FailAsync();
        await asked.Task;
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(failing.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((BrainFault.TimedOut, true), Told(await failing));
        await closed.Task;
    }

    [Fact]
    public async Task A_stream_that_pauses_for_too_long_times_out()
    {
        var clock = new ManualClock();
        await using var server = WireServer.Start(async call =>
        {
            await call.BeginAsync();
            await call.PieceAsync("data: {\"choices\":[{\"delta\":{\"content\":\"hel\"}}]}\n\n");
            await call.ClosedAsync();
        });
        await using var pool = await TestPool.OpenAsync(server.Endpoint, "\"timeoutSeconds\": 300, \"stallSeconds\": 10", clock);
        await using var pieces = pool.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")]).GetAsyncEnumerator();
        Assert.True(await pieces.MoveNextAsync());
        var next = pieces.MoveNextAsync();
        clock.Advance(TimeSpan.FromSeconds(10));
        var e = await Assert.ThrowsAsync<BrainException>(async () => await next);
        Assert.Equal((BrainFault.TimedOut, true), Told(e));
        Assert.Contains("stallSeconds", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_closes_its_connection()
    {
        foreach (var isStreamed in new[] { false, true })
        {
            var asked = new TaskCompletionSource();
            var closed = new TaskCompletionSource();
            await using var server = WireServer.Start(async call =>
            {
                asked.SetResult();
                await call.ClosedAsync();
                closed.SetResult();
            });
            await using var pool = await TestPool.OpenAsync(server.Endpoint, isStreamed ? "\"stream\": true" : "");
            using var cancelling = new CancellationTokenSource();
            var asking = pool.AskAsync(cancellation: cancelling.Token);
            await asked.Task;
            await cancelling.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
            await closed.Task;
        }
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_on_closes_its_connection()
    {
        var closed = new TaskCompletionSource();
        await using var server = WireServer.Start(async call =>
        {
            await call.BeginAsync();
            await call.PieceAsync("data: {\"choices\":[{\"delta\":{\"content\":\"hel\"}}]}\n\n");
            await call.ClosedAsync();
            closed.SetResult();
        });
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        await foreach (var update in pool.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")]))
        {
            Assert.Equal("hel", update.Text);
            break;
        }

        await closed.Task;
    }

    [Fact]
    public async Task A_pool_that_ends_ends_its_calls()
    {
        var asked = new TaskCompletionSource();
        await using var server = WireServer.Start(async call =>
        {
            asked.SetResult();
            await call.ClosedAsync();
        });
        var pool = await TestPool.OpenAsync(server.Endpoint);
        var failing = pool.FailAsync();
        await asked.Task;
        await pool.DisposeAsync();
        Assert.True((await failing).MayHaveBeenPaid);
        Assert.Throws<ObjectDisposedException>(() => pool.Client);
    }

    [Fact]
    public async Task A_key_is_sent_and_never_told()
    {
        const string Key = "sk-very-secret-key";
        var variable = $"HIVE_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, Key + "\n");
        try
        {
            await using var server = WireServer.Start(WireServer.Says($$$"""{"error":{"message":"Incorrect API key provided: {{{Key}}}"}}""", 401));
            await using var pool = await TestPool.OpenAsync(server.Endpoint, $"\"apiKeyEnv\": \"{variable}\"");
            var e = await pool.FailAsync();
            Assert.Contains($"Authorization: Bearer {Key}\r\n", server.Calls[0].Head, StringComparison.Ordinal);
            Assert.DoesNotContain(Key, e.ToString(), StringComparison.Ordinal);
            Assert.Contains(variable, e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Key, string.Join(' ', pool.Pool.Entries), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_told_before_anything_is_sent()
    {
        await using var server = WireServer.Start(WireServer.Says(WireServer.Reply));
        await using var pool = await TestPool.OpenAsync(server.Endpoint, "\"apiKeyEnv\": \"HIVE_TEST_NOT_SET\"");
        var e = await pool.FailAsync();
        Assert.Equal((BrainFault.Refused, false), Told(e));
        Assert.Contains("HIVE_TEST_NOT_SET", e.Message, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task A_brain_that_is_not_here_is_told_with_those_that_are()
    {
        await using var pool = await TestPool.OpenAsync("http://127.0.0.1:1");
        Assert.Contains("there are b", Assert.Throws<KeyNotFoundException>(() => pool.Pool.Open("c")).Message, StringComparison.Ordinal);
    }

    private static (BrainFault Fault, bool MayHaveBeenPaid) Told(BrainException e) => (e.Fault, e.MayHaveBeenPaid);

    private static async Task CutAsync(WireCall call, string raw)
    {
        await call.SendAsync(raw);
        call.IsClosing = true;
    }
}
