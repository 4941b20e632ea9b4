namespace Hive.Storage;

/// <summary>Waits out the restart of a server: tries again for a while, and only where nothing can have been recorded by the first try.</summary>
internal sealed class RestartWait(TimeSpan timeout, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The moment from which a try counts.</summary>
    public long Start() => time.GetTimestamp();

    /// <summary>Pauses and returns true when the server is gone and there is time left to try again.</summary>
    public async ValueTask<bool> TryWaitAsync(StorageException fault, long started, CancellationToken cancellation)
    {
        if (fault.Fault != StorageFault.Unreachable || time.GetElapsedTime(started) >= timeout)
        {
            return false;
        }

        await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        return true;
    }
}
