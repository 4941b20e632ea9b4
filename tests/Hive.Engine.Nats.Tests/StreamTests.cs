using System.Collections.Concurrent;
using Hive.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Streams;

namespace Hive.Engine.Nats.Tests;

/// <summary>What is sent to a stream in one process is heard in the others.</summary>
public sealed class StreamTests
{
    private static readonly StreamId Stream = StreamId.Create("news", "today");

    [Fact]
    public async Task Subscribers_of_all_processes_hear_an_item_once_and_in_order()
    {
        await using var server = await NatsServer.StartAsync(cancellation: TestContext.Current.CancellationToken);
        await using var hub = await TestNode.StartAsync(server, "hub", isHub: true);
        await using var silo = await TestNode.StartAsync(server, "b");
        await hub.SeesAsync(1);
        var here = await Listener.AttachAsync(hub);
        var there = await Listener.AttachAsync(silo);
        var sender = silo.Stream<string>(Stream);
        for (var i = 0; i < 100; i++) await sender.OnNextAsync($"item {i}");
        await sender.OnErrorAsync(new InvalidOperationException("no more"));
        var expected = Enumerable.Range(0, 100).Select(i => $"item {i}").Append("no more").ToArray();
        Assert.Equal(expected, await here.WhenFailed);
        Assert.Equal(expected, await there.WhenFailed);
    }

    [Fact]
    public async Task Bytes_that_are_no_sending_are_heard_by_nobody()
    {
        await using var server = await NatsServer.StartAsync(cancellation: TestContext.Current.CancellationToken);
        await using var hub = await TestNode.StartAsync(server, "hub", isHub: true);
        await using var silo = await TestNode.StartAsync(server, "b");
        await hub.SeesAsync(1);
        var listener = await Listener.AttachAsync(hub);
        var random = new Random(11);
        for (var i = 0; i < 1_000; i++)
        {
            var junk = new byte[random.Next(120)];
            random.NextBytes(junk);
            if (junk.Length > 17) junk[16] = (byte)random.Next(1, 4);
            await silo.Connection.PublishAsync("hive.hive.bus.stream", junk);
        }

        await silo.Stream<string>(Stream).OnErrorAsync(new InvalidOperationException("done"));
        Assert.Equal(["done"], await listener.WhenFailed);
    }

    private sealed class Listener : IAsyncObserver<string>
    {
        private readonly ConcurrentQueue<string> _heard = new();
        private readonly TaskCompletionSource<string[]> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string[]> WhenFailed => _failed.Task.WaitAsync(TestContext.Current.CancellationToken);

        public static async Task<Listener> AttachAsync(TestNode node)
        {
            var listener = new Listener();
            await node.Stream<string>(Stream).SubscribeAsync(listener);
            return listener;
        }

        public Task OnNextAsync(string item, StreamSequenceToken? token = null)
        {
            _heard.Enqueue(item);
            return Task.CompletedTask;
        }

        public Task OnCompletedAsync() => Task.CompletedTask;

        public Task OnErrorAsync(Exception ex)
        {
            _heard.Enqueue(ex.Message);
            _failed.TrySetResult([.. _heard]);
            return Task.CompletedTask;
        }
    }
}
