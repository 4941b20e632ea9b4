namespace Hive.Storage;

/// <summary>The lease on a PostgreSQL server: a row, renewed on a connection of its own so that no queue of writes delays it.</summary>
internal sealed class ServerHubLease : HubLease
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly HiveDatabase _database;

    private readonly CancellationTokenSource _stop = new();

    private readonly HubLeaseTerms _terms;

    private readonly Task _renewals;

    private DatabaseSession? _session;

    /// <summary>When the last renewal that succeeded was begun, by the monotonic clock.</summary>
    private long _renewedAt;

    private volatile bool _isOver;

    private ServerHubLease(HiveDatabase database, DatabaseSession session, HubLeaseTerms terms, long epoch, string holder, long takenAt)
        : base(epoch, holder)
    {
        _database = database;
        _session = session;
        _terms = terms;
        _renewedAt = takenAt;
        _renewals = Task.Run(RenewAsync);
    }

    public override bool IsHeld => !_isOver && Age < _terms.Duration - _terms.SafetyMargin;

    private TimeSpan Age => _database.Time.GetElapsedTime(Volatile.Read(ref _renewedAt));

    public static async Task<HubLeaseAttempt> TakeAsync(HiveDatabase database, string holder, HubLeaseTerms terms, CancellationToken cancellation)
    {
        var session = await database.OpenSessionAsync(cancellation).ConfigureAwait(false);
        var keep = false;
        try
        {
            var takenAt = database.Time.GetTimestamp();
            var (epoch, current, remaining) = await database.TryInTransactionAsync(session, TakeAsync, cancellation).ConfigureAwait(false) ?? (0, "another hub, just now", terms.Duration);
            if (remaining > TimeSpan.Zero)
            {
                return new HubLeaseAttempt(null, current, epoch, remaining);
            }

            keep = true;
            database.Fence(epoch);
            return new HubLeaseAttempt(new ServerHubLease(database, session, terms, epoch, holder, takenAt), holder, epoch, terms.Duration);
        }
        finally
        {
            if (!keep)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }

        async ValueTask<(long Epoch, string Holder, TimeSpan Remaining)> TakeAsync()
        {
            var last = await database.Leases.LastAsync(session, cancellation).ConfigureAwait(false);
            if (last.Remaining > TimeSpan.Zero)
            {
                return last;
            }

            await database.Leases.TakeAsync(session, last.Epoch + 1, holder, terms.Duration, cancellation).ConfigureAwait(false);
            return (last.Epoch + 1, holder, TimeSpan.Zero);
        }
    }

    private protected override async ValueTask ReleaseAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _renewals.ConfigureAwait(false);
        _isOver = true;
        if (_session is { } session)
        {
            _session = null;
            try
            {
                await _database.Leases.ReleaseAsync(session, Epoch, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (_database.Knows(e))
            {
                // It ends by itself.
            }

            await session.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    /// <summary>Renews until stopped, until the database says that the lease is over, or until nothing was heard of it for too long.</summary>
    private async Task RenewAsync()
    {
        var time = _database.Time;
        try
        {
            while (true)
            {
                await Task.Delay(_terms.RenewalPeriod, time, _stop.Token).ConfigureAwait(false);
                while (!await TryRenewAsync().ConfigureAwait(false))
                {
                    await Task.Delay(RetryPause, time, _stop.Token).ConfigureAwait(false);
                    if (!IsHeld)
                    {
                        _isOver = true;
                        await LoseAsync().ConfigureAwait(false);
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> TryRenewAsync()
    {
        var begun = _database.Time.GetTimestamp();
        var left = _terms.Duration - _terms.SafetyMargin - Age;
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        using var patience = new CancellationTokenSource(left, _database.Time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stop.Token);
        try
        {
            _session ??= await _database.OpenSessionAsync(cancellation.Token).ConfigureAwait(false);
            if (!await _database.Leases.RenewAsync(_session, Epoch, _terms.Duration, cancellation.Token).ConfigureAwait(false))
            {
                _isOver = true;
                return false;
            }

            Volatile.Write(ref _renewedAt, begun);
            return true;
        }
        catch (Exception e) when (!_stop.IsCancellationRequested && (e is OperationCanceledException or StorageException || _database.Knows(e)))
        {
            if (_session is { } broken)
            {
                _session = null;
                await broken.DisposeAsync().ConfigureAwait(false);
            }

            return false;
        }
    }
}
