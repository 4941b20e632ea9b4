using System.Threading.Channels;

namespace Hive.Storage;

/// <summary>
/// The one writer of a database. It takes everything that waits, writes it in one transaction, and tells all callers when that is on
/// disk: while one flush runs, the next transaction gathers, so a lone write costs one flush and a thousand together cost one too.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int TransactionWrites = 16_384;

    private const int TransactionBytes = 16 << 20;

    /// <summary>How often a write that lost a race is run again, alone, before its caller is told.</summary>
    private const int Races = 3;

    private readonly Channel<PendingWrite> _waiting =
        Channel.CreateUnbounded<PendingWrite>(new UnboundedChannelOptions { SingleReader = true });

    private readonly List<PendingWrite> _transaction = [];

    private readonly List<PendingWrite> _alone = new(1);

    private readonly List<LogAppend> _appends = [];

    private readonly DatabaseProvider _provider;

    private readonly HiveDatabaseOptions _options;

    private readonly RestartWait _restart;

    private readonly Task _loop;

    private DatabaseSession? _session;

    private LogWriter? _log;

    private volatile WriteFence? _fence;

    private long _waitingBytes;

    private int _waitingWrites;

    /// <summary>True from when the commit is sent: whether it was carried out is then known only from its answer.</summary>
    private bool _committing;

    public GroupCommit(DatabaseProvider provider, HiveDatabaseOptions options, RestartWait restart, DatabaseSession session)
    {
        _provider = provider;
        _options = options;
        _restart = restart;
        Use(session);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Queues a write; writes are carried out in the order of the calls. More than the queue's bound is refused at once.</summary>
    public Task EnqueueAsync(PendingWrite write, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellation);
        }

        // Counted before it is queued: the loop may take it, and count it off, at once.
        var bytes = Interlocked.Add(ref _waitingBytes, write.Bytes);
        var writes = Interlocked.Increment(ref _waitingWrites);
        if (bytes > _options.WaitingBytes || writes > _options.WaitingWrites)
        {
            CountOff(write);
            return Task.FromException(new StorageException(
                StorageFault.Overloaded,
                $"{_provider.Display} cannot keep up: {writes:N0} writes of {bytes:N0} bytes wait. Submit less at once, or use a faster disk."));
        }

        write.WithdrawOn(cancellation);
        if (!_waiting.Writer.TryWrite(write))
        {
            CountOff(write);
            return Task.FromException(new ObjectDisposedException(nameof(HiveDatabase)));
        }

        return write.Task;
    }

    /// <summary>The lease that writes are made under; 0 for none.</summary>
    public long Lease => _fence?.Epoch ?? 0;

    /// <summary>From now on every transaction ends with the fence.</summary>
    public void Fence(WriteFence fence) => _fence = fence;

    /// <summary>Writes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
    }

    private void CountOff(PendingWrite write)
    {
        Interlocked.Add(ref _waitingBytes, -write.Bytes);
        Interlocked.Decrement(ref _waitingWrites);
    }

    private async Task RunAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            Take();
            if (_transaction.Count > 0)
            {
                await CommitAsync().ConfigureAwait(false);

                // While nothing comes, nothing that was written is held on to.
                _transaction.Clear();
                _alone.Clear();
                _appends.Clear();
            }
        }
    }

    private void Take()
    {
        _transaction.Clear();
        var bytes = 0L;
        while (_transaction.Count < TransactionWrites && bytes < TransactionBytes && _waiting.Reader.TryRead(out var write))
        {
            CountOff(write);
            if (write.TryTake())
            {
                _transaction.Add(write);
                bytes += write.Bytes;
            }
        }
    }

    private async ValueTask CommitAsync()
    {
        try
        {
            await RunTransactionAsync(_transaction).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfOneWrite(e))
        {
            // One of them broke a constraint or lost a race; alone, the others are sound.
            foreach (var write in _transaction)
            {
                await CommitAloneAsync(write).ConfigureAwait(false);
            }

            return;
        }
        catch (Exception e)
        {
            var translated = e as StorageException ?? _provider.Translate(e);
            foreach (var write in _transaction)
            {
                write.Fail(translated);
            }

            return;
        }

        foreach (var write in _transaction)
        {
            write.Settle();
        }
    }

    private async ValueTask CommitAloneAsync(PendingWrite write)
    {
        _alone.Clear();
        _alone.Add(write);
        for (var race = 1; ; race++)
        {
            try
            {
                await RunTransactionAsync(_alone).ConfigureAwait(false);
                write.Settle();
                return;
            }
            catch (Exception e) when (_provider.IsConflict(e) && race < Races)
            {
            }
            catch (Exception e)
            {
                write.Fail(_provider.IsConflict(e) ? write.OnConflict(_provider.Translate(e)) : _provider.Knows(e) ? _provider.Translate(e) : e);
                return;
            }
        }
    }

    /// <summary>Anything that the database did not say itself was thrown by one write's own code.</summary>
    private bool IsOfOneWrite(Exception e) => e is not StorageException { Fault: StorageFault.LeaseLost } && (_provider.IsConflict(e) || !_provider.Knows(e));

    /// <summary>A transaction whose server goes away before the commit was sent is run again when the server is back.</summary>
    private async ValueTask RunTransactionAsync(IReadOnlyList<PendingWrite> writes)
    {
        for (var started = _restart.Start(); ;)
        {
            try
            {
                await RunOnceAsync(writes).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (_provider.Knows(e) && !_committing)
            {
                if (!await _restart.TryWaitAsync(_provider.Translate(e), started, CancellationToken.None).ConfigureAwait(false))
                {
                    throw;
                }
            }
        }
    }

    private async ValueTask RunOnceAsync(IReadOnlyList<PendingWrite> writes)
    {
        _committing = false;
        var fence = _fence;
        await BeginAsync().ConfigureAwait(false);
        try
        {
            _appends.Clear();
            foreach (var write in writes)
            {
                if (write is LogAppend append)
                {
                    _appends.Add(append);
                }
            }

            if (_appends.Count > 0)
            {
                await _log!.WriteAsync(_appends, fence?.Epoch ?? 0, CancellationToken.None).ConfigureAwait(false);
            }

            foreach (var write in writes)
            {
                if (write is IStatements statements)
                {
                    await statements.RunAsync(_session!, CancellationToken.None).ConfigureAwait(false);
                }
            }

            if (fence is not null)
            {
                await fence.CheckAsync(_session!, CancellationToken.None).ConfigureAwait(false);
            }

            _committing = true;
            await _session!.ExecuteAsync("COMMIT", CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            await RollBackAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask BeginAsync()
    {
        if (_session is null)
        {
            Use(await _provider.OpenWriterAsync(CancellationToken.None).ConfigureAwait(false));
        }

        try
        {
            await _provider.BeginAsync(_session!, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (_provider.Knows(e) && _provider.Translate(e).Fault == StorageFault.Unreachable)
        {
            await CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A connection that cannot roll back is closed, which rolls back too.</summary>
    private async ValueTask RollBackAsync()
    {
        try
        {
            await _session!.ExecuteAsync("ROLLBACK", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (_provider.Knows(e) || e is InvalidOperationException)
        {
            await CloseAsync().ConfigureAwait(false);
        }
    }

    private void Use(DatabaseSession session)
    {
        _session = session;
        _log = _provider.CreateLogWriter(session);
    }

    private async ValueTask CloseAsync()
    {
        _log?.Dispose();
        _log = null;
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
