using System.Runtime.CompilerServices;
using FsCheck.Fluent;
using Hive.Engine.Tests.Support;
using Orleans.Concurrency;
using Orleans.TestingHost;

namespace Hive.Engine.Tests;

public interface ICaller : IGrainWithIntegerKey
{
    Task<int> Add(int a, int b);

    ValueTask<string> Join(string a, string? b);

    ValueTask Nothing();

    Task Fail(string kind, string message);

    Task<int> FailAt(int depth, string kind, string message);

    Task<string> WaitUntilCancelled(Guid gate, CancellationToken token);

    IAsyncEnumerable<int> Count(int to, int failAt, CancellationToken token = default);

    IAsyncEnumerable<int> Forever(Guid gate, CancellationToken token = default);

    Task<string?> Context(string key);

    Task<string?> ContextOfAnother(string key);

    [OneWay]
    Task Tell(Guid gate);

    [ResponseTimeout("00:00:00.2")]
    Task NeverReturn();

    Task<ICaller> Self();
}

[GenerateSerializer, Alias("Hive.Engine.Tests.OddException")]
public sealed class OddException : Exception
{
    public OddException()
    {
    }

    public OddException(string message)
        : base(message)
    {
    }

    public OddException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

public sealed class CallerGrain : Grain, ICaller
{
    public static Exception Make(string kind, string message) => kind switch
    {
        nameof(ArgumentException) => new ArgumentException(message),
        nameof(InvalidOperationException) => new InvalidOperationException(message),
        nameof(KeyNotFoundException) => new KeyNotFoundException(message),
        nameof(TimeoutException) => new TimeoutException(message),
        _ => new OddException(message),
    };

    public Task<int> Add(int a, int b) => Task.FromResult(unchecked(a + b));

    public async ValueTask<string> Join(string a, string? b)
    {
        await Task.Yield();
        return a + b;
    }

    public ValueTask Nothing() => default;

    public Task Fail(string kind, string message) => throw Make(kind, message);

    public async Task<int> FailAt(int depth, string kind, string message)
    {
        await Task.Yield();
        if (depth == 0) throw Make(kind, message);
        return await GrainFactory.GetGrain<ICaller>(this.GetPrimaryKeyLong() + 1).FailAt(depth - 1, kind, message);
    }

    public async Task<string> WaitUntilCancelled(Guid gate, CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(() => cancelled.TrySetResult());
        Gates.Open(gate);
        await cancelled.Task;
        Gates.Open(gate);
        return "cancelled";
    }

    public async IAsyncEnumerable<int> Count(int to, int failAt, [EnumeratorCancellation] CancellationToken token = default)
    {
        for (var i = 0; i < to; i++)
        {
            if (i == failAt) throw new OddException($"failed at {i}");
            if (i % 7 == 3) await Task.Yield();
            yield return i;
        }
    }

    public async IAsyncEnumerable<int> Forever(Guid gate, [EnumeratorCancellation] CancellationToken token = default)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                await Task.Yield();
                token.ThrowIfCancellationRequested();
                yield return i;
            }
        }
        finally
        {
            Gates.Open(gate);
        }
    }

    public Task<string?> Context(string key) => Task.FromResult(RequestContext.Get(key) as string);

    public Task<string?> ContextOfAnother(string key) => GrainFactory.GetGrain<ICaller>(this.GetPrimaryKeyLong() + 1).Context(key);

    public Task Tell(Guid gate)
    {
        Gates.Open(gate);
        throw new OddException("Nobody hears this.");
    }

    public Task NeverReturn() => new TaskCompletionSource().Task;

    public Task<ICaller> Self() => Task.FromResult(this.AsReference<ICaller>());
}

public sealed class CallTests : IAsyncLifetime
{
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestClusters.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static readonly string[] Kinds =
        [nameof(ArgumentException), nameof(InvalidOperationException), nameof(KeyNotFoundException), nameof(TimeoutException), nameof(OddException)];

    [Fact]
    public void A_call_brings_its_arguments_there_and_its_result_back() => Property.ForAll(
        Gen.Choose(int.MinValue / 4, int.MaxValue / 4).Two(), 100, async pair =>
        {
            var grain = _cluster.Client.GetGrain<ICaller>(Random.Shared.Next(8));
            var (a, b) = pair;
            Assert.Equal(unchecked(a + b), await grain.Add(a, b));
            Assert.Equal($"{a}{b}", await grain.Join($"{a}", $"{b}"));
            await grain.Nothing();
        });

    [Fact]
    public void An_exception_keeps_its_type_and_message_through_any_number_of_grains() => Property.ForAll(
        Gen.Elements(Kinds).SelectMany(kind => Gen.Choose(0, 5).Select(depth => (kind, depth))), 60, async one =>
        {
            var message = Guid.NewGuid().ToString();
            var grain = _cluster.Client.GetGrain<ICaller>(Random.Shared.Next(1000) * 100);
            var deep = await Record.ExceptionAsync(() => grain.FailAt(one.depth, one.kind, message));
            var direct = await Record.ExceptionAsync(() => grain.Fail(one.kind, message));
            var expected = CallerGrain.Make(one.kind, message);
            Assert.Equal((expected.GetType(), expected.Message), (deep?.GetType(), deep?.Message));
            Assert.Equal((expected.GetType(), expected.Message), (direct?.GetType(), direct?.Message));
        });

    [Fact]
    public async Task Cancellation_reaches_the_callee()
    {
        var gate = Guid.NewGuid();
        using var cancellation = new CancellationTokenSource();
        var begun = Gates.WhenOpen(gate);
        var call = _cluster.Client.GetGrain<ICaller>(1).WaitUntilCancelled(gate, cancellation.Token);
        await begun;
        var seen = Gates.WhenOpen(gate);
        await cancellation.CancelAsync();
        await seen;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_call_with_a_cancelled_token_does_not_run()
    {
        var gate = Guid.NewGuid();
        var begun = Gates.WhenOpen(gate);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _cluster.Client.GetGrain<ICaller>(1).WaitUntilCancelled(gate, new CancellationToken(canceled: true)));
        await _cluster.Client.GetGrain<ICaller>(1).Nothing();
        Assert.False(begun.IsCompleted);
    }

    [Fact]
    public void An_async_stream_brings_every_element_in_order_and_its_failure() => Property.ForAll(
        Gen.Choose(0, 500).Two(), 40, async pair =>
        {
            var (to, failAt) = pair;
            var seen = new List<int>();
            var failure = await Record.ExceptionAsync(async () =>
            {
                await foreach (var item in _cluster.Client.GetGrain<ICaller>(2).Count(to, failAt)) seen.Add(item);
            });
            Assert.Equal(Enumerable.Range(0, Math.Min(to, failAt)), seen);
            Assert.Equal(failAt < to, failure is OddException);
        });

    [Fact]
    public async Task An_async_stream_that_is_left_ends_at_its_grain()
    {
        var gate = Guid.NewGuid();
        var ended = Gates.WhenOpen(gate);
        await foreach (var item in _cluster.Client.GetGrain<ICaller>(3).Forever(gate))
        {
            if (item == 250) break;
        }

        await ended;
    }

    [Fact]
    public async Task An_async_stream_can_be_read_again_from_its_beginning()
    {
        var stream = _cluster.Client.GetGrain<ICaller>(9).Count(30, int.MaxValue);
        for (var reading = 0; reading < 3; reading++)
        {
            var seen = new List<int>();
            await foreach (var item in stream) seen.Add(item);
            Assert.Equal(Enumerable.Range(0, 30), seen);
        }
    }

    [Fact]
    public async Task An_async_stream_stops_when_its_reader_cancels()
    {
        var gate = Guid.NewGuid();
        var ended = Gates.WhenOpen(gate);
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in _cluster.Client.GetGrain<ICaller>(10).Forever(gate).WithCancellation(cancellation.Token))
            {
                if (item == 150) await cancellation.CancelAsync();
            }
        });
        await ended;
    }

    [Fact]
    public async Task A_caller_stops_waiting_when_the_time_is_over()
    {
        var grain = _cluster.Client.GetGrain<ICaller>(4);
        await Assert.ThrowsAsync<TimeoutException>(() => grain.NeverReturn());
    }

    [Fact]
    public async Task Nobody_waits_for_a_one_way_call()
    {
        var gate = Guid.NewGuid();
        var told = Gates.WhenOpen(gate);
        await _cluster.Client.GetGrain<ICaller>(5).Tell(gate);
        await told;
    }

    [Fact]
    public async Task The_request_context_goes_along_with_calls_and_does_not_come_back()
    {
        RequestContext.Set("key", "value");
        Assert.Equal("value", await _cluster.Client.GetGrain<ICaller>(6).Context("key"));
        Assert.Equal("value", await _cluster.Client.GetGrain<ICaller>(6).ContextOfAnother("key"));
        RequestContext.Clear();
        Assert.Null(await _cluster.Client.GetGrain<ICaller>(6).Context("key"));
    }

    [Fact]
    public async Task References_are_equal_if_their_grains_are()
    {
        var grain = _cluster.Client.GetGrain<ICaller>(7);
        var self = await grain.Self();
        Assert.Equal(grain, self);
        Assert.Equal(grain.GetHashCode(), self.GetHashCode());
        Assert.NotEqual(grain, _cluster.Client.GetGrain<ICaller>(8));
        Assert.Equal(7, self.GetPrimaryKeyLong());
        Assert.Equal(3, await _cluster.Client.GetGrain<ICaller>(self.GetGrainId()).Add(1, 2));
    }
}
