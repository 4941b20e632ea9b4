namespace Hive.Storage;

/// <summary>How a database is opened.</summary>
public sealed record HiveDatabaseOptions
{
    /// <summary>
    /// Opens for reading only: creates nothing, changes no schema, and accepts a damaged file, so that what is intact can be looked at.
    /// </summary>
    public bool ReadOnly { get; init; }

    /// <summary>The password for a server whose location holds none; absent: none, or what the provider finds by itself (PGPASSWORD, ~/.pgpass).</summary>
    public string? Password { get; init; }

    /// <summary>How long a write waits for another process that holds the database; more than zero, 5 s by default.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long opening waits for a server to answer; at least 1 s, 5 s by default.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long reads and writes wait for a server that has gone away after the opening; 5 s by default, which is shorter than the hub's lease.
    /// </summary>
    public TimeSpan RestartTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A SQLite file up to this many bytes is checked page by page when it is opened, at the speed of reading it; 16 MiB by default.</summary>
    public long CheckedBytes { get; init; } = 16 << 20;

    /// <summary>The most bytes that wait to be written before further writes are refused; 256 MiB by default.</summary>
    public long WaitingBytes { get; init; } = 256 << 20;

    /// <summary>The most writes that wait before further writes are refused; 262,144 by default.</summary>
    public int WaitingWrites { get; init; } = 262_144;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LockTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(ConnectTimeout, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(RestartTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(CheckedBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(WaitingBytes, GoalLogLimits.AppendBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(WaitingWrites, 1);
    }
}
