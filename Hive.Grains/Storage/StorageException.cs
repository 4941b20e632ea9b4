namespace Hive.Storage;

/// <summary>What kept the database from doing what it was asked.</summary>
public enum StorageFault
{
    /// <summary>The provider reported something that none of the other values names.</summary>
    Failed,

    /// <summary>The location is neither a file path nor a PostgreSQL address that can be understood.</summary>
    BadLocation,

    /// <summary>Another process holds the database file or a row for longer than the lock time-out.</summary>
    Locked,

    /// <summary>The disk, the quota or the in-memory bound is used up; nothing of the write was kept.</summary>
    Full,

    /// <summary>Some pages of the file are damaged. What lies on other pages is still readable.</summary>
    Corrupt,

    /// <summary>The file is not a SQLite database, or a SQLite database of another program.</summary>
    NotAHiveDatabase,

    /// <summary>The file or its directory cannot be created or written.</summary>
    NotWritable,

    /// <summary>The server does not answer, or broke the connection. Whether a write in flight was recorded is not known.</summary>
    Unreachable,

    /// <summary>The server refused the user, the password or the database name.</summary>
    AccessDenied,

    /// <summary>The database was written by a newer Hive.</summary>
    NewerSchema,

    /// <summary>A body or a batch is larger than its bound; nothing of it was kept.</summary>
    TooLarge,

    /// <summary>The hub that wrote has lost its authority; nothing of the write was kept.</summary>
    LeaseLost,

    /// <summary>More is waiting to be written than the queue takes; nothing of this write was kept.</summary>
    Overloaded,
}

/// <summary>
/// The one exception that storage throws for anything wrong with the database itself. The message says what happened,
/// where, and how to mend it, and holds no password.
/// </summary>
[GenerateSerializer, Alias("hive.storage-exception")]
public sealed class StorageException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="fault">The kind of fault, for code that reacts to it.</param>
    /// <param name="message">One line: what, where, and how to mend it.</param>
    /// <param name="innerException">What the provider threw, if it did.</param>
    public StorageException(StorageFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>The kind of fault.</summary>
    [Id(0)]
    public StorageFault Fault { get; }
}
