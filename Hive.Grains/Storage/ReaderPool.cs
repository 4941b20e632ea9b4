using System.Collections.Concurrent;

namespace Hive.Storage;

/// <summary>A few connections that read while the writer writes; each is used by one caller at a time.</summary>
internal sealed class ReaderPool(DatabaseProvider provider) : IAsyncDisposable
{
    private const int Readers = 4;

    private readonly SemaphoreSlim _free = new(Readers);

    private readonly ConcurrentBag<DatabaseSession> _idle = [];

    /// <summary>Runs a read; one that meets a connection which broke while it was idle is run again on a new one.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<DatabaseSession, CancellationToken, ValueTask<T>> read, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_idle.TryTake(out var kept))
            {
                try
                {
                    return await RunAsync(kept, read, cancellation).ConfigureAwait(false);
                }
                catch (Exception e) when (provider.Knows(e) && provider.Translate(e).Fault == StorageFault.Unreachable)
                {
                }
            }

            var session = await provider.OpenReaderAsync(cancellation).ConfigureAwait(false);
            return await RunAsync(session, read, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (provider.Knows(e))
        {
            throw provider.Translate(e);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads under way, then closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < Readers; i++)
        {
            await _free.WaitAsync().ConfigureAwait(false);
        }

        while (_idle.TryTake(out var session))
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<T> RunAsync<T>(
        DatabaseSession session, Func<DatabaseSession, CancellationToken, ValueTask<T>> read, CancellationToken cancellation)
    {
        try
        {
            var result = await read(session, cancellation).ConfigureAwait(false);
            _idle.Add(session);
            return result;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
