using System.Buffers.Binary;
using System.Text;
using Hive.Client.Grid;
using Hive.Goals;
using Hive.Nats;
using Hive.Storage;
using Hive.Testing;

namespace Hive.Silo.Tests.Grid;

/// <summary>A live grid with one hub and one silo, for tests that do it no lasting harm.</summary>
public sealed class FaultGrid : IAsyncLifetime
{
    internal TestGrid Grid { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Grid = await TestGrid.StartAsync(["hub-a"], [("silo-a", "worker")]);

    public ValueTask DisposeAsync() => Grid.DisposeAsync();
}

/// <summary>What goes wrong between a grid and its surroundings is told in one clear line, or has no effect; nobody crashes or hangs.</summary>
public sealed class GridFaultTests(FaultGrid fixture) : IClassFixture<FaultGrid>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TestGrid Grid => fixture.Grid;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_hub_on_a_database_is_told_who_serves_it_and_of_standby()
    {
        await RefusedAsync(["hub", "--name", "hub-b", "--database", Grid.Database.Location, "--nats", Grid.Nats.Location], "hub hub-a", "is the hub of", "--standby");
        await AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_second_hub_of_a_cluster_with_a_database_of_its_own_is_told_who_serves_the_cluster()
    {
        await RefusedAsync(["hub", "--name", "hub-b", "--data", "other", "--nats", Grid.Nats.Location], "Hub hub-a serves cluster hive already", "--cluster");
        await AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_second_silo_of_a_name_is_told_so()
    {
        await RefusedAsync(["silo", "--name", "silo-a", "--nats", Grid.Nats.Location], "Hub hub-a does not take silo silo-a in", "another silo of the name silo-a is here", "--name");
        await AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("hub", "--data", "hub")]
    [InlineData("silo", "--name", "b")]
    [InlineData("silo", "list")]
    public async Task A_server_that_is_not_there_is_told_with_its_address(params string[] command)
    {
        var nowhere = $"nats://127.0.0.1:{Loopback.FreePort()}";
        await RefusedAsync([.. command, "--nats", nowhere], nowhere["nats://".Length..]);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_told_with_its_address()
    {
        var nowhere = $"127.0.0.1:{Loopback.FreePort()}";
        await RefusedAsync(["hub", "--database", $"postgres://hive:secret@{nowhere}/hive", "--nats", Grid.Nats.Location, "--cluster", "other"], nowhere, "does not answer");
    }

    [Theory]
    [InlineData("hub", "hub", "--data", "hub")]
    [InlineData("silo", "silo", "--name", "b")]
    [InlineData("client", "silo", "list")]
    public async Task A_wrong_password_is_told_as_such(string user, params string[] command)
    {
        await using var guarded = await GuardedServer.StartAsync();
        await RefusedAsync([.. command, "--nats", guarded.Server.Location], new Dictionary<string, string?> { ["HIVE_NATS_USER"] = user, ["HIVE_NATS_PASSWORD"] = "wrong" }, guarded.Server.Location, "Authorization Violation", "HIVE_NATS_PASSWORD_FILE");
    }

    [Fact]
    public async Task A_silo_whose_user_has_no_place_in_a_cluster_is_told_that_it_may_not_join()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var silo = guarded.Grid("silo");
        await RefusedAsync(
            ["silo", "--name", "b", "--cluster", "other", "--nats", guarded.Server.Location],
            new Dictionary<string, string?> { ["HIVE_NATS_USER"] = silo.User, ["HIVE_NATS_PASSWORD"] = silo.Password },
            "may not join the grid",
            "docs/grid.md");
    }

    [Fact]
    public async Task A_silo_of_a_cluster_without_a_hub_says_so_and_waits_for_one()
    {
        await using var silo = HiveProcess.Start(_folder.Path, _ => false, "silo", "--name", "lonely", "--cluster", "other", "--nats", Grid.Nats.Location);
        await silo.WaitForLineAsync("looks for a hub of cluster other; none answers");
        await silo.WaitForLineAsync("is up");
        silo.Interrupt();
        Assert.Equal(0, (await silo.EndAsync()).Status);
        Assert.DoesNotContain("lonely", (await Grid.AnnouncedAsync()).Select(announced => announced.Name));
    }

    [Fact]
    public async Task A_client_of_a_cluster_without_a_hub_is_told_where_it_looked_and_for_whom()
    {
        await using var client = await GridHive.ConnectAsync(new GridOptions { Server = Grid.Nats.Location, Cluster = "other" }, TimeSpan.FromSeconds(0.2), cancellation: Cancellation);
        var refused = await Assert.ThrowsAsync<GridUnavailableException>(() => client.ListAsync(cancellation: Cancellation));
        Assert.Contains("no hub of grid 'other'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("check the grid's name", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clocks_that_disagree_by_a_minute_change_nothing_about_who_is_the_hub()
    {
        var location = $"{Grid.Database.Location}?Search Path=skew";
        var terms = new HubLeaseTerms { Duration = TimeSpan.FromSeconds(1.5), RenewalPeriod = TimeSpan.FromHours(1), SafetyMargin = TimeSpan.FromSeconds(0.3) };
        await using var ahead = await HiveDatabase.OpenAsync(location, null, new SkewedTime(TimeSpan.FromMinutes(1)), Cancellation);
        await using var behind = await HiveDatabase.OpenAsync(location, null, new SkewedTime(TimeSpan.FromMinutes(-1)), Cancellation);
        for (var (holder, other, turn) = (ahead, behind, 0); turn < 4; (holder, other, turn) = (other, holder, turn + 1))
        {
            await using var lease = await TakeAsync(holder, terms, () => { });

            // Never renewed: the other gets it once it has run out by the database's clock, and by then this one has stopped by its own monotonic clock.
            await using var next = await TakeAsync(other, terms, () => Assert.False(lease.IsHeld));
            Assert.Equal(lease.Epoch + 1, next.Epoch);
        }
    }

    [Fact]
    public async Task What_is_no_message_has_no_effect_on_any_subject()
    {
        await using var stranger = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [Grid.Nats.Location], Name = "stranger" }, Cancellation);
        await using var all = await stranger.SubscribeAsync(">", capacity: 65_536, cancellation: Cancellation);
        await stranger.FlushAsync(Cancellation);

        // A goal makes hub and silo use all of their subjects, the inboxes among them.
        await RunGoalAsync("before");
        var subjects = new HashSet<string>(["hive.hive.announce.hub", "hive.hive.hub.announce", "hive.hive.bus.leaderboard", "hive.hive.api.admin.nonsense", "hive.hive.api.admin.watch"]);
        while (all.Messages.TryRead(out var message))
        {
            subjects.Add(message.Subject);
        }

        Assert.Contains(subjects, subject => subject.StartsWith("hive.hive.silo.", StringComparison.Ordinal));
        foreach (var subject in subjects)
        {
            foreach (var junk in Junk())
            {
                await stranger.PublishAsync(subject, junk, cancellation: Cancellation);
                await stranger.PublishAsync(subject, junk, replyTo: $"{stranger.Inbox}.junk", cancellation: Cancellation);
            }
        }

        await stranger.FlushAsync(Cancellation);
        await AssertUnharmedAsync();
    }

    [Fact]
    public async Task An_answer_that_is_none_costs_the_attempt_another_try_and_nothing_else()
    {
        await using var stranger = await ForgeAsync(_ => [0xff, 0xff, 0xff, 0xff]);
        await RunGoalAsync("forged");
        Assert.InRange(stranger.Forged, 1, Forger.Most);
        await AssertUnharmedAsync();
    }

    [Fact]
    public async Task The_answer_to_another_attempt_does_not_count_and_the_log_says_so()
    {
        await using var stranger = await ForgeAsync(heard => heard);
        var log = await RunGoalAsync("replayed");
        Assert.InRange(stranger.Forged, 1, Forger.Most);
        Assert.Contains(log, entry => entry.Kind == "answer-ignored");
        await AssertUnharmedAsync();
    }

    private async Task<Forger> ForgeAsync(Func<byte[]?, byte[]?> forge)
    {
        var connection = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [Grid.Nats.Location], Name = "forger" }, Cancellation);
        var forger = new Forger(connection, forge);
        await connection.SubscribeAsync("hive.hive.silo.>", forger.Answer, cancellation: Cancellation);
        await connection.SubscribeAsync("_INBOX.>", forger.Hear, cancellation: Cancellation);
        await connection.FlushAsync(Cancellation);
        return forger;
    }

    private static async Task<HubLease> TakeAsync(HiveDatabase database, HubLeaseTerms terms, Action whenTaken)
    {
        while (true)
        {
            if ((await HubLease.TryAcquireAsync(database, "skewed", Cancellation, terms)).Lease is { } lease)
            {
                whenTaken();
                return lease;
            }
        }
    }

    private static IEnumerable<byte[]> Junk()
    {
        yield return [];
        yield return "{}"u8.ToArray();
        yield return "[null]"u8.ToArray();
        yield return """{"version":1,"incarnation":"x","name":7}"""u8.ToArray();
        yield return Encoding.UTF8.GetBytes(new string('[', 20_000));
        yield return Encoding.UTF8.GetBytes(new string('x', 100_000));
        for (byte kind = 0; kind < 8; kind++)
        {
            var message = new byte[200];
            new Random(kind).NextBytes(message);
            (message[0], message[1]) = (1, kind);
            BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(2), kind);
            yield return message;
        }
    }

    private Task RefusedAsync(string[] command, params string[] told) => RefusedAsync(command, [], told);

    /// <summary>The command ends with 4 and one line that says all that it must.</summary>
    private async Task RefusedAsync(string[] command, Dictionary<string, string?> environment, params string[] told)
    {
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, environment, command);
        Assert.True(status == 4, $"{status}: {error}");
        Assert.Empty(output);
        var line = Assert.Single(error.Split(Environment.NewLine), line => line.StartsWith("hive: ", StringComparison.Ordinal));
        Assert.All(told, words => Assert.Contains(words, line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private async Task AssertUnharmedAsync()
    {
        await RunGoalAsync($"after-{Guid.NewGuid():N}");
        Assert.All((string[])["hub-a", "silo-a"], name => Assert.False(Grid.Process(name).HasExited, Grid.Describe()));
        await Grid.UntilHereAsync(["silo-a"]);
    }

    private async Task<LoggedEntry[]> RunGoalAsync(string id)
    {
        const int Evaluations = 480;
        var spec = GoalFile.Parse($$"""
            { "objective": "Find the lowest point beside a stranger",
              "check": { "metric": { "name": "loss", "direction": "minimize", "evaluator": { "builtin": "latency", "milliseconds": 5 } } },
              "space": { "x": { "vector": { "length": 3, "of": { "real": [-5, 5] } } } },
              "budget": { "evaluations": {{Evaluations}}, "rounds": 4 }, "agents": 12 }
            """);
        await Grid.Hive.SubmitAsync(spec, id, Cancellation);
        Assert.Equal(GoalState.Done, (await Grid.Hive.WaitAsync(id, Cancellation)).State);
        return await GridChecker.CheckAsync(Grid, id, Evaluations, []);
    }

    /// <summary>
    /// One who hears everything on an open server and answers the hub's first calls in the silo's stead, faster than that. An answer is: version 1, kind 4, the call's number, what it returns.
    /// </summary>
    private sealed class Forger(NatsConnection connection, Func<byte[]?, byte[]?> forge) : IAsyncDisposable
    {
        public const int Most = 3;

        private const int HeadSize = 10;

        /// <summary>What an attempt returns names its agent and its candidates; what silos are told by the hub is shorter.</summary>
        private const int LeastOfAttempt = 100;

        private const byte Call = 1;
        private const byte Result = 4;

        private volatile byte[]? _heard;
        private int _forged;

        public int Forged => Math.Min(Most, Volatile.Read(ref _forged));

        public void Hear(in NatsMessageView message)
        {
            if (message.Payload.Length > LeastOfAttempt && message.Payload.Span[1] == Result)
            {
                _heard = message.Payload[HeadSize..].ToArray();
            }
        }

        public void Answer(in NatsMessageView message)
        {
            if (message.Payload.Length > HeadSize && message.Payload.Span[1] == Call && forge(_heard) is { } answer && Interlocked.Increment(ref _forged) <= Most)
            {
                connection.TryPublish(new NatsSubject(message.ReplyTo), [1, Result, .. message.Payload.Span[2..HeadSize], .. answer]);
            }
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }

    /// <summary>A machine whose clock on the wall is wrong; its monotonic clock runs as any.</summary>
    private sealed class SkewedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
