using System.Security.Cryptography;
using Hive.Testing;
using Orleans.Runtime;

namespace Hive.Engine.Nats.Tests;

/// <summary>A hub and silos, each with a connection of its own to a real server.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private NatsServer _server = null!;
    private TestNode _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await NatsServer.StartAsync(cancellation: TestContext.Current.CancellationToken);
        _hub = await TestNode.StartAsync(_server, "hub", isHub: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_hub_calls_a_silo_and_a_silo_the_hub()
    {
        await using var silo = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        Assert.Equal("b", await _hub.Grains.GetGrain<IEcho>("b/1").Where());
        Assert.Equal("hub", await silo.Grains.GetGrain<IEcho>("hub/1").Where());
        Assert.Equal("b", await silo.Grains.GetGrain<IEcho>("hub/2").Ask("b/2"));
    }

    [Fact]
    public async Task An_exception_keeps_its_type_and_its_words()
    {
        await using var silo = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => _hub.Grains.GetGrain<IEcho>("b/1").Throw("no wheels"));
        Assert.Equal("no wheels", failure.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    [InlineData(9_000_000)]
    public async Task A_message_of_any_size_up_to_the_bound_arrives_as_it_was(int bytes)
    {
        await using var silo = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        var sent = RandomNumberGenerator.GetBytes(bytes);
        Assert.Equal(sent, await _hub.Grains.GetGrain<IEcho>("b/1").Echo(sent));
    }

    [Fact]
    public async Task A_message_beyond_the_bound_is_refused_and_says_so()
    {
        await using var silo = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        var refused = await Assert.ThrowsAnyAsync<OrleansException>(() => _hub.Grains.GetGrain<IEcho>("b/1").Echo(new byte[70_000_000]));
        Assert.Contains("larger than", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_async_stream_of_a_grain_is_read_in_another_process_to_its_end_or_as_far_as_its_reader_likes()
    {
        await using var silo = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        var grain = silo.Grains.GetGrain<IEcho>("hub/1");
        Assert.Equal(Enumerable.Range(1, 1_000), await grain.CountTo(1_000, CancellationToken.None).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal([1, 2, 3], await grain.CountTo(int.MaxValue, CancellationToken.None).Take(3).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_observer_that_a_silo_made_is_told_by_a_grain_of_the_hub()
    {
        await using var silo = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        var ear = new Ear();
        await silo.Grains.GetGrain<IEcho>("hub/1").Notify(silo.Grains.CreateObjectReference<IListener>(ear), "the news");
        Assert.Equal("the news", await ear.Heard.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    private sealed class Ear : IListener
    {
        public TaskCompletionSource<string> Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Hear(string words)
        {
            Heard.TrySetResult(words);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_one_way_call_arrives()
    {
        await using var silo = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        var gate = Guid.NewGuid();
        await _hub.Grains.GetGrain<IEcho>("b/1").Tell(gate);
        await Gates.WhenOpen(gate, "told");
    }

    [Fact]
    public async Task A_caller_that_gives_up_cancels_the_callee_in_the_other_process()
    {
        await using var silo = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        var gate = Guid.NewGuid();
        using var source = new CancellationTokenSource();
        var call = _hub.Grains.GetGrain<IEcho>("b/1").HangAsync(gate, source.Token);
        await Gates.WhenOpen(gate, "begun");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Gates.WhenOpen(gate, "cancelled");
    }

    [Fact]
    public async Task A_silo_that_ends_takes_its_leave_and_calls_to_it_fail_at_once()
    {
        var silo = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        var grain = _hub.Grains.GetGrain<IEcho>("b/1");
        await grain.Where();
        await silo.DisposeAsync();
        await _hub.SeesAsync(0);
        await Assert.ThrowsAnyAsync<OrleansException>(() => grain.Where());
    }

    [Fact]
    public async Task A_silo_whose_connection_breaks_fails_the_calls_under_way_there()
    {
        var silo = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        var gate = Guid.NewGuid();
        var call = _hub.Grains.GetGrain<IEcho>("b/1").HangAsync(gate, CancellationToken.None);
        await Gates.WhenOpen(gate, "begun");
        await silo.Connection.DisposeAsync();
        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
        await silo.DisposeAsync();
    }

    [Fact]
    public async Task After_a_killed_server_is_back_calls_go_on_and_those_under_way_have_failed()
    {
        await using var silo = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        var gate = Guid.NewGuid();
        var call = _hub.Grains.GetGrain<IEcho>("b/1").HangAsync(gate, CancellationToken.None);
        await Gates.WhenOpen(gate, "begun");
        await _server.KillAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
        await Gates.WhenOpen(gate, "cancelled");
        await _server.StartAgainAsync(TestContext.Current.CancellationToken);
        while (true)
        {
            try
            {
                Assert.Equal("b", await _hub.Grains.GetGrain<IEcho>("b/1").Where());
                return;
            }
            catch (OrleansException)
            {
                // The two have not found each other again yet.
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    [Fact]
    public async Task Of_two_silos_of_one_name_the_second_is_told_so()
    {
        await using var first = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        var refused = await Assert.ThrowsAnyAsync<OrleansException>(() => TestNode.StartAsync(_server, "b"));
        Assert.Contains("another silo of the name b", refused.Message, StringComparison.Ordinal);
        Assert.Equal("b", await _hub.Grains.GetGrain<IEcho>("b/1").Where());
    }

    [Fact]
    public async Task A_silo_of_another_version_is_told_so()
    {
        var refused = await Assert.ThrowsAnyAsync<OrleansException>(() => TestNode.StartAsync(_server, "b", configure: options => options with { Version = 2 }));
        Assert.Contains("speaks version 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_hub_of_a_cluster_is_told_who_the_first_is()
    {
        var refused = await Assert.ThrowsAnyAsync<OrleansException>(() => TestNode.StartAsync(_server, "hub-b", isHub: true));
        Assert.Contains("Hub hub serves cluster hive already", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clusters_of_different_names_do_not_meet()
    {
        var logged = await TestNode.StartAsync(_server, "b", configure: options => options with { Cluster = "other", JoinTimeout = TimeSpan.FromMilliseconds(100) });
        await using (logged)
        {
            await Assert.ThrowsAnyAsync<OrleansException>(() => logged.Grains.GetGrain<IEcho>("hub/1").Where());
            Assert.Empty(_hub.Transport.Silos);
        }
    }

    [Fact]
    public async Task What_is_no_message_has_no_effect()
    {
        await using var silo = await TestNode.StartAsync(_server, "b");
        await _hub.SeesAsync(1);
        var subject = default(string);
        await using var heard = await _hub.Connection.SubscribeAsync("hive.hive.hub.announce", (in Hive.Nats.NatsMessageView message) =>
            subject = Announcement.Read(message.Payload.Span)?.Subject ?? subject);
        var random = new Random(7);
        while (subject is null) await _hub.Connection.FlushAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 2_000; i++)
        {
            var junk = new byte[random.Next(200)];
            random.NextBytes(junk);
            if (i % 2 == 0 && junk.Length > 2) (junk[0], junk[1]) = (1, (byte)random.Next(1, 7));
            await _hub.Connection.PublishAsync(i % 3 == 0 ? "hive.hive.hub.announce" : subject, junk, $"_INBOX.junk.{i % 5}");
        }

        await _hub.Connection.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal("b", await _hub.Grains.GetGrain<IEcho>("b/1").Where());
    }

    [Fact]
    public async Task A_hub_that_may_not_act_neither_calls_nor_answers()
    {
        var mayAct = true;
        await using var server = await NatsServer.StartAsync(cancellation: TestContext.Current.CancellationToken);
        await using var hub = await TestNode.StartAsync(server, "hub", isHub: true, configure: options => options with { MayAct = () => Volatile.Read(ref mayAct) });
        await using var silo = await TestNode.StartAsync(server, "b");
        await hub.SeesAsync(1);
        Assert.Equal("hub", await silo.Grains.GetGrain<IEcho>("hub/1").Where());
        Volatile.Write(ref mayAct, false);
        await Assert.ThrowsAnyAsync<OrleansException>(() => hub.Grains.GetGrain<IEcho>("b/1").Where());
        await silo.SeesAsync(0);
        await Assert.ThrowsAnyAsync<OrleansException>(() => silo.Grains.GetGrain<IEcho>("hub/1").Where());
    }

    [Fact]
    public async Task A_later_hub_takes_the_place_of_one_that_has_fallen_silent()
    {
        var mayAct = true;
        await using var server = await NatsServer.StartAsync(cancellation: TestContext.Current.CancellationToken);
        await using var first = await TestNode.StartAsync(server, "hub", isHub: true, configure: options => options with { Rank = 1, MayAct = () => Volatile.Read(ref mayAct) });
        await using var silo = await TestNode.StartAsync(server, "b");
        await first.SeesAsync(1);
        Volatile.Write(ref mayAct, false);
        await using var second = await TestNode.StartAsync(server, "hub-2", isHub: true, configure: options => options with { Rank = 2 });
        await second.SeesAsync(1);
        Assert.Equal("b", await second.Grains.GetGrain<IEcho>("b/1").Where());
        Assert.Equal("b", await second.Grains.GetGrain<IEcho>("hub-2/1").Ask("b/2"));
    }
}
