using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hive.Storage;

/// <summary>
/// SQLite in one file: write-ahead log, and a flush to disk at each commit (<c>synchronous=FULL</c>), so that what was
/// acknowledged survives a loss of power.
/// </summary>
internal sealed class SqliteProvider(FileLocation location, HiveDatabaseOptions options) : DatabaseProvider
{
    /// <summary>"Hive" in ASCII, kept in the file's header so that no other program's database is taken for ours.</summary>
    private const int ApplicationId = 0x48697665;

    private const string WriterSettings =
        """
        PRAGMA journal_mode=WAL;
        PRAGMA synchronous=FULL;
        PRAGMA wal_autocheckpoint=4096;
        PRAGMA journal_size_limit=67108864;
        PRAGMA cache_size=-16384;
        """;

    public override string Display => location.Display;

    /// <summary>Takes the write lock at once: a transaction that reads first and then writes could not be retried by SQLite.</summary>
    public override string Begin => "BEGIN IMMEDIATE";

    /// <summary>
    /// Looks at names only. The file itself is never opened beside SQLite: closing a second descriptor would drop the POSIX locks that
    /// this process's other connections hold on it (sqlite.org/howtocorrupt.html, section 2.2).
    /// </summary>
    public override void Prepare()
    {
        Batteries_V2.Init();
        if (Directory.Exists(location.File))
        {
            throw new StorageException(StorageFault.NotWritable, $"{Display} is a directory. Name a file in it, such as {Path.Combine(Display, "hive.db")}.");
        }

        if (options.ReadOnly && !File.Exists(location.File))
        {
            throw new StorageException(StorageFault.NotWritable, $"There is no database at {Display}. Run a goal first, or name another file.");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(location.File)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteFaults.NotWritable(Display, e);
        }
    }

    public override async ValueTask<DatabaseSession> OpenWriterAsync(CancellationToken cancellation)
    {
        var session = await OpenAsync(cancellation).ConfigureAwait(false);
        try
        {
            await RefuseForeignAsync(session, cancellation).ConfigureAwait(false);
            await session.ExecuteAsync(WriterSettings, cancellation).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override async ValueTask<DatabaseSession> OpenReaderAsync(CancellationToken cancellation)
    {
        var session = await OpenAsync(cancellation).ConfigureAwait(false);
        try
        {
            await session.ExecuteAsync("PRAGMA query_only=ON", cancellation).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override LogWriter CreateLogWriter(DatabaseSession session) => new SqliteLogWriter((SqliteConnection)session.Connection);

    public override async ValueTask ClaimAsync(DatabaseSession session, CancellationToken cancellation) =>
        await session.ExecuteAsync($"PRAGMA application_id={ApplicationId}", cancellation).ConfigureAwait(false);

    public override async ValueTask CheckAsync(DatabaseSession session, CancellationToken cancellation)
    {
        if (new FileInfo(location.File).Length > options.CheckedBytes)
        {
            return;
        }

        var findings = await session.QueryAsync("PRAGMA quick_check(1)", row => row.GetString(0), cancellation).ConfigureAwait(false);
        if (findings is not ["ok"])
        {
            throw SqliteFaults.Corrupt(Display, findings.FirstOrDefault(), null);
        }
    }

    public override bool Knows(Exception exception) => exception is SqliteException;

    public override bool IsConflict(Exception exception) => exception is SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT };

    public override StorageException Translate(Exception exception) => SqliteFaults.Translate(Display, (SqliteException)exception);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Before anything is written: even a change of the journal mode would change another program's file for good.</summary>
    private async ValueTask RefuseForeignAsync(DatabaseSession session, CancellationToken cancellation)
    {
        var owner = (await session.QueryAsync("PRAGMA application_id", row => row.GetInt64(0), cancellation).ConfigureAwait(false))[0];
        var tables = (await session.QueryAsync("SELECT count(*) FROM sqlite_master", row => row.GetInt64(0), cancellation).ConfigureAwait(false))[0];
        if (owner != ApplicationId && tables > 0)
        {
            throw new StorageException(
                StorageFault.NotAHiveDatabase,
                $"{Display} is a SQLite database of another program; nothing in it was changed. Name another file.");
        }
    }

    private async ValueTask<DatabaseSession> OpenAsync(CancellationToken cancellation)
    {
        // The provider polls every 150 ms until its command time-out; SQLite's own busy handler waits better, so it waits first.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = location.File,
            Mode = options.ReadOnly ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = 1,
        }.ConnectionString);
        var session = new DatabaseSession(connection);
        try
        {
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            await session.ExecuteAsync($"PRAGMA busy_timeout={(long)options.LockTimeout.TotalMilliseconds}", cancellation).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
