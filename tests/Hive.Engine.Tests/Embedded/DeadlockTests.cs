using System.Collections.Immutable;
using FsCheck.Fluent;
using Hive.Engine.Tests.Support;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace Hive.Engine.Tests.Embedded;

public interface IKnot : IGrainWithIntegerKey
{
    /// <summary>Calls the first of <paramref name="path"/>, which calls the next.</summary>
    Task Walk(ImmutableArray<long> path, bool isAwaited, Guid end);

    /// <summary>Waits until both parties are inside, then calls the other.</summary>
    Task Meet(Guid self, Guid both, long other);

    Task Touch();

    /// <summary>Calls each of its children, some at once, and some of its callers without waiting for them.</summary>
    Task Grow(CallTree tree, long caller);
}

[GenerateSerializer, Immutable, Alias("Hive.Engine.Tests.CallTree")]
public sealed record CallTree(
    [property: Id(0)] long Grain, [property: Id(1)] bool InParallel, [property: Id(2)] bool CallsBack, [property: Id(3)] ImmutableArray<CallTree> Children);

public sealed class KnotGrain : Grain, IKnot
{
    public async Task Walk(ImmutableArray<long> path, bool isAwaited, Guid end)
    {
        await Task.Yield();
        if (path.IsEmpty)
        {
            Gates.Open(end);
            return;
        }

        var next = GrainFactory.GetGrain<IKnot>(path[0]).Walk(path[1..], isAwaited, end);
        if (isAwaited || path.Length > 1) await next;
    }

    public async Task Meet(Guid self, Guid both, long other)
    {
        var meeting = Gates.WhenOpen(both);
        Gates.Open(self);
        await meeting;
        await GrainFactory.GetGrain<IKnot>(other).Touch();
    }

    public Task Touch() => Task.CompletedTask;

    public async Task Grow(CallTree tree, long caller)
    {
        if (tree.CallsBack && caller >= 0) _ = GrainFactory.GetGrain<IKnot>(caller).Touch();
        var children = tree.Children.Select(child => (Func<Task>)(() => GrainFactory.GetGrain<IKnot>(child.Grain).Grow(child, tree.Grain)));
        if (tree.InParallel)
        {
            await Task.WhenAll(children.Select(call => call()));
        }
        else
        {
            foreach (var call in children) await call();
        }
    }
}

public interface IWaker : IGrainWithIntegerKey
{
    Task Touch();
}

/// <summary>Calls the next while it is activated; the last calls the first.</summary>
public sealed class WakerGrain : Grain, IWaker
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyLong();
        return GrainFactory.GetGrain<IWaker>(key % 10 == 2 ? key - 2 : key + 1).Touch();
    }

    public Task Touch() => Task.CompletedTask;
}

public sealed class DeadlockTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private InProcessTestCluster _cluster = null!;
    private long _grains;

    public async ValueTask InitializeAsync() => _cluster = await TimeTests.StartAsync(
        // Time flies in these tests, and nothing shall come of it but sweeps.
        _time, silo => silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = Timeout.InfiniteTimeSpan), Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public void A_circle_of_awaited_calls_is_reported_at_once_and_names_every_grain_in_it() => Property.ForAll(
        Gen.Choose(0, 6).SelectMany(before => Gen.Choose(1, 8).Select(length => (before, length))), 50, async one =>
        {
            var first = Interlocked.Add(ref _grains, 100);
            var grains = Enumerable.Range(0, one.before + one.length).Select(i => first + i).ToImmutableArray();
            var path = grains.RemoveAt(0).Add(grains[one.before]);
            var deadlock = await Assert.ThrowsAsync<GrainDeadlockException>(() => Knot(first).Walk(path, isAwaited: true, Guid.Empty));

            // The call that runs at each grain of the circle, the one that waits at the first of them, and the first again.
            Assert.Equal(one.length + 2, deadlock.Chain.Count);
            Assert.Equal(deadlock.Chain[0], deadlock.Chain[^1]);
            foreach (var grain in grains.Skip(one.before)) Assert.Contains(Knot(grain).GetGrainId() + ".Walk", deadlock.Message, StringComparison.Ordinal);
            await Task.WhenAll(grains.Select(grain => Knot(grain).Touch()));
        });

    [Fact]
    public void A_circle_whose_last_call_nobody_awaits_is_none() => Property.ForAll(
        Gen.Choose(1, 8), 50, async length =>
        {
            var first = Interlocked.Add(ref _grains, 100);
            var path = Enumerable.Range(1, length - 1).Select(i => first + i).Append(first).ToImmutableArray();
            var end = Guid.NewGuid();
            var ended = Gates.WhenOpen(end);
            await Knot(first).Walk(path, isAwaited: false, end);
            await ended;
        });

    [Fact]
    public async Task Two_grains_that_call_each_other_for_two_clients_are_reported()
    {
        var first = Interlocked.Add(ref _grains, 100);
        var (here, there, both) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var met = Task.WhenAll(Gates.WhenOpen(here), Gates.WhenOpen(there));
        var calls = new[] { Knot(first).Meet(here, both, first + 1), Knot(first + 1).Meet(there, both, first) };
        await met;
        Gates.Open(both);
        while (!calls.Any(call => call.IsCompleted))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var failures = await Task.WhenAll(calls.Select(call => Record.ExceptionAsync(() => call).AsTask()));
        var failure = Assert.Single(failures, static failure => failure is not null);
        var deadlock = Assert.IsType<GrainDeadlockException>(failure);
        Assert.Equal(5, deadlock.Chain.Count);
        await Task.WhenAll(Knot(first).Touch(), Knot(first + 1).Touch());
    }

    [Fact]
    public async Task Grains_that_wait_for_each_other_to_activate_are_reported()
    {
        var first = Interlocked.Add(ref _grains, 100);
        await Assert.ThrowsAsync<GrainDeadlockException>(() => _cluster.Client.GetGrain<IWaker>(first).Touch());
    }

    [Fact]
    public void Calls_without_a_circle_are_never_reported() => Property.ForAll(
        Trees.ArrayOf().Select(trees => trees.Take(12).ToArray()), 40, async trees =>
        {
            // Calls go to greater keys only, except those that nobody awaits.
            var calls = Task.WhenAll(trees.Select(tree => Task.Run(() => Knot(tree.Grain).Grow(tree, -1))));
            while (!calls.IsCompleted)
            {
                _time.Advance(TimeSpan.FromMilliseconds(20));
                await Task.Yield();
            }

            await calls;
        });

    private static FsCheck.Gen<CallTree> Trees => Tree(0, 4);

    private static FsCheck.Gen<CallTree> Tree(int least, int depth) =>
        from grain in Gen.Choose(least, least + 3)
        from inParallel in Gen.Elements(true, false)
        from callsBack in Gen.Elements(true, false)
        from count in Gen.Choose(0, depth == 0 ? 0 : 3)
        from children in Tree(least + 4, Math.Max(0, depth - 1)).ArrayOf(count)
        select new CallTree(1_000_000 + grain, inParallel, callsBack, [.. children]);

    private IKnot Knot(long key) => _cluster.Client.GetGrain<IKnot>(key);
}
