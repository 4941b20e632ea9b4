using System.Buffers;
using Hive.Testing;

namespace Hive.Nats.Tests;

public sealed class BackPressureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_full_buffer_refuses_or_lets_wait_until_the_server_takes_bytes_again()
    {
        using var server = new RawServer();
        var accepting = server.AcceptAsync();
        await using var nats = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location], OutgoingBufferBytes = 64 * 1024 });
        using var client = await accepting;
        while (await GivenRoomAsync(nats))
        {
        }

        // The server reads nothing and the sockets are full: this goes only when it reads again.
        var waiting = nats.PublishAsync("last", new byte[999]).AsTask();
        Assert.Equal("PUB last 999", await client.WaitForAsync("PUB last"));
        await waiting;
    }

    [Fact]
    public async Task While_reconnecting_the_buffer_keeps_its_bound()
    {
        await using var server = await NatsServer.StartAsync();
        await using var nats = await NatsConnection.ConnectAsync(
            new NatsOptions { Servers = [server.Location], OutgoingBufferBytes = 16 * 1024, ReconnectDelay = TimeSpan.FromMilliseconds(5) });
        var states = new StateLog(nats);
        var subscription = await nats.SubscribeAsync("a");
        await server.KillAsync();
        await states.NextAsync(NatsState.Reconnecting);
        var published = new List<Task>();
        while (published.Count == 0 || published[^1].IsCompleted)
        {
            Assert.InRange(published.Count, 0, 16);
            published.Add(nats.PublishAsync("a", new byte[1000]).AsTask());
        }

        await server.StartAgainAsync();
        await Task.WhenAll(published).WaitAsync(Patience);
        for (var i = 0; i < published.Count; i++)
        {
            Assert.Equal(1000, (await subscription.Messages.ReadAsync()).Payload.Length);
        }
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused_before_it_is_sent()
    {
        await using var server = await NatsServer.StartAsync("max_payload: 20000");
        await using var nats = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location] });
        await using var small = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location], MaxPayloadBytes = 1024 });
        Assert.Equal((20_000, 1024), (nats.MaxPayload, small.MaxPayload));
        var subscription = await nats.SubscribeAsync("a");

        Assert.Equal(NatsErrorKind.PayloadTooLarge, Assert.Throws<NatsException>(() => nats.TryPublish("a", new byte[20_001])).Kind);
        Assert.Equal(NatsErrorKind.PayloadTooLarge, Assert.Throws<NatsException>(() => nats.TryPublish("a", new byte[20_000], default, NatsHeaders.Create(("a", "b")))).Kind);
        Assert.Equal(NatsErrorKind.PayloadTooLarge, Assert.Throws<NatsException>(() => small.TryPublish("a", new byte[1025])).Kind);
        Assert.Equal(NatsErrorKind.PayloadTooLarge, (await Assert.ThrowsAsync<NatsException>(async () => await nats.RequestAsync("a", new byte[20_001], Patience))).Kind);
        Assert.True(nats.TryPublish("a", new byte[20_000]));
        Assert.Equal(20_000, (await subscription.Messages.ReadAsync()).Payload.Length);
    }

    [Fact]
    public async Task Requests_are_bounded_time_out_and_can_be_given_up()
    {
        await using var server = await NatsServer.StartAsync();
        await using var nats = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location], MaxRequestsInFlight = 2 });
        var silent = await nats.SubscribeAsync("silence");
        using var cancellation = new CancellationTokenSource();
        var first = nats.RequestAsync("silence", default, TimeSpan.FromHours(1), cancellation: cancellation.Token).AsTask();
        var second = nats.RequestAsync("silence", default, TimeSpan.FromMilliseconds(50)).AsTask();
        Assert.Equal(NatsErrorKind.Full, (await Assert.ThrowsAsync<NatsException>(async () => await nats.RequestAsync("silence", default, Patience))).Kind);

        Assert.Equal(NatsErrorKind.TimedOut, (await Assert.ThrowsAsync<NatsException>(() => second)).Kind);
        await cancellation.CancelAsync();
        Assert.Equal(cancellation.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first)).CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await nats.RequestAsync("silence", default, Patience, cancellation: cancellation.Token));

        // Replies to what nobody waits for any more do not reach who waits now.
        await nats.SubscribeAsync("answer", (in NatsMessageView request) => nats.TryRespond(request, "now"u8));
        var late = await silent.Messages.ReadAsync();
        await nats.PublishAsync(late.ReplyTo!, "late"u8.ToArray());
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(3, (await nats.RequestAsync("answer", default, Patience)).Payload.Length);
        }
    }

    [Fact]
    public async Task Requests_that_race_with_their_time_out_end_one_way_or_the_other()
    {
        await using var server = await NatsServer.StartAsync();
        await using var nats = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location] });
        await nats.SubscribeAsync("echo", (in NatsMessageView request) => nats.TryRespond(request, request.Payload.Span));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
            {
                var asked = BitConverter.GetBytes((caller * 1000) + i);
                try
                {
                    var reply = await nats.RequestAsync("echo", asked, TimeSpan.FromMilliseconds(1 + (i % 3)));
                    Assert.Equal(asked, reply.Payload.ToArray());
                }
                catch (NatsException e)
                {
                    Assert.Equal(NatsErrorKind.TimedOut, e.Kind);
                }
            }
        })));

        Assert.Equal(NatsState.Connected, nats.State);
    }

    /// <summary>Fills the buffer, and publishes once more, but gives that up at once; false if it was indeed given up and not sent.</summary>
    private static async Task<bool> GivenRoomAsync(NatsConnection nats)
    {
        while (nats.TryPublish("a", new byte[1000]) && nats.TryPublish("a", default, 1000, (size, writer) => writer.Write(new byte[size])))
        {
        }

        using var cancellation = new CancellationTokenSource();
        var publishing = nats.PublishAsync("a", new byte[1000], cancellation: cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        try
        {
            await publishing;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
