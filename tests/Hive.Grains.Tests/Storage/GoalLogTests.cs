using Hive.Storage;
using Hive.Testing;

namespace Hive.Tests.Storage;

public sealed class MemoryGoalLogTests : GoalLogContract
{
    [Fact]
    public async Task A_log_in_memory_refuses_more_than_its_bound_and_keeps_what_it_has()
    {
        await using var log = new MemoryGoalLog(maximumBytes: 100);
        await log.AppendAsync("goal", [Entry(1) with { Body = new byte[90] }], null, Cancellation);
        var refused = await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync("goal", [Entry(2)], null, Cancellation));
        Assert.Equal(StorageFault.Full, refused.Fault);
        Assert.Single(await log.ReadAsync("goal", 0, Cancellation).ToListAsync(Cancellation));
    }

    protected override ValueTask<IGoalLog> OpenAsync() => ValueTask.FromResult<IGoalLog>(new MemoryGoalLog());

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}

public sealed class SqliteGoalLogTests : DatabaseGoalLogContract, IDisposable
{
    private readonly string _directory = TemporaryDirectory.Create("hive-storage");

    public void Dispose() => TemporaryDirectory.Delete(_directory);

    protected override string Location => Path.Combine(_directory, "hive.db");
}

[Collection(nameof(PostgresTests))]
public sealed class PostgresGoalLogTests(PostgresFixture postgres) : DatabaseGoalLogContract
{
    protected override string Location { get; } = postgres.NewLocation();
}

/// <summary>What a log in a database promises beside the contract: it outlives its process and is shared by several.</summary>
public abstract class DatabaseGoalLogContract : GoalLogContract
{
    private HiveDatabase _database = null!;

    protected abstract string Location { get; }

    [Fact]
    public async Task What_was_acknowledged_is_there_when_the_database_is_opened_again()
    {
        await Log.AppendAsync("kept", [Entry(1), Entry(2)], Summary("kept"), Cancellation);
        await Log.RequestAsync("kept", "cancel", default, Cancellation);
        await _database.DisposeAsync();
        await using var again = await HiveDatabase.OpenAsync(Location, cancellation: Cancellation);
        var log = new DatabaseGoalLog(again);
        Assert.Equal([1, 2], await log.ReadAsync("kept", 0, Cancellation).Select(entry => entry.Sequence).ToListAsync(Cancellation));
        Assert.Equal("Exploring", (await log.FindAsync("kept", Cancellation))!.State);
        Assert.Single(await log.TakeRequestsAsync("kept", Cancellation));
        await log.AppendAsync("kept", [Entry(3)], null, Cancellation);
    }

    [Fact]
    public async Task Two_writers_on_one_database_see_each_other_and_never_write_the_same_sequence()
    {
        await using var second = await HiveDatabase.OpenAsync(Location, cancellation: Cancellation);
        IGoalLog[] logs = [Log, new DatabaseGoalLog(second)];
        var won = 0;
        for (var sequence = 1; sequence <= 50; sequence++)
        {
            var here = sequence;
            foreach (var append in logs.Select((log, i) => Task.Run(() => log.AppendAsync("shared", [Entry(here, $"writer{i}")], null, Cancellation))).ToArray())
            {
                try
                {
                    await append;
                    won++;
                }
                catch (InconsistentLogException)
                {
                }
            }
        }

        Assert.Equal(50, won);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), await SequencesAsync("shared"));
    }

    [Fact]
    public async Task Requests_reach_a_goal_from_another_process_and_each_is_taken_by_one_taker_only()
    {
        await using var second = await HiveDatabase.OpenAsync(Location, cancellation: Cancellation);
        IGoalLog[] logs = [Log, new DatabaseGoalLog(second)];
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => logs[i % 2].RequestAsync("shared", $"request{i}", default, Cancellation))));
        var taken = await Task.WhenAll(logs.Select(log => Task.Run(() => log.TakeRequestsAsync("shared", Cancellation))));
        Assert.Equal(
            Enumerable.Range(0, 60).Select(i => $"request{i}").Order(StringComparer.Ordinal),
            taken.SelectMany(requests => requests).Select(request => request.Kind).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_write_that_its_own_code_refuses_fails_alone_among_those_that_arrive_with_it()
    {
        var writes = Enumerable.Range(0, 20).Select(i => _database.WriteAsync(
            (session, token) => i == 7
                ? throw new FormatException("seven")
                : session.ExecuteAsync(
                    "INSERT INTO grain_state (grain, name, version) VALUES (@grain, 'state', 1)", token, ("@grain", $"grain{i}")),
            0,
            Cancellation)).ToArray();
        await Assert.ThrowsAsync<FormatException>(() => writes[7]);
        for (var i = 0; i < writes.Length; i++)
        {
            if (i != 7)
            {
                Assert.Equal(1, await writes[i]);
            }
        }
    }

    [Fact]
    public async Task More_than_the_queue_takes_is_refused_and_says_so()
    {
        await using var small = await HiveDatabase.OpenAsync(Location, new HiveDatabaseOptions { WaitingWrites = 3 }, cancellation: Cancellation);
        using var entered = new SemaphoreSlim(0);
        var leave = new TaskCompletionSource();
        var running = small.WriteAsync(
            async (_, _) =>
            {
                entered.Release();
                await leave.Task;
                return 0;
            },
            0,
            Cancellation);
        await entered.WaitAsync(Cancellation);
        var log = new DatabaseGoalLog(small);
        var waiting = Enumerable.Range(1, 3).Select(i => log.AppendAsync("busy", [Entry(i)], null, Cancellation)).ToArray();
        var refused = await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync("busy", [Entry(4)], null, Cancellation));
        Assert.Equal(StorageFault.Overloaded, refused.Fault);
        leave.SetResult();
        await running;
        await Task.WhenAll(waiting);
        Assert.Equal(3, (await SequencesAsync("busy")).Length);
    }

    [Fact]
    public async Task An_append_is_withdrawn_as_long_as_its_transaction_has_not_begun()
    {
        using var entered = new SemaphoreSlim(0);
        var leave = new TaskCompletionSource();
        var running = _database.WriteAsync(
            async (_, _) =>
            {
                entered.Release();
                await leave.Task;
                return 0;
            },
            0,
            Cancellation);
        await entered.WaitAsync(Cancellation);
        using var withdrawn = new CancellationTokenSource();
        var append = Log.AppendAsync("withdrawn", [Entry(1, "first")], null, withdrawn.Token);
        await withdrawn.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
        leave.SetResult();
        await running;
        await Log.AppendAsync("withdrawn", [Entry(1, "second")], null, Cancellation);
        Assert.Equal("second", (await ReadAsync("withdrawn")).Single().Kind);
    }

    [Fact]
    public async Task A_database_of_a_newer_schema_is_refused_and_says_so()
    {
        await _database.WriteAsync(
            (session, token) => session.ExecuteAsync("INSERT INTO schema_version (version, name, applied_at) VALUES (999, 'later', 0)", token), 0, Cancellation);
        var refused = await Assert.ThrowsAsync<StorageException>(() => HiveDatabase.OpenAsync(Location, cancellation: Cancellation));
        Assert.Equal(StorageFault.NewerSchema, refused.Fault);
        Assert.Contains("999", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_starters_at_once_make_one_schema()
    {
        var location = Location.Contains("://", StringComparison.Ordinal) ? Location + "new" : Location + ".new";
        var databases = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => HiveDatabase.OpenAsync(location, cancellation: Cancellation))));
        var versions = await databases[0].ReadAsync(
            (session, token) => session.QueryAsync("SELECT version FROM schema_version", row => row.GetInt64(0), token), Cancellation);
        Assert.Equal(versions.Distinct(), versions);
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_opened_for_reading_reads_and_refuses_to_write()
    {
        await Log.AppendAsync("read", [Entry(1)], Summary("read"), Cancellation);
        await using var readOnly = await HiveDatabase.OpenAsync(Location, new HiveDatabaseOptions { ReadOnly = true }, cancellation: Cancellation);
        var log = new DatabaseGoalLog(readOnly);
        Assert.Single(await log.ReadAsync("read", 0, Cancellation).ToListAsync(Cancellation));
        var refused = await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync("read", [Entry(2)], null, Cancellation));
        Assert.Equal(StorageFault.NotWritable, refused.Fault);
    }

    protected override async ValueTask<IGoalLog> OpenAsync()
    {
        _database = await HiveDatabase.OpenAsync(Location, cancellation: Cancellation);
        return new DatabaseGoalLog(_database);
    }

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}
