namespace Hive.Nats.Tests;

public sealed class HostileServerTests
{
    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", NatsErrorKind.Protocol)]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n", NatsErrorKind.Protocol)]
    [InlineData("PING\r\n", NatsErrorKind.Protocol)]
    [InlineData("INFO nonsense\r\n", NatsErrorKind.Protocol)]
    [InlineData("INFO []\r\n", NatsErrorKind.Protocol)]
    [InlineData("INFO {}\r\n", NatsErrorKind.Protocol)]
    [InlineData("INFO {\"max_payload\":\"x\"}\r\n", NatsErrorKind.Protocol)]
    [InlineData("INFO {\"max_payload\":-1,\"headers\":true}\r\n", NatsErrorKind.Protocol)]
    [InlineData("INFO {\"max_payload\":1000}\r\n", NatsErrorKind.NoHeaders)]
    [InlineData("INFO {\"max_payload\":1000,\"headers\":true}\r\nMSG a 1 0\r\n\r\n", NatsErrorKind.Protocol)]
    [InlineData("INFO {\"max_payload\":1000,\"headers\":true,\"tls_required\":true}\r\nPONG\r\n", NatsErrorKind.Protocol)]
    [InlineData("-ERR 'maximum connections exceeded'\r\n", NatsErrorKind.ServerError)]
    public async Task What_is_no_NATS_server_is_told_apart(string greeting, NatsErrorKind kind)
    {
        using var server = new RawServer();
        var accepting = server.AcceptAsync(greeting);
        var e = await Assert.ThrowsAsync<NatsException>(() => NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location] }));
        using var client = await accepting;

        Assert.True(kind == e.Kind, $"{e.Kind}: {e.Message}");
        Assert.Contains(server.Location, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        using var server = new RawServer();
        var accepting = server.AcceptAsync("");
        var options = new NatsOptions { Servers = [server.Location], ConnectTimeout = TimeSpan.FromMilliseconds(100) };
        var e = await Assert.ThrowsAsync<NatsException>(() => NatsConnection.ConnectAsync(options));
        using var client = await accepting;

        Assert.Equal(NatsErrorKind.TimedOut, e.Kind);
        Assert.Contains("waiting for its INFO", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_an_error_that_names_each_address()
    {
        string[] nobody = [$"nats://127.0.0.1:{Testing.Loopback.FreePort()}", $"nats://127.0.0.1:{Testing.Loopback.FreePort()}"];
        var e = await Assert.ThrowsAsync<NatsException>(() => NatsConnection.ConnectAsync(new NatsOptions { Servers = [.. nobody] }));

        Assert.Equal(NatsErrorKind.Refused, e.Kind);
        Assert.All(nobody, address => Assert.Contains(address, e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rubbish\r\n", NatsErrorKind.Protocol)]
    [InlineData("MSG a 1 1001\r\n", NatsErrorKind.Protocol)]
    [InlineData("MSG a 1 1\r\nxxx\r\n", NatsErrorKind.Protocol)]
    [InlineData("HMSG a 1 9 2\r\nxx\r\n", NatsErrorKind.Protocol)]
    [InlineData("INFO {\r\n", NatsErrorKind.Protocol)]
    [InlineData("-ERR 'Stale Connection'\r\n", NatsErrorKind.ServerError)]
    [InlineData("-ERR 'User Authentication Expired'\r\n", NatsErrorKind.AuthorizationViolation)]
    public async Task Garbage_ends_the_connection_which_restores_itself_and_subscribes_again(string garbage, NatsErrorKind kind)
    {
        using var server = new RawServer();
        var accepting = server.AcceptAsync();
        await using var nats = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location], ReconnectDelay = TimeSpan.FromMilliseconds(1) });
        using var first = await accepting;
        var states = new StateLog(nats);
        var subscription = await nats.SubscribeAsync("a");
        Assert.Equal("SUB a 1", await first.WaitForAsync("SUB"));
        var again = server.AcceptAsync();
        await first.SendAsync(garbage);

        var loss = await states.NextAsync(NatsState.Reconnecting);
        Assert.True(kind == loss.Reason!.Kind, loss.Reason.Message);
        await states.NextAsync(NatsState.Connected);
        using var second = await again;
        Assert.Equal("SUB a 1", await second.WaitForAsync("SUB"));
        await second.SendAsync("MSG a 1 5\r\nhello\r\n");
        Assert.Equal(5, (await subscription.Messages.ReadAsync()).Payload.Length);
    }

    [Fact]
    public async Task What_means_nothing_does_no_harm()
    {
        using var server = new RawServer();
        var accepting = server.AcceptAsync();
        await using var nats = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location] });
        using var client = await accepting;
        var notices = new List<NatsNoticeKind>();
        nats.Noticed += notice => notices.Add(notice.Kind);
        var subscription = await nats.SubscribeAsync("a");
        await client.SendAsync("+OK\r\nPONG\r\nPONG\r\nMSG a 77 1\r\nx\r\nHMSG a 1 4 4\r\nevil\r\n-ERR 'Invalid Subject'\r\n");
        await client.SendAsync("""INFO {"server_id":"RAW","version":"2.9.10","headers":true,"max_payload":1000,"ldm":true}""" + "\r\nPING\r\nMSG a 1 1\r\nx\r\n");

        Assert.Equal(1, (await subscription.Messages.ReadAsync()).Payload.Length);
        Assert.Equal("PONG", await client.WaitForAsync("PONG"));
        Assert.Equal([NatsNoticeKind.BadHeaders, NatsNoticeKind.ServerError, NatsNoticeKind.LameDuck], notices);
        Assert.True(nats.Server.LameDuck);
    }

    [Fact]
    public async Task Replies_that_nobody_asked_for_mean_nothing()
    {
        using var server = new RawServer();
        var accepting = server.AcceptAsync();
        await using var nats = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location] });
        using var client = await accepting;
        var reply = nats.RequestAsync("ask", default, TimeSpan.FromHours(1));
        Assert.Equal($"SUB {nats.Inbox}.* 1", await client.WaitForAsync("SUB"));
        var inbox = (await client.WaitForAsync("PUB"))!.Split(' ')[2];
        foreach (var wrong in (string[])["x", "0000000000000000", "ffffffffffffffff", "00000000" + "00000002", "0000000000000001x", "zzzzzzzzzzzzzzzz"])
        {
            await client.SendAsync($"MSG {nats.Inbox}.{wrong} 1 5\r\nwrong\r\n");
        }

        await client.SendAsync($"MSG {inbox} 1 5\r\nright\r\nMSG {inbox} 1 5\r\ntwice\r\n");

        Assert.Equal("right", System.Text.Encoding.ASCII.GetString((await reply).Payload.Span));
    }

    [Fact]
    public async Task A_server_that_answers_no_PING_is_stale()
    {
        using var server = new RawServer();
        var accepting = server.AcceptAsync();
        await using var nats = await NatsConnection.ConnectAsync(
            new NatsOptions { Servers = [server.Location], PingInterval = TimeSpan.FromMilliseconds(20), MaxPingsOutstanding = 2 });
        var states = new StateLog(nats);
        using var client = await accepting;

        Assert.Contains("2 PINGs unanswered", (await states.NextAsync(NatsState.Reconnecting)).Reason!.Message, StringComparison.Ordinal);
    }
}
