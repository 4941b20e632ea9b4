using System.Globalization;
using Hive.Storage;
using Hive.Testing;

namespace Hive.Tests.Storage;

public sealed class FileGoalLockTests : GoalLockContract, IDisposable
{
    private readonly string _directory = TemporaryDirectory.Create("hive-lock");

    public void Dispose() => TemporaryDirectory.Delete(_directory);

    protected override string Location => Path.Combine(_directory, "hive.db");
}

[Collection(nameof(PostgresTests))]
public sealed class PostgresGoalLockTests(PostgresFixture postgres) : GoalLockContract
{
    protected override string Location { get; } = postgres.NewLocation();

    [Fact]
    public async Task A_lock_whose_server_is_gone_says_that_it_is_lost()
    {
        await using var server = await PostgresServer.StartAsync(Cancellation);
        await using var database = await HiveDatabase.OpenAsync(server.Location, cancellation: Cancellation);
        await using var locks = GoalLocks.Of(database);
        await using var held = await locks.TryAcquireAsync("goal", Cancellation);
        var lost = new TaskCompletionSource();
        await using var registration = held.Lost.Register(lost.SetResult);
        await server.KillAsync(Cancellation);
        await lost.Task.WaitAsync(Cancellation);
        Assert.False(held.IsHeld);
        await server.StartAgainAsync(Cancellation);
        await using var again = await locks.TryAcquireAsync("goal", Cancellation);
        Assert.True(again.IsHeld);
    }

    [Fact]
    public async Task A_hub_takes_the_goals_of_a_hub_whose_lease_is_over_though_that_one_still_has_its_connections()
    {
        var terms = new HubLeaseTerms { Duration = TimeSpan.FromSeconds(0.5), RenewalPeriod = TimeSpan.FromHours(1), SafetyMargin = TimeSpan.FromSeconds(0.1) };
        var location = postgres.NewLocation();
        await using var stopped = await HiveDatabase.OpenAsync(location, cancellation: Cancellation);
        await using var next = await HiveDatabase.OpenAsync(location, cancellation: Cancellation);
        await using var before = (await HubLease.TryAcquireAsync(stopped, "stopped", Cancellation, terms)).Lease!;
        await using var locksBefore = GoalLocks.Of(stopped);
        await using var held = await locksBefore.TryAcquireAsync("goal-0", Cancellation);
        await using var locks = GoalLocks.Of(next);
        await using (var refused = await locks.TryAcquireAsync("goal-0", Cancellation))
        {
            // Without a lease of its own a process respects whoever has the lock.
            Assert.Contains($"lease {before.Epoch} of", refused.Holder!, StringComparison.Ordinal);
        }

        await using var lease = await TakeOverAsync(next, terms);
        await using var taken = await TakeAsync(locks);
        Assert.True(taken.IsHeld);
    }

    private static async Task<HubLease> TakeOverAsync(HiveDatabase database, HubLeaseTerms terms)
    {
        while (true)
        {
            if ((await HubLease.TryAcquireAsync(database, "next", Cancellation, terms)).Lease is { } lease)
            {
                return lease;
            }
        }
    }
}

/// <summary>What the locks of goals promise, with files and with a server.</summary>
public abstract class GoalLockContract : IAsyncLifetime
{
    private HiveDatabase _database = null!;

    private HiveDatabase _other = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract string Location { get; }

    public async ValueTask InitializeAsync()
    {
        _database = await HiveDatabase.OpenAsync(Location, cancellation: Cancellation);
        _other = await HiveDatabase.OpenAsync(Location, cancellation: Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _other.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_goal_is_locked_once_and_the_second_is_told_by_whom()
    {
        await using var locks = GoalLocks.Of(_database);
        await using var others = GoalLocks.Of(_other);
        await using var held = await locks.TryAcquireAsync("goal", Cancellation);
        Assert.True(held.IsHeld);
        foreach (var refusing in new[] { locks, others })
        {
            await using var refused = await refusing.TryAcquireAsync("goal", Cancellation);
            Assert.False(refused.IsHeld);
            Assert.Matches($"this process|{Environment.MachineName}.*{Environment.ProcessId}|{Environment.ProcessId}.*{Environment.MachineName}", refused.Holder);
        }
    }

    [Fact]
    public async Task A_lock_that_was_let_go_can_be_taken_by_another()
    {
        await using var locks = GoalLocks.Of(_database);
        await using var others = GoalLocks.Of(_other);
        var held = await locks.TryAcquireAsync("goal", Cancellation);
        await held.DisposeAsync();
        Assert.False(held.IsHeld);
        await using var taken = await others.TryAcquireAsync("goal", Cancellation);
        Assert.True(taken.IsHeld);
    }

    [Fact]
    public async Task Locks_of_different_goals_do_not_touch_each_other()
    {
        await using var locks = GoalLocks.Of(_database);
        await using var first = await locks.TryAcquireAsync("first", Cancellation);
        await using var second = await locks.TryAcquireAsync("second", Cancellation);
        Assert.True(first.IsHeld && second.IsHeld);
    }

    [Fact]
    public async Task Of_many_that_try_at_once_exactly_one_has_the_lock()
    {
        await using var locks = GoalLocks.Of(_database);
        await using var others = GoalLocks.Of(_other);
        var tries = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? locks : others).TryAcquireAsync("goal", Cancellation))));
        Assert.Single(tries, tried => tried.IsHeld);
        foreach (var tried in tries)
        {
            await tried.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_process_that_is_killed_lets_its_lock_go()
    {
        await using var locks = GoalLocks.Of(_database);
        await using var child = ChildProcess.Start("Hive.CrashWriter.dll", Location, "1", "lock");
        Assert.Equal("held", await child.ReadLinesAsync(Cancellation).FirstAsync(Cancellation));
        await using var refused = await locks.TryAcquireAsync("goal-0", Cancellation);
        Assert.False(refused.IsHeld);
        Assert.Contains(child.Id.ToString(CultureInfo.InvariantCulture), refused.Holder!, StringComparison.Ordinal);
        await child.DisposeAsync();
        await using var taken = await TakeAsync(locks);
        Assert.True(taken.IsHeld);
    }

    [Fact]
    public async Task An_id_that_would_lead_out_of_the_directory_is_refused()
    {
        await using var locks = GoalLocks.Of(_database);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => locks.TryAcquireAsync("../goal", Cancellation));
    }

    /// <summary>The kernel has let go when the process is gone; a server when it has noticed, so it is asked until then.</summary>
    protected static async Task<GoalLock> TakeAsync(GoalLocks locks)
    {
        while (true)
        {
            var tried = await locks.TryAcquireAsync("goal-0", Cancellation);
            if (tried.IsHeld)
            {
                return tried;
            }
        }
    }
}
