using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hive.Storage;

/// <summary>
/// SQLite in one file: write-ahead log, and a flush to disk at each commit (<c>synchronous=FULL</c>), so that what was
/// acknowledged survives a loss of power.
/// </summary>
internal sealed class SqliteProvider(FileLocation location, HiveDatabaseOptions options, TimeProvider time) : DatabaseProvider
{
    /// <summary>"Hive" in ASCII, kept in the file's header so that no other program's database is taken for ours.</summary>
    private const int ApplicationId = 0x48697665;

    /// <summary>The primary result code is the low byte of an extended one.</summary>
    private const int PrimaryCode = 0xff;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(20);

    private const string WriterSettings =
        """
        PRAGMA journal_mode=WAL;
        PRAGMA synchronous=FULL;
        PRAGMA wal_autocheckpoint=4096;
        PRAGMA journal_size_limit=67108864;
        PRAGMA cache_size=-16384;
        """;

    public override string Now => "CAST((julianday('now') - 2440587.5) * 864000000000 AS INTEGER)";

    public override string ForUpdate => string.Empty;

    public override string Display => location.Display;

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

    /// <summary>
    /// Takes the write lock at once, since SQLite cannot retry a transaction that has read before it writes. The wait for the lock is
    /// done here because this build of SQLite sleeps whole seconds between two tries, and the provider 150 ms.
    /// </summary>
    public override async ValueTask BeginAsync(DatabaseSession session, CancellationToken cancellation)
    {
        var database = ((SqliteConnection)session.Connection).Handle;
        var started = time.GetTimestamp();
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            var code = raw.sqlite3_exec(database, "BEGIN IMMEDIATE");
            if ((code & PrimaryCode) != raw.SQLITE_BUSY || time.GetElapsedTime(started) > options.LockTimeout)
            {
                SqliteException.ThrowExceptionForRC(code, database);
                return;
            }

            await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
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
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = location.File,
            Mode = options.ReadOnly ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = (int)Math.Ceiling(options.LockTimeout.TotalSeconds),
        }.ConnectionString);
        var session = new DatabaseSession(connection);
        try
        {
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
