namespace Hive.Brains.Tests.Calls;

/// <summary>Calls wait where a server asks them to, or where there is no place, in order and for no longer than a bound.</summary>
public sealed class WaitingTests
{
    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_server_that_says_when_to_come_again_is_asked_again_then(int status)
    {
        var clock = new ManualClock();
        var refused = new TaskCompletionSource();
        await using var server = WireServer.Start(
            async call =>
            {
                await call.AnswerAsync("", status, "Retry-After: 7");
                refused.SetResult();
            },
            WireServer.Says(WireServer.Reply));
        await using var pool = await TestPool.OpenAsync(server.Endpoint, time: clock);
        var asking = pool.AskAsync();
        await refused.Task;

        // The very wait that was asked for: time that passes before it is set would be waited for once more, and other time-outs are set too.
        await clock.AlarmAsync(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7));
        clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Single(server.Calls);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("hello", (await asking).Text);
        Assert.Equal(2, server.Calls.Length);
    }

    [Fact]
    public async Task A_server_that_asks_to_wait_for_too_long_is_busy_and_has_cost_nothing()
    {
        await using var server = WireServer.Start(WireServer.Says("", 503, "Retry-After: 61"));
        await using var pool = await TestPool.OpenAsync(server.Endpoint);
        var e = await pool.FailAsync();
        Assert.Equal((BrainFault.Busy, false), (e.Fault, e.MayHaveBeenPaid));
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_server_that_is_busy_for_ever_is_left_after_the_bound()
    {
        await using var server = WireServer.Start(WireServer.Says("", 429, "Retry-After: 0"));
        await using var pool = await TestPool.OpenAsync(server.Endpoint, limits: usual => usual with { MaxBusyWait = TimeSpan.FromMilliseconds(350) });
        var e = await pool.FailAsync();
        Assert.Equal((BrainFault.Busy, false), (e.Fault, e.MayHaveBeenPaid));
        Assert.InRange(server.Calls.Length, 2, 4);
    }

    [Fact]
    public async Task A_call_that_waits_for_a_busy_server_can_be_cancelled()
    {
        var clock = new ManualClock();
        await using var server = WireServer.Start(WireServer.Says("", 429, "Retry-After: 30"));
        await using var pool = await TestPool.OpenAsync(server.Endpoint, time: clock);
        using var cancelling = new CancellationTokenSource();
        var asking = pool.AskAsync(cancellation: cancelling.Token);
        await clock.AlarmAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task No_more_calls_are_at_work_than_a_brain_takes_and_those_that_wait_are_served_in_order()
    {
        const int Calls = 20;
        var (atWork, most) = (0, 0);
        await using var server = WireServer.Start(async call =>
        {
            var now = Interlocked.Increment(ref atWork);
            most = Math.Max(most, now);
            await Task.Yield();
            Interlocked.Decrement(ref atWork);
            await call.AnswerAsync(WireServer.Reply);
        });
        await using var pool = await TestPool.OpenAsync(server.Endpoint, "\"maxConcurrency\": 1");
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => pool.AskAsync($"{i}")));
        Assert.Equal(1, most);
        Assert.Equal(Enumerable.Range(0, Calls).Select(i => $"{i}"), server.Calls.Select(call => call.Json.GetProperty("messages")[0].GetProperty("content").GetString()));
    }

    [Fact]
    public async Task A_call_that_waits_for_its_place_can_be_cancelled_and_sends_nothing()
    {
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using var server = WireServer.Start(async call =>
        {
            asked.SetResult();
            await answer.Task;
            await call.AnswerAsync(WireServer.Reply);
        });
        await using var pool = await TestPool.OpenAsync(server.Endpoint, "\"maxConcurrency\": 1");
        var first = pool.AskAsync();
        await asked.Task;
        using var cancelling = new CancellationTokenSource();
        var second = pool.AskAsync(cancellation: cancelling.Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        answer.SetResult();
        Assert.Equal("hello", (await first).Text);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_queue_that_is_full_refuses_and_says_so()
    {
        var asked = new TaskCompletionSource();
        await using var server = WireServer.Start(async call =>
        {
            asked.SetResult();
            await call.ClosedAsync();
        });
        await using var pool = await TestPool.OpenAsync(server.Endpoint, "\"maxConcurrency\": 1", limits: usual => usual with { MaxWaiting = 1 });
        using var cancelling = new CancellationTokenSource();
        var first = pool.AskAsync(cancellation: cancelling.Token);
        await asked.Task;
        var second = pool.AskAsync(cancellation: cancelling.Token);
        var e = await pool.FailAsync();
        Assert.Equal((BrainFault.Busy, false), (e.Fault, e.MayHaveBeenPaid));
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(first, second));
    }

    [Fact]
    public async Task A_brain_that_fails_again_and_again_is_left_alone_until_it_recovers()
    {
        var clock = new ManualClock();
        var failure = WireServer.Says("", 500);
        await using var server = WireServer.Start(failure, failure, failure, WireServer.Says(WireServer.Reply));
        await using var pool = await TestPool.OpenAsync(server.Endpoint, time: clock, limits: usual => usual with { BreakerThreshold = 2 });
        Assert.Equal(BrainFault.Broken, (await pool.FailAsync()).Fault);
        Assert.Equal(BrainFault.Broken, (await pool.FailAsync()).Fault);
        var shut = await pool.FailAsync();
        Assert.Equal((BrainFault.Unreachable, false, 2), (shut.Fault, shut.MayHaveBeenPaid, server.Calls.Length));

        // One looks, and the next waits twice as long.
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(BrainFault.Broken, (await pool.FailAsync()).Fault);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(BrainFault.Unreachable, (await pool.FailAsync()).Fault);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("hello", (await pool.AskAsync()).Text);
        Assert.Equal("hello", (await pool.AskAsync()).Text);
        Assert.Equal(5, server.Calls.Length);
    }

    /// <summary>The clock is told to go on only when the wait has begun, else it would be in the past.</summary>
}
