using System.Text;
using Hive.Storage;
using Hive.Testing;
using Microsoft.Data.Sqlite;

namespace Hive.Tests.Storage;

/// <summary>What can be wrong with a file: each gets one clear error, and what was recorded before stays.</summary>
public sealed class SqliteFaultTests : IDisposable
{
    private static readonly HiveDatabaseOptions Impatient = new() { LockTimeout = TimeSpan.FromMilliseconds(50) };

    private readonly string _directory = TemporaryDirectory.Create("hive-faults");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string DatabasePath => Path.Combine(_directory, "hive.db");

    public void Dispose() => TemporaryDirectory.Delete(_directory);

    [Fact]
    public async Task A_file_that_another_process_holds_is_reported_as_locked_and_can_be_opened_once_it_is_free()
    {
        await RecordAsync(goals: 1, entries: 10);
        await using (var other = await ConnectAsync())
        {
            await RunAsync(other, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE");
            await AssertRefusedAsync(StorageFault.Locked, DatabasePath, Impatient);
        }

        Assert.Equal(10, await CountAsync("goal-0"));
    }

    [Fact]
    public async Task An_append_that_meets_a_lock_fails_alone_reads_go_on_and_so_do_appends_once_it_is_free()
    {
        await using var database = await HiveDatabase.OpenAsync(DatabasePath, Impatient, cancellation: Cancellation);
        var log = new DatabaseGoalLog(database);
        await log.AppendAsync("goal", [Entry("goal", 1)], null, Cancellation);
        await using (var other = await ConnectAsync())
        {
            await RunAsync(other, "BEGIN IMMEDIATE");
            var refused = await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync("goal", [Entry("goal", 2)], null, Cancellation));
            Assert.Equal(StorageFault.Locked, refused.Fault);
            Assert.Contains(DatabasePath, refused.Message, StringComparison.Ordinal);
            Assert.Single(await log.ReadAsync("goal", 0, Cancellation).ToListAsync(Cancellation));
        }

        await log.AppendAsync("goal", [Entry("goal", 2)], null, Cancellation);
    }

    [Fact]
    public async Task A_full_disk_refuses_the_append_keeps_what_was_recorded_and_goes_on_once_there_is_room()
    {
        await using var database = await HiveDatabase.OpenAsync(DatabasePath, cancellation: Cancellation);
        var log = new DatabaseGoalLog(database);
        await LimitPagesAsync(database, 200);
        var recorded = 0L;
        var refused = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            for (; ; recorded++)
            {
                await log.AppendAsync("goal", [Entry("goal", recorded + 1) with { Body = new byte[8_000] }], null, Cancellation);
            }
        });
        Assert.Equal(StorageFault.Full, refused.Fault);
        Assert.InRange(recorded, 1, 200);
        Assert.Equal(recorded, await log.ReadAsync("goal", 0, Cancellation).CountAsync(Cancellation));

        await LimitPagesAsync(database, 100_000);
        await log.AppendAsync("goal", [Entry("goal", recorded + 1)], null, Cancellation);
    }

    [Fact]
    public async Task A_damaged_file_is_refused_for_writing_and_what_is_on_intact_pages_is_still_read()
    {
        const int Goals = 40;
        const int Entries = 200;
        await RecordAsync(Goals, Entries);
        Damage(DatabasePath, from: 0.7);
        var refused = await AssertRefusedAsync(StorageFault.Corrupt, DatabasePath);
        Assert.Contains(".recover", refused.Message, StringComparison.Ordinal);

        await using var database = await HiveDatabase.OpenAsync(DatabasePath, new HiveDatabaseOptions { ReadOnly = true }, cancellation: Cancellation);
        var log = new DatabaseGoalLog(database);
        var (intact, read) = (0, 0);
        for (var goal = 0; goal < Goals; goal++)
        {
            var entries = await ReadUntilDamageAsync(log, $"goal-{goal}");
            Assert.All(entries, (entry, i) => Assert.Equal(Entry($"goal-{goal}", i + 1).Body.ToArray(), entry.Body.ToArray()));
            intact += entries.Count == Entries ? 1 : 0;
            read += entries.Count;
        }

        Assert.InRange(intact, 1, Goals - 1);
        Assert.InRange(read, Goals * Entries / 4, (Goals * Entries) - 1);
    }

    [Fact]
    public async Task A_file_too_large_to_be_checked_when_it_is_opened_reports_its_damage_when_it_is_met()
    {
        await RecordAsync(goals: 40, entries: 200);
        Damage(DatabasePath, from: 0.7);
        await using var database = await HiveDatabase.OpenAsync(DatabasePath, new HiveDatabaseOptions { CheckedBytes = 0 }, cancellation: Cancellation);
        var log = new DatabaseGoalLog(database);
        var reached = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            for (var goal = 0; goal < 40; goal++)
            {
                await log.ReadAsync($"goal-{goal}", 0, Cancellation).CountAsync(Cancellation);
            }
        });
        Assert.Equal(StorageFault.Corrupt, reached.Fault);
    }

    [Fact]
    public async Task A_file_that_was_cut_short_is_reported_as_damaged()
    {
        await RecordAsync(goals: 4, entries: 500);
        await using (var file = new FileStream(DatabasePath, FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }

        await AssertRefusedAsync(StorageFault.Corrupt, DatabasePath);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("my thesis ", 1_000)));
        await File.WriteAllBytesAsync(DatabasePath, text, Cancellation);
        await AssertRefusedAsync(StorageFault.NotAHiveDatabase, DatabasePath);
        Assert.Equal(text, await File.ReadAllBytesAsync(DatabasePath, Cancellation));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_left_as_it_is()
    {
        await using (var other = await ConnectAsync())
        {
            await RunAsync(other, "CREATE TABLE bookmarks (url TEXT)");
        }

        var before = await File.ReadAllBytesAsync(DatabasePath, Cancellation);
        await AssertRefusedAsync(StorageFault.NotAHiveDatabase, DatabasePath);
        await AssertRefusedAsync(StorageFault.NotAHiveDatabase, DatabasePath, new HiveDatabaseOptions { ReadOnly = true });
        Assert.Equal(before, await File.ReadAllBytesAsync(DatabasePath, Cancellation));
    }

    [Fact]
    public async Task An_empty_file_becomes_a_database()
    {
        await File.WriteAllBytesAsync(DatabasePath, [], Cancellation);
        await RecordAsync(goals: 1, entries: 1);
        Assert.Equal(1, await CountAsync("goal-0"));
    }

    [Theory]
    [InlineData("/dev/null/hive.db")]
    [InlineData("/proc/hive/hive.db")]
    [InlineData("/tmp")]
    public async Task A_path_that_cannot_be_written_is_refused(string path) => await AssertRefusedAsync(StorageFault.NotWritable, path);

    [Fact]
    public async Task Reading_a_database_that_is_not_there_says_so_and_creates_nothing()
    {
        await AssertRefusedAsync(StorageFault.NotWritable, DatabasePath, new HiveDatabaseOptions { ReadOnly = true });
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mysql://user@host/db")]
    [InlineData("postgres://")]
    [InlineData("Host=localhost;Colour=blue")]
    [InlineData("Host=localhost;Port=http")]
    public async Task A_location_that_means_nothing_is_refused(string location) => await AssertRefusedAsync(StorageFault.BadLocation, location);

    private static LogEntry Entry(string goal, long sequence) =>
        new(sequence, DateTimeOffset.UnixEpoch, "candidate", Encoding.UTF8.GetBytes($"{{\"goal\":\"{goal}\",\"sequence\":{sequence}}}"));

    /// <summary>Overwrites whole pages of the file's tail.</summary>
    private static void Damage(string path, double from)
    {
        const int Page = 4_096;
        using var file = new FileStream(path, FileMode.Open);
        var noise = new byte[Page];
        new Random(5).NextBytes(noise);
        for (var page = (long)(file.Length / Page * from); page < file.Length / Page; page++)
        {
            file.Position = page * Page;
            file.Write(noise);
        }
    }

    private static async Task<List<LogEntry>> ReadUntilDamageAsync(DatabaseGoalLog log, string goal)
    {
        var entries = new List<LogEntry>();
        try
        {
            await foreach (var entry in log.ReadAsync(goal, 0, Cancellation))
            {
                entries.Add(entry);
            }
        }
        catch (StorageException e) when (e.Fault == StorageFault.Corrupt)
        {
        }

        return entries;
    }

    private static async Task<StorageException> AssertRefusedAsync(StorageFault fault, string location, HiveDatabaseOptions? options = null)
    {
        var refused = await Assert.ThrowsAsync<StorageException>(() => HiveDatabase.OpenAsync(location, options, cancellation: Cancellation));
        Assert.Equal(fault, refused.Fault);
        Assert.DoesNotContain('\n', refused.Message);
        return refused;
    }

    private static async Task LimitPagesAsync(HiveDatabase database, int pages) => await database.WriteAsync(
        (session, token) => session.QueryAsync($"PRAGMA max_page_count={pages}", row => row.GetInt64(0), token), 0, Cancellation);

    private static async Task RunAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<SqliteConnection> ConnectAsync()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private async Task RecordAsync(int goals, int entries)
    {
        await using var database = await HiveDatabase.OpenAsync(DatabasePath, cancellation: Cancellation);
        var log = new DatabaseGoalLog(database);
        for (var goal = 0; goal < goals; goal++)
        {
            var id = $"goal-{goal}";
            await log.AppendAsync(id, [.. Enumerable.Range(1, entries).Select(sequence => Entry(id, sequence))], null, Cancellation);
        }
    }

    private async Task<int> CountAsync(string goal)
    {
        await using var database = await HiveDatabase.OpenAsync(DatabasePath, cancellation: Cancellation);
        return await new DatabaseGoalLog(database).ReadAsync(goal, 0, Cancellation).CountAsync(Cancellation);
    }
}
