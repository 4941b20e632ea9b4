using System.Runtime.CompilerServices;
using Hive.Engine.Tests.Support;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Hive.Engine.Tests.Embedded.Wire;

public interface IFarObserver : IGrainObserver
{
    void Noted(int number);

    Task<int> Add(int a, int b);
}

public interface IFar : IGrainWithStringKey
{
    Task<int> Tell(IFarObserver observer, int number);

    Task Fail(string kind, string message);

    Task<string?> Context(string key);

    Task<IFar> Reference(IFar other);

    Task<string> Key();

    Task Hang(Guid begun, Guid ended, CancellationToken token);

    IAsyncEnumerable<int> Count(int count, CancellationToken token = default);

    IAsyncEnumerable<int> CountAndFail(int count);

    IAsyncEnumerable<int> Forever(Guid begun, Guid ended, CancellationToken token = default);

    Task Die();
}

public sealed class FarException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}

[OnNamedSilo]
public sealed class FarGrain : Grain, IFar
{
    public Task Fail(string kind, string message) => throw (kind switch
    {
        "argument" => new ArgumentException(message, new FormatException("inner")),
        "many" => new AggregateException(message, new TimeoutException("one"), new FarException(2, "two")),
        "etag" => new InconsistentStateException(message, "stored", "current"),
        "unknown" => new UnlistedException(message),
        _ => new FarException(7, message),
    });

    public async Task<int> Tell(IFarObserver observer, int number)
    {
        observer.Noted(number);
        return await observer.Add(number, 1);
    }

    public Task<string?> Context(string key) => Task.FromResult(RequestContext.Get(key)?.ToString());

    public Task<IFar> Reference(IFar other) => Task.FromResult(other);

    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());

    public async Task Hang(Guid begun, Guid ended, CancellationToken token)
    {
        Gates.Open(begun);
        await Task.Delay(Timeout.InfiniteTimeSpan, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Gates.Open(ended);
    }

    public async IAsyncEnumerable<int> Count(int count, [EnumeratorCancellation] CancellationToken token)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % 50 == 49) await Task.Yield();
            yield return i;
        }
    }

    public async IAsyncEnumerable<int> CountAndFail(int count)
    {
        for (var i = 0; i < count; i++) yield return i;
        await Task.Yield();
        throw new FarException(count, "the end");
    }

    public async IAsyncEnumerable<int> Forever(Guid begun, Guid ended, [EnumeratorCancellation] CancellationToken token)
    {
        try
        {
            yield return 0;
            Gates.Open(begun);
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        }
        finally
        {
            Gates.Open(ended);
        }
    }

    public Task Die()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    // No code elsewhere can name it, so it cannot be made anew.
    private sealed class UnlistedException(string message) : Exception(message);
}

/// <summary>What callers see of a grain whose process they reach by bytes alone.</summary>
public sealed class RemoteTests : IAsyncLifetime
{
    private readonly BytesOnly _wire = new();
    private InProcessTestCluster _here = null!;
    private InProcessTestCluster _there = null!;

    public async ValueTask InitializeAsync()
    {
        _here = await BytesOnly.StartAsync(_wire, "here");
        _there = await BytesOnly.StartAsync(_wire, "there");
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
    }

    [Fact]
    public async Task An_exception_keeps_its_type_its_message_its_cause_and_where_it_came_from()
    {
        var argument = await Assert.ThrowsAsync<ArgumentException>(() => Far(1).Fail("argument", "wrong"));
        Assert.Equal("wrong", argument.Message);
        Assert.Equal("inner", Assert.IsType<FormatException>(argument.InnerException).Message);
        Assert.Contains(nameof(FarGrain.Fail), argument.StackTrace, StringComparison.Ordinal);

        var own = await Assert.ThrowsAsync<FarException>(() => Far(1).Fail("own", "mine"));
        Assert.Equal((7, "mine"), (own.Code, own.Message));

        var etag = await Assert.ThrowsAsync<InconsistentStateException>(() => Far(1).Fail("etag", "stale."));
        Assert.Equal(("stored", "current", new InconsistentStateException("stale.", "stored", "current").Message), (etag.StoredEtag, etag.CurrentEtag, etag.Message));

        var many = await Assert.ThrowsAsync<AggregateException>(() => Far(1).Fail("many", "several"));
        Assert.Equal("several (one) (two)", many.Message);
        Assert.Equal(2, Assert.IsType<FarException>(many.InnerExceptions[1]).Code);
    }

    [Fact]
    public async Task An_exception_that_cannot_be_made_here_is_named()
    {
        var exception = await Assert.ThrowsAsync<OrleansException>(() => Far(1).Fail("unknown", "odd"));
        Assert.Contains("UnlistedException: odd", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_travels_with_calls_and_references_to_grains_arrive()
    {
        RequestContext.Set("number", 42);
        Assert.Equal("42", await Far(1).Context("number"));
        RequestContext.Clear();
        var reference = await Far(1).Reference(Far(2));
        Assert.Equal(Far(2), reference);
        Assert.Equal("there/2", await reference.Key());
    }

    [Fact]
    public async Task A_cancelled_caller_cancels_the_callee()
    {
        var (begun, ended) = (Guid.NewGuid(), Guid.NewGuid());
        using var cancellation = new CancellationTokenSource();
        var whenBegun = Gates.WhenOpen(begun);
        var whenEnded = Gates.WhenOpen(ended);
        var call = Far(1).Hang(begun, ended, cancellation.Token);
        await whenBegun;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await whenEnded;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1234)]
    public async Task A_stream_arrives_whole_and_in_order_and_again_when_read_again(int count)
    {
        var stream = Far(1).Count(count);
        Assert.Equal(Enumerable.Range(0, count), await stream.ToListAsync());
        Assert.Equal(Enumerable.Range(0, count), await stream.ToListAsync());
    }

    [Fact]
    public async Task A_stream_that_fails_gives_what_it_had_and_then_its_own_exception()
    {
        var read = new List<int>();
        var failure = await Assert.ThrowsAsync<FarException>(async () =>
        {
            await foreach (var one in Far(1).CountAndFail(150)) read.Add(one);
        });
        Assert.Equal(150, failure.Code);
        Assert.Equal(Enumerable.Range(0, 150), read);
    }

    [Fact]
    public async Task A_stream_that_is_left_or_cancelled_ends_at_its_grain()
    {
        var (begun, ended) = (Guid.NewGuid(), Guid.NewGuid());
        var whenEnded = Gates.WhenOpen(ended);
        await foreach (var one in Far(1).Forever(begun, ended)) break;
        await whenEnded;

        (begun, ended) = (Guid.NewGuid(), Guid.NewGuid());
        var whenBegun = Gates.WhenOpen(begun);
        whenEnded = Gates.WhenOpen(ended);
        using var cancellation = new CancellationTokenSource();
        var reading = Far(1).Forever(begun, ended, cancellation.Token).ToListAsync();
        await whenBegun;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
        await whenEnded;
    }

    [Fact]
    public async Task A_stream_whose_grain_is_gone_says_so()
    {
        var stream = Far(1).Count(1000).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        await Far(1).Die();
        await _there.WaitForDeactivationAsync(((GrainReference)Far(1)).GrainId);
        await Assert.ThrowsAsync<EnumerationAbortedException>(async () =>
        {
            while (await stream.MoveNextAsync())
            {
            }
        });
    }

    [Fact]
    public async Task An_observer_is_told_in_its_own_process_and_one_that_is_gone_is_said_to_be()
    {
        var observer = new Observer();
        var reference = _here.Client.CreateObjectReference<IFarObserver>(observer);
        Assert.Equal(8, await Far(1).Tell(reference, 7));
        Assert.Equal(7, await observer.Noticed.Task);
        _here.Client.DeleteObjectReference<IFarObserver>(observer);
        await Assert.ThrowsAsync<ClientNotAvailableException>(() => Far(1).Tell(reference, 7));
    }

    private IFar Far(int number) => _here.Client.GetGrain<IFar>($"there/{number}");

    private sealed class Observer : IFarObserver
    {
        public TaskCompletionSource<int> Noticed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Noted(int number) => Noticed.TrySetResult(number);

        public Task<int> Add(int a, int b) => Task.FromResult(a + b);
    }
}
