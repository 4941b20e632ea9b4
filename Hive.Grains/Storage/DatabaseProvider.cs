namespace Hive.Storage;

/// <summary>What differs between SQLite and PostgreSQL, and nothing else.</summary>
internal abstract class DatabaseProvider : IAsyncDisposable
{
    /// <summary>How messages name the database; never holds a password.</summary>
    public abstract string Display { get; }

    /// <summary>The database's own clock as an SQL expression: units of 100 ns since 1970-01-01 UTC.</summary>
    public abstract string Now { get; }

    /// <summary>What a SELECT ends with to keep its rows from changing until the transaction ends; empty where a transaction that writes is alone anyway.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Begins a transaction that will write; waits for another process's, up to the lock time-out.</summary>
    public abstract ValueTask BeginAsync(DatabaseSession session, CancellationToken cancellation);

    /// <summary>Checks what can be checked before a connection is opened.</summary>
    public abstract void Prepare();

    /// <summary>Opens the connection that writes.</summary>
    public abstract ValueTask<DatabaseSession> OpenWriterAsync(CancellationToken cancellation);

    /// <summary>Opens a connection that reads.</summary>
    public abstract ValueTask<DatabaseSession> OpenReaderAsync(CancellationToken cancellation);

    /// <summary>The writer of log entries on an open writing connection.</summary>
    public abstract LogWriter CreateLogWriter(DatabaseSession session);

    /// <summary>Run inside the transaction of the schema scripts, before them: keeps a second starter out, and other programs' data whole.</summary>
    public abstract ValueTask ClaimAsync(DatabaseSession session, CancellationToken cancellation);

    /// <summary>Looks for damage, as far as that is cheap.</summary>
    public abstract ValueTask CheckAsync(DatabaseSession session, CancellationToken cancellation);

    /// <summary>True when the exception comes from the database or the way to it.</summary>
    public abstract bool Knows(Exception exception);

    /// <summary>True when one write alone was refused by a constraint or lost a race, and its neighbours are sound.</summary>
    public abstract bool IsConflict(Exception exception);

    /// <summary>The provider's exception in Hive's words.</summary>
    public abstract StorageException Translate(Exception exception);

    /// <summary>Closes what the provider itself holds open.</summary>
    public abstract ValueTask DisposeAsync();
}
