using FsCheck.Fluent;
using Hive.Engine.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Streams;

namespace Hive.Engine.Tests.Embedded;

/// <summary>Nothing in the engine grows without a bound, and whatever is full says so.</summary>
public sealed class BoundTests
{
    [Fact]
    public void A_grain_that_has_too_many_calls_waiting_refuses_one_more() => Property.ForAll(
        Gen.Choose(1, 50), 8, async limit =>
        {
            await using var cluster = await TestClusters.StartAsync(
                1, silo => silo.Configure<SiloMessagingOptions>(options => options.MaxEnqueuedRequestsHardLimit = limit));
            var grain = cluster.Client.GetGrain<IGated>(0);
            var gate = Guid.NewGuid();
            var held = grain.Hold(gate);
            await grain.Held();
            var waiting = Enumerable.Range(0, limit).Select(_ => grain.Touch()).ToList();
            await Assert.ThrowsAsync<LimitExceededException>(() => grain.Touch());
            await grain.Release();
            await Task.WhenAll(waiting.Append(held));
            await grain.Touch();
        });

    [Fact]
    public async Task A_stream_whose_subscriber_is_too_far_behind_refuses_and_sends_to_nobody()
    {
        await using var cluster = await TestClusters.StartAsync();
        var stream = cluster.Client.GetStreamProvider(TestClusters.Streams).GetStream<int>("numbers", Guid.NewGuid());
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var heard = 0;
        await stream.SubscribeAsync(async (_, _) =>
        {
            begun.TrySetResult();
            await blocked.Task;
        });
        var other = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await stream.SubscribeAsync((_, _) =>
        {
            Interlocked.Increment(ref heard);
            other.TrySetResult();
            return Task.CompletedTask;
        });
        await stream.OnNextAsync(0);
        await Task.WhenAll(begun.Task, other.Task);
        await stream.OnNextBatchAsync(Enumerable.Range(0, StreamSubscription.Capacity));
        await Assert.ThrowsAsync<LimitExceededException>(() => stream.OnNextAsync(1));
        await Assert.ThrowsAsync<LimitExceededException>(() => stream.OnNextBatchAsync([1, 2, 3]));
        blocked.SetResult();
        Assert.True(Volatile.Read(ref heard) <= StreamSubscription.Capacity + 1);
    }

    [Fact]
    public async Task A_stream_that_nobody_is_subscribed_to_takes_no_memory()
    {
        await using var cluster = await TestClusters.StartAsync();
        var fabric = cluster.GetSiloServiceProvider().GetRequiredService<SiloFabric>();
        var stream = cluster.Client.GetStreamProvider(TestClusters.Streams).GetStream<int>("numbers", Guid.NewGuid());
        var subscription = await stream.SubscribeAsync((_, _) => Task.CompletedTask);
        Assert.NotNull(fabric.Streams.Find(TestClusters.Streams, stream.StreamId));
        await subscription.UnsubscribeAsync();
        Assert.Null(fabric.Streams.Find(TestClusters.Streams, stream.StreamId));
        await stream.OnNextAsync(1);
        Assert.Null(fabric.Streams.Find(TestClusters.Streams, stream.StreamId));
    }

    [Fact]
    public async Task A_stream_of_elements_ends_when_its_grain_is_deactivated()
    {
        await using var cluster = await TestClusters.StartAsync();
        var gate = Guid.NewGuid();
        var ended = Gates.WhenOpen(gate);
        var grain = cluster.Client.GetGrain<ICaller>(11);
        await Assert.ThrowsAsync<EnumerationAbortedException>(async () =>
        {
            await foreach (var item in grain.Forever(gate))
            {
                if (item != 50) continue;
                cluster.GetSiloServiceProvider().GetRequiredService<SiloFabric>().Find(grain.GetGrainId())!.Deactivate(
                    new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "test"));
                await ended;
            }
        });
    }
}

public interface IGated : IGrainWithIntegerKey
{
    Task Hold(Guid gate);

    [Orleans.Concurrency.AlwaysInterleave]
    Task Held();

    [Orleans.Concurrency.AlwaysInterleave]
    Task Release();

    Task Touch();
}

/// <summary>Keeps all calls out while one holds it.</summary>
public sealed class GatedGrain : Grain, IGated
{
    private readonly TaskCompletionSource _released = new();

    public Task Hold(Guid gate) => _released.Task;

    public Task Held() => Task.CompletedTask;

    public Task Release()
    {
        _released.TrySetResult();
        return Task.CompletedTask;
    }

    public Task Touch() => Task.CompletedTask;
}
