using Hive.Storage;
using Hive.Testing;

namespace Hive.Tests.Storage;

/// <summary>At most one hub has authority over a database, and the database refuses what any other writes.</summary>
[Collection(nameof(PostgresTests))]
public sealed class HubLeaseTests(PostgresFixture postgres)
{
    private static readonly HubLeaseTerms Short = new()
    {
        Duration = TimeSpan.FromSeconds(1.5),
        RenewalPeriod = TimeSpan.FromSeconds(0.3),
        SafetyMargin = TimeSpan.FromSeconds(0.3),
    };

    private static readonly HubLeaseTerms NeverRenewed = Short with { RenewalPeriod = TimeSpan.FromHours(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_hub_is_told_who_holds_the_lease_and_for_how_long()
    {
        var location = postgres.NewLocation();
        await using var first = await HiveDatabase.OpenAsync(location, cancellation: Cancellation);
        await using var second = await HiveDatabase.OpenAsync(location, cancellation: Cancellation);
        await using var lease = (await HubLease.TryAcquireAsync(first, "one", Cancellation)).Lease!;
        var refused = await HubLease.TryAcquireAsync(second, "two", Cancellation);
        Assert.True(lease.IsHeld);
        Assert.Null(refused.Lease);
        Assert.StartsWith("hub one, process", refused.Holder, StringComparison.Ordinal);
        Assert.InRange(refused.Remaining, TimeSpan.Zero, TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_lease_that_is_let_go_is_free_at_once_and_the_next_has_a_higher_epoch()
    {
        var location = postgres.NewLocation();
        await using var first = await HiveDatabase.OpenAsync(location, cancellation: Cancellation);
        await using var second = await HiveDatabase.OpenAsync(location, cancellation: Cancellation);
        var before = (await HubLease.TryAcquireAsync(first, "one", Cancellation)).Lease!;
        await before.DisposeAsync();
        await using var after = (await HubLease.TryAcquireAsync(second, "two", Cancellation)).Lease!;
        Assert.Equal(before.Epoch + 1, after.Epoch);
        Assert.False(before.IsHeld);
        await AssertRefusedAsync(first);
        await AppendAsync(second, 1);
    }

    [Fact]
    public async Task A_hub_that_does_not_renew_stops_by_itself_before_another_can_take_over_and_can_write_nothing_after_that()
    {
        var location = postgres.NewLocation();
        await using var first = await HiveDatabase.OpenAsync(location, cancellation: Cancellation);
        await using var second = await HiveDatabase.OpenAsync(location, cancellation: Cancellation);
        await using var stopped = (await HubLease.TryAcquireAsync(first, "stopped", Cancellation, NeverRenewed)).Lease!;
        await AppendAsync(first, 1);
        await using var next = await TakeOverAsync(second, () => Assert.False(stopped.IsHeld));
        await AssertRefusedAsync(first);
        await AppendAsync(second, 2);
        Assert.Equal([stopped.Epoch, next.Epoch], await LeasesOfEntriesAsync(second));
        await AssertNeverTwoActedAsync(second);
    }

    [Fact]
    public async Task A_lease_that_is_renewed_is_held_beyond_its_duration()
    {
        var location = postgres.NewLocation();
        await using var first = await HiveDatabase.OpenAsync(location, cancellation: Cancellation);
        await using var second = await HiveDatabase.OpenAsync(location, cancellation: Cancellation);
        await using var lease = (await HubLease.TryAcquireAsync(first, "one", Cancellation, Short)).Lease!;
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Short.Duration * 2)
        {
            Assert.Null((await HubLease.TryAcquireAsync(second, "two", Cancellation, Short)).Lease);
            await AppendAsync(first, 0);
        }

        Assert.True(lease.IsHeld);
    }

    [Fact]
    public async Task Of_many_hubs_that_ask_at_once_one_gets_the_lease()
    {
        var location = postgres.NewLocation();
        var databases = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => HiveDatabase.OpenAsync(location, cancellation: Cancellation)));
        var attempts = await Task.WhenAll(databases.Select(database => HubLease.TryAcquireAsync(database, "one of many", Cancellation)));
        Assert.Single(attempts, attempt => attempt.Lease is not null);
        foreach (var attempt in attempts.Where(attempt => attempt.Lease is not null)) await attempt.Lease!.DisposeAsync();
        foreach (var database in databases) await database.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_is_killed_for_longer_than_the_lease_costs_the_hub_its_authority_and_a_new_lease_follows()
    {
        await using var server = await PostgresServer.StartAsync(Cancellation);
        await using var database = await HiveDatabase.OpenAsync(server.Location, cancellation: Cancellation);
        await using (var lease = (await HubLease.TryAcquireAsync(database, "one", Cancellation, Short)).Lease!)
        {
            await server.KillAsync(Cancellation);
            await WaitForAsync(lease.Lost);
            Assert.False(lease.IsHeld);
            await server.StartAgainAsync(Cancellation);
        }

        await using var next = await TakeOverAsync(database, () => { });
        await AppendAsync(database, 1);
    }

    [Fact]
    public async Task A_restart_of_the_server_that_is_shorter_than_the_lease_is_waited_out()
    {
        await using var server = await PostgresServer.StartAsync(Cancellation);
        await using var database = await HiveDatabase.OpenAsync(server.Location, cancellation: Cancellation);
        await using var lease = (await HubLease.TryAcquireAsync(database, "one", Cancellation)).Lease!;
        await server.KillAsync(Cancellation);
        await server.StartAgainAsync(Cancellation);
        await AppendAsync(database, 1);
        Assert.True(lease.IsHeld);
    }

    [Fact]
    public async Task The_lease_on_a_file_is_free_once_it_is_let_go()
    {
        var directory = TemporaryDirectory.Create("hive-lease");
        try
        {
            var file = Path.Combine(directory, "hive.db");
            await using var first = await HiveDatabase.OpenAsync(file, cancellation: Cancellation);
            await using var second = await HiveDatabase.OpenAsync(file, cancellation: Cancellation);
            await using (var lease = (await HubLease.TryAcquireAsync(first, "one", Cancellation)).Lease!)
            {
                Assert.Null((await HubLease.TryAcquireAsync(second, "two", Cancellation)).Lease);
                await AppendAsync(first, 1);
            }

            await using var next = (await HubLease.TryAcquireAsync(second, "two", Cancellation)).Lease!;
            await AssertRefusedAsync(first);
            await AppendAsync(second, 2);
            await AssertNeverTwoActedAsync(second);
        }
        finally
        {
            TemporaryDirectory.Delete(directory);
        }
    }

    private static async Task<HubLease> TakeOverAsync(HiveDatabase database, Action whenTaken)
    {
        while (true)
        {
            if ((await HubLease.TryAcquireAsync(database, "next", Cancellation, Short)).Lease is { } lease)
            {
                whenTaken();
                return lease;
            }
        }
    }

    private static Task AppendAsync(HiveDatabase database, long sequence) => new DatabaseGoalLog(database).AppendAsync(
        "goal",
        sequence == 0 ? [] : [new LogEntry(sequence, DateTimeOffset.UnixEpoch, "test", "{}"u8.ToArray())],
        new GoalSummary("goal", "test", "Exploring", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "{}"u8.ToArray()),
        Cancellation);

    private static async Task AssertRefusedAsync(HiveDatabase database) =>
        Assert.Equal(StorageFault.LeaseLost, (await Assert.ThrowsAsync<StorageException>(() => AppendAsync(database, 1))).Fault);

    private static async Task<List<long>> LeasesOfEntriesAsync(HiveDatabase database) => await database.ReadAsync(
        (session, token) => session.QueryAsync("SELECT lease FROM goal_log ORDER BY sequence", row => row.GetInt64(0), token), Cancellation);

    private static async Task AssertNeverTwoActedAsync(HiveDatabase database)
    {
        var tenures = await database.ReadAsync(
            (session, token) => session.QueryAsync("SELECT taken_at, written_at FROM hub_lease ORDER BY epoch", row => (Taken: row.GetInt64(0), Written: row.GetInt64(1)), token),
            Cancellation);
        Assert.All(tenures.Zip(tenures.Skip(1)), pair => Assert.True(pair.First.Written <= pair.Second.Taken));
    }

    private static async Task WaitForAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (token.Register(cancelled.SetResult)) await cancelled.Task.WaitAsync(Cancellation);
    }
}
