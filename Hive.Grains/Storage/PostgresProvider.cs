using System.Net.Sockets;
using Npgsql;

namespace Hive.Storage;

/// <summary>PostgreSQL through Npgsql. Hive's tables live in a schema of their own, so a server may be shared with other programs.</summary>
internal sealed class PostgresProvider : DatabaseProvider
{
    private const string DefaultSchema = "hive";

    /// <summary>idle_in_transaction_session_timeout (PostgreSQL, appendix A), which the provider has no name for.</summary>
    private const string IdleInTransaction = "25P03";

    /// <summary>The key of the advisory lock that one starter at a time holds: "Hive" in ASCII.</summary>
    private const long SchemaLock = 0x48697665;

    /// <summary>How soon a silent connection that holds locks is found to be cut, in seconds.</summary>
    private const int WatchSeconds = 2;

    /// <summary>How long a transaction may lie open while its process does nothing, as one that its machine has stopped: what it locks must be free before a standby needs it.</summary>
    private const int IdleMilliseconds = 3_000;

    private readonly NpgsqlDataSource _source;

    private readonly NpgsqlDataSource _watched;

    private readonly string _schema;

    public PostgresProvider(ServerLocation location, HiveDatabaseOptions options)
    {
        Display = location.Display;
        var connection = new NpgsqlConnectionStringBuilder(location.Connection.ConnectionString)
        {
            ApplicationName = location.Connection.ApplicationName ?? $"hive {Environment.MachineName} {Environment.ProcessId}",
            Timeout = (int)options.ConnectTimeout.TotalSeconds,
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 2,
            // Sessions are kept open by the database's own small pool.
            Pooling = false,
        };
        connection.Password ??= options.Password;
        _schema = connection.SearchPath is { Length: > 0 } path ? path : DefaultSchema;
        connection.SearchPath = _schema;
        // A server may be configured to acknowledge before the flush; Hive's acknowledgements must not.
        connection.Options = $"{connection.Options} -c synchronous_commit=on -c idle_in_transaction_session_timeout={IdleMilliseconds} -c lock_timeout={(long)options.LockTimeout.TotalMilliseconds}".TrimStart();
        _source = NpgsqlDataSource.Create(connection);
        _watched = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection.ConnectionString) { KeepAlive = WatchSeconds });
    }

    public override string Display { get; }

    public override string Now => "(extract(epoch FROM clock_timestamp()) * 10000000)::bigint";

    public override string ForUpdate => " FOR UPDATE";

    public override void Prepare()
    {
    }

    public override async ValueTask<DatabaseSession> OpenWriterAsync(CancellationToken cancellation) =>
        new(await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false));

    /// <summary>Opens a connection that asks the server for a sign of life while nothing else uses it.</summary>
    public async ValueTask<DatabaseSession> OpenWatchedAsync(CancellationToken cancellation) =>
        new(await _watched.OpenConnectionAsync(cancellation).ConfigureAwait(false));

    public override ValueTask<DatabaseSession> OpenReaderAsync(CancellationToken cancellation) => OpenWriterAsync(cancellation);

    public override async ValueTask BeginAsync(DatabaseSession session, CancellationToken cancellation) =>
        await session.ExecuteAsync("BEGIN", cancellation).ConfigureAwait(false);

    public override LogWriter CreateLogWriter(DatabaseSession session) => new PostgresLogWriter(session);

    public override async ValueTask ClaimAsync(DatabaseSession session, CancellationToken cancellation)
    {
        await session.ExecuteAsync("SELECT pg_advisory_xact_lock(@key)", cancellation, ("@key", SchemaLock)).ConfigureAwait(false);
        var schema = $"\"{_schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await session.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {schema}", cancellation).ConfigureAwait(false);
        await session.ExecuteAsync(
            $"DO $$ BEGIN CREATE DOMAIN {schema}.blob AS bytea; EXCEPTION WHEN duplicate_object THEN NULL; END $$", cancellation).ConfigureAwait(false);
    }

    /// <summary>The server checks its own pages.</summary>
    public override ValueTask CheckAsync(DatabaseSession session, CancellationToken cancellation) => ValueTask.CompletedTask;

    public override bool Knows(Exception exception) => exception is NpgsqlException or TimeoutException or SocketException;

    public override bool IsConflict(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.CheckViolation
            or PostgresErrorCodes.NotNullViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
    };

    public override StorageException Translate(Exception exception) => exception switch
    {
        PostgresException e => Translate(e),
        _ => Unreachable(exception),
    };

    public override async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync().ConfigureAwait(false);
        await _watched.DisposeAsync().ConfigureAwait(false);
    }

    private StorageException Translate(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new(
            StorageFault.AccessDenied, $"{Display} refused this user and password. Check both, and the server's pg_hba.conf.", e),
        PostgresErrorCodes.InvalidCatalogName => new(
            StorageFault.AccessDenied, $"{Display}: there is no such database on that server. Create it (createdb) or name another.", e),
        PostgresErrorCodes.InsufficientPrivilege => new(
            StorageFault.AccessDenied,
            $"{Display}: this user lacks a right that Hive needs ({e.MessageText}). Grant it the database (GRANT CREATE ON DATABASE … TO …).",
            e),
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled => new(
            StorageFault.Locked, $"{Display}: another session holds a lock for too long ({e.MessageText}). End that session and try again.", e),
        PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory or PostgresErrorCodes.InsufficientResources => new(
            StorageFault.Full, $"{Display} has no room left ({e.MessageText}). What was recorded before is intact; make room on the server and try again.", e),
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new(
            StorageFault.Corrupt, $"{Display} is damaged ({e.MessageText}). Restore the server from its backup.", e),
        IdleInTransaction or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections => Unreachable(e),
        var state when state.StartsWith("08", StringComparison.Ordinal) => Unreachable(e),
        _ => new(StorageFault.Failed, $"{Display}: {e.MessageText} (SQLSTATE {e.SqlState}).", e),
    };

    private StorageException Unreachable(Exception e) => new(
        StorageFault.Unreachable,
        $"{Display} does not answer ({e.Message.ReplaceLineEndings(" ")}). Check host, port and network, and that the server runs and takes connections.",
        e);
}
