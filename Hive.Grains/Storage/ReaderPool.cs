using System.Collections.Concurrent;

namespace Hive.Storage;

/// <summary>A few connections that read while the writer writes; each is used by one caller at a time.</summary>
internal sealed class ReaderPool(DatabaseProvider provider, RestartWait restart) : IAsyncDisposable
{
    private const int Readers = 4;

    private readonly SemaphoreSlim _free = new(Readers);

    private readonly ConcurrentBag<DatabaseSession> _idle = [];

    /// <summary>Runs a read; one that meets a server which has gone away is run again when it is back, for a while.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<DatabaseSession, CancellationToken, ValueTask<T>> read, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            for (var started = restart.Start(); ;)
            {
                var isKept = _idle.TryTake(out var kept);
                try
                {
                    var session = kept ?? await provider.OpenReaderAsync(cancellation).ConfigureAwait(false);
                    return await RunAsync(session, read, cancellation).ConfigureAwait(false);
                }
                catch (Exception e) when (provider.Knows(e))
                {
                    // A connection may have broken long ago, while it was idle: that says nothing about the server now.
                    var translated = provider.Translate(e);
                    if (isKept && translated.Fault == StorageFault.Unreachable)
                    {
                        continue;
                    }

                    if (!await restart.TryWaitAsync(translated, started, cancellation).ConfigureAwait(false))
                    {
                        throw translated;
                    }
                }
            }
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
