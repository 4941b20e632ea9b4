namespace Hive.Nats.Internal;

/// <summary>Who has to write next.</summary>
internal enum WriterDuty
{
    None,

    /// <summary>The thread at hand, at once.</summary>
    Inline,

    /// <summary>A thread of the pool, after the work that is queued there now.</summary>
    Deferred,
}

/// <summary>
/// Writes one session's outgoing bytes, one write at a time. A lone command is written at once by the thread that appends it, so that it waits for no other
/// thread; commands in quick succession are gathered into one write behind the work that makes them; what the read loop's handlers append goes out when the loop
/// has worked off what it read. The state is guarded by the buffer's lock.
/// </summary>
internal sealed class OutgoingWriter(OutgoingBuffer buffer, Stream stream, TimeProvider time, Action<Exception> fail) : IThreadPoolWorkItem
{
    /// <summary>So much is written at once, whoever appends it.</summary>
    private const int EagerBytes = 16 * 1024;

    /// <summary>Commands that follow the last write within this time are gathered.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMicroseconds(20);

    private readonly long _gathering = (long)(Gathering.TotalSeconds * time.TimestampFrequency);

    private bool _busy;

    private int _corkedThread;

    private long _lastWrite;

    /// <summary>What the thread at hand appends waits until <see cref="Uncork"/>, up to a bound.</summary>
    public void Cork() => buffer.Cork(this);

    /// <summary>Writes what was kept.</summary>
    public void Uncork() => Perform(buffer.Uncork(this));

    /// <summary>For the buffer, under its lock: who writes the bytes that wait. A duty makes the writer busy until it rests.</summary>
    public WriterDuty NextDuty(int waiting)
    {
        if (waiting == 0 || _busy || (waiting < EagerBytes && _corkedThread == Environment.CurrentManagedThreadId))
        {
            return WriterDuty.None;
        }

        _busy = true;
        return waiting >= EagerBytes || time.GetTimestamp() - _lastWrite > _gathering ? WriterDuty.Inline : WriterDuty.Deferred;
    }

    /// <summary>For the buffer, under its lock: what the read loop kept is written at once.</summary>
    public WriterDuty UncorkedDuty(int waiting)
    {
        if (waiting == 0 || _busy)
        {
            return WriterDuty.None;
        }

        _busy = true;
        return WriterDuty.Inline;
    }

    /// <summary>For the buffer, under its lock: the thread whose bytes wait; 0 for none.</summary>
    public void SetCork(int thread) => _corkedThread = thread;

    /// <summary>For the buffer, under its lock: nothing waits.</summary>
    public void Rest() => _busy = false;

    /// <summary>Does a duty, outside the lock.</summary>
    public void Perform(WriterDuty duty)
    {
        if (duty == WriterDuty.Inline)
        {
            WriteOnce();
        }
        else if (duty == WriterDuty.Deferred)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = WriteAllAsync();

    /// <summary>One write, and the rest elsewhere: an appending thread must not become everybody's writer.</summary>
    private void WriteOnce()
    {
        var bytes = buffer.Take(this);
        if (bytes.IsEmpty)
        {
            return;
        }

        ValueTask write;
        try
        {
            write = stream.WriteAsync(bytes);
            _lastWrite = time.GetTimestamp();
            if (!write.IsCompletedSuccessfully)
            {
                _ = FinishAsync(write);
                return;
            }

            write.GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            fail(e);
            return;
        }

        Perform(buffer.Complete(this));
    }

    private async Task FinishAsync(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fail(e);
            return;
        }

        await WriteAllAsync().ConfigureAwait(false);
    }

    private async Task WriteAllAsync()
    {
        try
        {
            for (var bytes = buffer.Take(this); !bytes.IsEmpty; bytes = buffer.Take(this))
            {
                await stream.WriteAsync(bytes).ConfigureAwait(false);
                _lastWrite = time.GetTimestamp();
            }
        }
        catch (Exception e)
        {
            fail(e);
        }
    }
}
