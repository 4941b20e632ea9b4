using System.Collections.Concurrent;
using Hive.Testing;

namespace Hive.Nats.Tests;

public sealed class SubscriptionTests : IAsyncLifetime
{
    private NatsServer _server = null!;

    private NatsConnection _nats = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await NatsServer.StartAsync();
        _nats = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [_server.Location] });
    }

    public async ValueTask DisposeAsync()
    {
        await _nats.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Each_message_goes_to_one_member_of_a_queue_group()
    {
        var members = new[] { 0, 0, 0 };
        for (var i = 0; i < members.Length; i++)
        {
            var member = i;
            await _nats.SubscribeAsync("work", (in NatsMessageView _) => members[member]++, "workers");
        }

        var everyone = await _nats.SubscribeAsync("work", capacity: 3000);
        for (var i = 0; i < 3000; i++)
        {
            await _nats.PublishAsync("work", default);
        }

        await _nats.FlushAsync();
        Assert.Equal(3000, members.Sum());
        Assert.All(members, count => Assert.InRange(count, 1, 2999));
        Assert.Equal(3000, everyone.Delivered);
    }

    [Fact]
    public async Task A_reader_that_falls_behind_loses_the_newest_and_is_told_once()
    {
        var notices = new ConcurrentQueue<NatsNotice>();
        _nats.Noticed += notices.Enqueue;
        var subscription = await _nats.SubscribeAsync("fast", capacity: 2);
        for (byte i = 0; i < 10; i++)
        {
            await _nats.PublishAsync("fast", new[] { i });
        }

        await _nats.FlushAsync();
        Assert.Equal(8, subscription.Dropped);
        var notice = Assert.Single(notices);
        Assert.Equal((NatsNoticeKind.SlowConsumer, subscription), (notice.Kind, notice.Subscription));
        Assert.Equal(0, (await subscription.Messages.ReadAsync()).Payload.Span[0]);
        Assert.Equal(1, (await subscription.Messages.ReadAsync()).Payload.Span[0]);
        await _nats.PublishAsync("fast", new byte[] { 77 });
        Assert.Equal(77, (await subscription.Messages.ReadAsync()).Payload.Span[0]);
    }

    [Fact]
    public async Task A_subscription_ends_after_as_many_messages_as_it_was_told_also_over_a_loss()
    {
        await using var nats = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [_server.Location], ReconnectDelay = TimeSpan.FromMilliseconds(5) });
        var states = new StateLog(nats);
        var subscription = await nats.SubscribeAsync("few");
        await subscription.UnsubscribeAsync(afterMessages: 3);
        await nats.PublishAsync("few", default);
        await nats.FlushAsync();
        await _server.KillAsync();
        await states.NextAsync(NatsState.Reconnecting);
        await _server.StartAgainAsync();
        await states.NextAsync(NatsState.Connected);
        for (var i = 0; i < 10; i++)
        {
            await nats.PublishAsync("few", default);
        }

        await subscription.Completion;
        Assert.Equal(3, await subscription.Messages.ReadAllAsync().CountAsync());
    }

    [Fact]
    public async Task Nothing_comes_after_unsubscribing()
    {
        var count = 0;
        var subscription = await _nats.SubscribeAsync("a", (in NatsMessageView _) => count++);
        await _nats.PublishAsync("a", default);
        await _nats.FlushAsync();
        await subscription.DisposeAsync();
        await _nats.PublishAsync("a", default);
        await _nats.FlushAsync();
        await subscription.DisposeAsync();

        Assert.Equal(1, count);
        Assert.True(subscription.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_handler_that_throws_loses_its_message_and_nothing_else()
    {
        var notices = new ConcurrentQueue<NatsNotice>();
        _nats.Noticed += notice =>
        {
            notices.Enqueue(notice);
            throw new FormatException("a listener that throws too");
        };
        var count = 0;
        var subscription = await _nats.SubscribeAsync("a", (in NatsMessageView message) =>
        {
            count++;
            throw new FormatException("a handler that throws");
        });
        await _nats.PublishAsync("a", default);
        await _nats.PublishAsync("a", default);
        await _nats.FlushAsync();

        Assert.Equal(2, count);
        Assert.Equal(2, notices.Count);
        Assert.All(notices, notice => Assert.Same(subscription, notice.Subscription));
    }

    [Fact]
    public async Task Without_echo_a_connection_does_not_hear_itself()
    {
        await using var quiet = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [_server.Location], Echo = false });
        var own = await quiet.SubscribeAsync("a");
        await quiet.FlushAsync();
        await quiet.PublishAsync("a", default);
        await quiet.FlushAsync();
        await _nats.PublishAsync("a", new byte[7]);

        Assert.Equal(7, (await own.Messages.ReadAsync()).Payload.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a.>.b")]
    [InlineData("a\r\nPUB b 0\r\n")]
    public async Task A_malformed_subject_is_refused(string subject)
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await _nats.SubscribeAsync(subject));
        Assert.Throws<ArgumentException>(() => new NatsSubject(subject));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _nats.SubscribeAsync("a", queueGroup: subject));
    }

    [Theory]
    [InlineData("a.*")]
    [InlineData(">")]
    public void Nothing_is_published_to_a_wildcard(string subject) => Assert.Throws<ArgumentException>(() => new NatsSubject(subject));
}
