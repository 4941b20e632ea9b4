using Hive.Testing;

namespace Hive.Nats.Tests;

public sealed class LifecycleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_killed_server_that_comes_back_finds_all_subscriptions_and_what_was_published_meanwhile()
    {
        await using var server = await NatsServer.StartAsync();
        await using var nats = await NatsConnection.ConnectAsync(Options(server));
        await using var other = await NatsConnection.ConnectAsync(Options(server));
        var states = new StateLog(nats);
        var others = new StateLog(other);
        var subscription = await nats.SubscribeAsync("news.>");
        await other.SubscribeAsync("ask", (in NatsMessageView request) => other.TryRespond(request, "answer"u8));
        await other.FlushAsync();
        await nats.RequestAsync("ask", default, Patience);

        for (var round = 0; round < 3; round++)
        {
            await server.KillAsync();
            Assert.Equal(NatsErrorKind.ConnectionLost, (await states.NextAsync(NatsState.Reconnecting)).Reason!.Kind);
            await others.NextAsync(NatsState.Reconnecting);
            Assert.False(nats.TryPublish("news.lost", default(ReadOnlySpan<byte>)));
            await nats.PublishAsync("news.kept", new[] { (byte)round });
            await server.StartAgainAsync();
            await states.NextAsync(NatsState.Connected);
            await others.NextAsync(NatsState.Connected);
            await other.FlushAsync();

            var message = await subscription.Messages.ReadAsync();
            Assert.Equal(("news.kept", (byte)round), (message.Subject, message.Payload.Span[0]));
            Assert.Equal(6, (await nats.RequestAsync("ask", default, Patience)).Payload.Length);
        }
    }

    [Fact]
    public async Task A_request_under_way_fails_when_the_server_is_lost()
    {
        await using var server = await NatsServer.StartAsync();
        await using var nats = await NatsConnection.ConnectAsync(Options(server));
        var asked = await nats.SubscribeAsync("ask");
        var reply = nats.RequestAsync("ask", default, TimeSpan.FromHours(1)).AsTask();
        await asked.Messages.ReadAsync();
        await server.KillAsync();

        Assert.Equal(NatsErrorKind.ConnectionLost, (await Assert.ThrowsAsync<NatsException>(() => reply)).Kind);
    }

    [Fact]
    public async Task Credentials_that_are_refused_twice_close_the_connection()
    {
        await using var server = await NatsServer.StartAsync("authorization { token: one }");
        await using var nats = await NatsConnection.ConnectAsync(Options(server) with { Token = "one" });
        var states = new StateLog(nats);
        var subscription = await nats.SubscribeAsync("a");
        await server.KillAsync();
        await states.NextAsync(NatsState.Reconnecting);
        await using var stranger = await NatsServer.StartAsync("authorization { token: two }", server.Port);

        Assert.Equal(NatsErrorKind.AuthorizationViolation, (await states.NextAsync(NatsState.Closed)).Reason!.Kind);
        Assert.Equal(NatsErrorKind.AuthorizationViolation, (await Assert.ThrowsAsync<NatsException>(() => subscription.Completion)).Kind);
        Assert.Equal(NatsErrorKind.Closed, (await Assert.ThrowsAsync<NatsException>(async () => await nats.PublishAsync("a", default))).Kind);
    }

    [Fact]
    public async Task A_connection_that_may_not_try_for_ever_closes()
    {
        await using var server = await NatsServer.StartAsync();
        await using var nats = await NatsConnection.ConnectAsync(Options(server) with { MaxReconnectRounds = 3 });
        var states = new StateLog(nats);
        await server.KillAsync();

        await states.NextAsync(NatsState.Reconnecting);
        Assert.Equal(NatsErrorKind.Refused, (await states.NextAsync(NatsState.Closed)).Reason!.Kind);
    }

    [Fact]
    public async Task The_next_server_takes_over()
    {
        await using var first = await NatsServer.StartAsync();
        await using var second = await NatsServer.StartAsync();
        await using var nats = await NatsConnection.ConnectAsync(Options(first) with { Servers = [first.Location, second.Location] });
        var states = new StateLog(nats);
        await first.KillAsync();

        await states.NextAsync(NatsState.Reconnecting);
        await states.NextAsync(NatsState.Connected);
        await nats.FlushAsync();
    }

    [Fact]
    public async Task Draining_delivers_what_is_on_its_way_and_answers_what_was_asked()
    {
        await using var server = await NatsServer.StartAsync();
        await using var other = await NatsConnection.ConnectAsync(Options(server));
        var nats = await NatsConnection.ConnectAsync(Options(server));
        var asked = await other.SubscribeAsync("ask");
        await other.FlushAsync();
        var subscription = await nats.SubscribeAsync("work", capacity: 1000);
        await nats.FlushAsync();
        var reply = nats.RequestAsync("ask", default, Patience).AsTask();
        var question = await asked.Messages.ReadAsync();
        for (var i = 0; i < 1000; i++)
        {
            await other.PublishAsync("work", default);
        }

        await other.FlushAsync();
        var drained = nats.DrainAsync();
        await other.PublishAsync(question.ReplyTo!, "answer"u8.ToArray());
        await drained;

        Assert.Equal(6, (await reply).Payload.Length);
        Assert.Equal(1000, await subscription.Messages.ReadAllAsync().CountAsync());
        await subscription.Completion;
        Assert.Equal(NatsState.Closed, nats.State);
    }

    [Fact]
    public async Task Closing_ends_everything_and_may_be_done_again()
    {
        await using var server = await NatsServer.StartAsync();
        var nats = await NatsConnection.ConnectAsync(Options(server));
        var states = new StateLog(nats);
        var subscription = await nats.SubscribeAsync("a");
        var reply = nats.RequestAsync("a", default, TimeSpan.FromHours(1)).AsTask();
        await subscription.Messages.ReadAsync();
        await Task.WhenAll(nats.DisposeAsync().AsTask(), nats.DisposeAsync().AsTask());

        Assert.Null((await states.NextAsync(NatsState.Closed)).Reason);
        await subscription.Completion;
        Assert.Equal(NatsErrorKind.Closed, (await Assert.ThrowsAsync<NatsException>(() => reply)).Kind);
        Assert.Equal(NatsErrorKind.Closed, Assert.Throws<NatsException>(() => nats.TryPublish("a", default(ReadOnlySpan<byte>))).Kind);
        Assert.Equal(NatsErrorKind.Closed, (await Assert.ThrowsAsync<NatsException>(async () => await nats.SubscribeAsync("b"))).Kind);
        Assert.Equal(NatsErrorKind.Closed, (await Assert.ThrowsAsync<NatsException>(() => nats.FlushAsync())).Kind);
        await subscription.UnsubscribeAsync();
    }

    [Fact]
    public async Task Connecting_can_be_given_up()
    {
        using var server = new RawServer();
        using var cancellation = new CancellationTokenSource();
        var connecting = NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location] }, cancellation.Token);
        using var client = await server.AcceptAsync("");
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    private static NatsOptions Options(NatsServer server) => new()
    {
        Servers = [server.Location],
        ReconnectDelay = TimeSpan.FromMilliseconds(5),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(50),
    };
}
