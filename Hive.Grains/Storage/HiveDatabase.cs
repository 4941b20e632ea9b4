namespace Hive.Storage;

/// <summary>
/// The hub's database: one SQLite file, or a PostgreSQL server, behind one class. A write completes when it is on disk; all
/// writes go through one group commit, in the order of the calls, and reads run beside them.
/// </summary>
public sealed class HiveDatabase : IAsyncDisposable
{
    private readonly DatabaseProvider _provider;

    private readonly GroupCommit? _writer;

    private readonly ReaderPool _readers;

    private int _disposed;

    private HiveDatabase(DatabaseLocation location, DatabaseProvider provider, GroupCommit? writer, RestartWait restart, TimeProvider time)
    {
        Location = location;
        _provider = provider;
        _writer = writer;
        _readers = new ReaderPool(provider, restart);
        Leases = new LeaseTable(provider);
        Time = time;
    }

    /// <summary>The database's name in messages; never holds a password.</summary>
    public string Display => _provider.Display;

    internal DatabaseLocation Location { get; }

    internal TimeProvider Time { get; }

    internal LeaseTable Leases { get; }

    /// <summary>Opens the database, creates it if it is not there, and brings its schema up to date.</summary>
    /// <param name="location">
    /// A file path such as <c>.hive/hive.db</c>, <c>postgres://user:password@host:port/database</c>, or Npgsql's <c>Host=…;Username=…</c>.
    /// </param>
    /// <param name="options">How to open it; null for the defaults.</param>
    /// <param name="time">The clock of what the database itself records; null for the system's.</param>
    /// <param name="cancellation">Gives up the opening.</param>
    /// <exception cref="StorageException">It cannot be opened; the message says why and how to mend it.</exception>
    public static async Task<HiveDatabase> OpenAsync(
        string location, HiveDatabaseOptions? options = null, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        options ??= new HiveDatabaseOptions();
        options.Validate();
        time ??= TimeProvider.System;
        var parsed = DatabaseLocation.Parse(location);
        DatabaseProvider provider = parsed is FileLocation file
            ? new SqliteProvider(file, options, time)
            : new PostgresProvider((ServerLocation)parsed, options);
        var restart = new RestartWait(options.RestartTimeout, time);
        try
        {
            provider.Prepare();
            var session = options.ReadOnly
                ? await provider.OpenReaderAsync(cancellation).ConfigureAwait(false)
                : await provider.OpenWriterAsync(cancellation).ConfigureAwait(false);
            await TryAsync(session, CheckAsync).ConfigureAwait(false);
            if (!options.ReadOnly)
            {
                return new HiveDatabase(parsed, provider, new GroupCommit(provider, options, restart, session), restart, time);
            }

            await session.DisposeAsync().ConfigureAwait(false);
            return new HiveDatabase(parsed, provider, null, restart, time);
        }
        catch (Exception e) when (provider.Knows(e))
        {
            await provider.DisposeAsync().ConfigureAwait(false);
            throw provider.Translate(e);
        }
        catch
        {
            await provider.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        async ValueTask CheckAsync(DatabaseSession session)
        {
            if (options.ReadOnly)
            {
                await SchemaScripts.CheckAsync(provider, session, cancellation).ConfigureAwait(false);
                return;
            }

            await provider.CheckAsync(session, cancellation).ConfigureAwait(false);
            await SchemaScripts.ApplyAsync(provider, session, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Writes what waits to disk and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (_writer is not null)
        {
            await _writer.DisposeAsync().ConfigureAwait(false);
        }

        await _readers.DisposeAsync().ConfigureAwait(false);
        await _provider.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Queues an append for the next transaction; completes when that is on disk.</summary>
    internal Task AppendAsync(LogAppend append, CancellationToken cancellation) => Writer.EnqueueAsync(append, cancellation);

    /// <summary>
    /// Runs a few statements in the next transaction and completes when that is on disk. The function may be run again, so it does nothing
    /// but its statements; it refuses its own write with <see cref="WriteRefusedException"/> before it has changed anything.
    /// </summary>
    /// <param name="function">The statements.</param>
    /// <param name="bytes">About how much it holds while it waits.</param>
    /// <param name="cancellation">Withdraws the write as long as its transaction has not begun.</param>
    internal async Task<T> WriteAsync<T>(Func<DatabaseSession, CancellationToken, ValueTask<T>> function, int bytes, CancellationToken cancellation)
    {
        var write = new FunctionWrite<T>(function, bytes);
        await Writer.EnqueueAsync(write, cancellation).ConfigureAwait(false);
        return write.Result;
    }

    /// <summary>Runs a read on a connection of its own. The function may be run again.</summary>
    internal ValueTask<T> ReadAsync<T>(Func<DatabaseSession, CancellationToken, ValueTask<T>> function, CancellationToken cancellation) =>
        _readers.ReadAsync(function, cancellation);

    /// <summary>From now on a transaction is refused unless this lease holds when it is committed.</summary>
    internal void Fence(long epoch) => Writer.Fence(new WriteFence(Leases, epoch, Display));

    /// <summary>Whether an exception comes from the database or the way to it.</summary>
    internal bool Knows(Exception exception) => _provider.Knows(exception);

    /// <summary>A connection of the caller's own, beside the writer's queue.</summary>
    /// <exception cref="StorageException">The database does not answer.</exception>
    internal async ValueTask<DatabaseSession> OpenSessionAsync(CancellationToken cancellation)
    {
        try
        {
            return await _provider.OpenWriterAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (_provider.Knows(e))
        {
            throw _provider.Translate(e);
        }
    }

    /// <summary>Runs statements in a transaction on a connection of the caller's own; null where another session was there first.</summary>
    /// <exception cref="StorageException">The database failed.</exception>
    internal async ValueTask<T?> TryInTransactionAsync<T>(DatabaseSession session, Func<ValueTask<T>> function, CancellationToken cancellation)
        where T : struct
    {
        try
        {
            await _provider.BeginAsync(session, cancellation).ConfigureAwait(false);
            var result = await function().ConfigureAwait(false);
            await session.ExecuteAsync("COMMIT", cancellation).ConfigureAwait(false);
            return result;
        }
        catch (Exception e) when (_provider.IsConflict(e))
        {
            await session.ExecuteAsync("ROLLBACK", cancellation).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (_provider.Knows(e))
        {
            throw _provider.Translate(e);
        }
    }

    internal GoalLocks CreateServerLocks() => new PostgresGoalLocks((PostgresProvider)_provider, () => _writer?.Lease ?? 0);

    private GroupCommit Writer => _writer ?? throw new StorageException(
        StorageFault.NotWritable, $"{Display} was opened for reading only.");

    private static async ValueTask TryAsync(DatabaseSession session, Func<DatabaseSession, ValueTask> step)
    {
        try
        {
            await step(session).ConfigureAwait(false);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
