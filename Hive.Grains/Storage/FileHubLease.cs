namespace Hive.Storage;

/// <summary>The lease on a SQLite file: <c>hub.lock</c> beside it, which the kernel lets go with its process. Whoever has the lock knows that the hub before is gone.</summary>
internal sealed class FileHubLease : HubLease
{
    private const string LockName = "hub";

    private readonly HiveDatabase _database;

    private readonly GoalLock _lock;

    private volatile bool _released;

    private FileHubLease(HiveDatabase database, GoalLock held, long epoch, string holder)
        : base(epoch, holder)
    {
        _database = database;
        _lock = held;
    }

    public override bool IsHeld => !_released;

    public static async Task<HubLeaseAttempt> TakeAsync(HiveDatabase database, FileLocation file, string holder, CancellationToken cancellation)
    {
        var locks = new FileGoalLocks(Path.GetDirectoryName(file.File)!, database.Time);
        var held = await locks.TryAcquireAsync(LockName, cancellation).ConfigureAwait(false);
        if (!held.IsHeld)
        {
            return new HubLeaseAttempt(null, held.Holder ?? "another process", 0, TimeSpan.MaxValue);
        }

        try
        {
            var epoch = await database.WriteAsync(
                async (session, token) =>
                {
                    var (last, _, _) = await database.Leases.LastAsync(session, token).ConfigureAwait(false);
                    await database.Leases.TakeAsync(session, last + 1, holder, TimeSpan.FromTicks(long.MaxValue / 2), token).ConfigureAwait(false);
                    return last + 1;
                },
                0,
                cancellation).ConfigureAwait(false);
            database.Fence(epoch);
            return new HubLeaseAttempt(new FileHubLease(database, held, epoch, holder), holder, epoch, TimeSpan.MaxValue);
        }
        catch
        {
            await held.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private protected override async ValueTask ReleaseAsync()
    {
        if (_released)
        {
            return;
        }

        _released = true;
        try
        {
            await _database.WriteAsync(
                async (session, token) =>
                {
                    await _database.Leases.ReleaseAsync(session, Epoch, token).ConfigureAwait(false);
                    return 0;
                },
                0,
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StorageException or ObjectDisposedException)
        {
            // The lock file is what counts.
        }

        await _lock.DisposeAsync().ConfigureAwait(false);
    }
}
