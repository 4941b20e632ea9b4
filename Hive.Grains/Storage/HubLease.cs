namespace Hive.Storage;

/// <summary>
/// A hub's authority over a database: at most one process has it. What is written under a lease is fenced: the database itself refuses a transaction of a hub whose
/// lease is over, so even a hub that was stopped by its machine and wakes up too late changes nothing.
/// </summary>
/// <remarks>
/// On PostgreSQL the lease is a row that is renewed every 2 s for 8 s by the database's clock. The hub counts from before the last renewal that succeeded, by its own
/// monotonic clock, and stops a second before the 8 are over; nobody compares the clocks of two machines. A SQLite file belongs to one machine, so there the lease is a lock file, which the kernel
/// lets go the moment its process dies.
/// </remarks>
public abstract class HubLease : IAsyncDisposable
{
    private readonly CancellationTokenSource _lost = new();

    private protected HubLease(long epoch, string holder)
    {
        Epoch = epoch;
        Holder = holder;
        Lost = _lost.Token;
    }

    /// <summary>The number of this lease; every later lease on the same database has a higher one.</summary>
    public long Epoch { get; }

    /// <summary>Who holds it, in words for a person.</summary>
    public string Holder { get; }

    /// <summary>Cancelled when the lease is lost, at the latest <see cref="HubLeaseTerms.SafetyMargin"/> before another hub can have it.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Whether it holds at this moment, by this process's own monotonic clock; exact even where a timer is late.</summary>
    public abstract bool IsHeld { get; }

    /// <summary>Tries once to become the hub of a database, and fences its writes from then on.</summary>
    /// <param name="database">The database, open for writing.</param>
    /// <param name="hub">The hub's name, shown to whoever finds the lease taken.</param>
    /// <param name="cancellation">Gives up the attempt.</param>
    /// <exception cref="StorageException">The database does not answer or cannot be written.</exception>
    /// <param name="terms">For how long; null for the usual terms. All hubs of a database have the same.</param>
    public static Task<HubLeaseAttempt> TryAcquireAsync(HiveDatabase database, string hub, CancellationToken cancellation, HubLeaseTerms? terms = null)
    {
        var holder = $"hub {hub}, {GoalLocks.Describe(database.Time.GetUtcNow())}";
        return database.Location is FileLocation file
            ? FileHubLease.TakeAsync(database, file, holder, cancellation)
            : ServerHubLease.TakeAsync(database, holder, terms ?? new HubLeaseTerms(), cancellation);
    }

    /// <summary>Lets the lease go, so that another hub need not wait for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync().ConfigureAwait(false);
        await LoseAsync().ConfigureAwait(false);
        _lost.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract ValueTask ReleaseAsync();

    private protected Task LoseAsync() => _lost.CancelAsync();
}

/// <summary>For how long a lease on a server holds.</summary>
public sealed record HubLeaseTerms
{
    /// <summary>How long it holds without a renewal, by the database's clock; 8 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How often it is renewed; 2 s.</summary>
    public TimeSpan RenewalPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long before the end the hub stops by itself; 1 s.</summary>
    public TimeSpan SafetyMargin { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>What came of an attempt to become the hub.</summary>
/// <param name="Lease">The lease; null where another hub holds it.</param>
/// <param name="Holder">Who holds it.</param>
/// <param name="Epoch">The number of the lease that holds.</param>
/// <param name="Remaining">For how long the other's lease holds if it is not renewed.</param>
public sealed record HubLeaseAttempt(HubLease? Lease, string Holder, long Epoch, TimeSpan Remaining);
