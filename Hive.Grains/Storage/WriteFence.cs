namespace Hive.Storage;

/// <summary>What keeps a hub whose lease is over from writing: the last statement of each of its transactions.</summary>
internal sealed class WriteFence(LeaseTable leases, long epoch, string database)
{
    /// <summary>The lease that writes are made under.</summary>
    public long Epoch => epoch;

    /// <summary>Makes sure that the lease holds, and that no other hub can take over before the transaction ends.</summary>
    /// <exception cref="StorageException"><see cref="StorageFault.LeaseLost"/>.</exception>
    public async ValueTask CheckAsync(DatabaseSession session, CancellationToken cancellation)
    {
        if (!await leases.FenceAsync(session, epoch, cancellation).ConfigureAwait(false))
        {
            throw new StorageException(
                StorageFault.LeaseLost,
                $"{database}: this hub's lease {epoch} is over, so nothing was recorded. Another hub may have taken over; this one stops its grains and asks for a new lease.");
        }
    }
}
