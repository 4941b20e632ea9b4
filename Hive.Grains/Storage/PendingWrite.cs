namespace Hive.Storage;

/// <summary>One write that waits for the next transaction; its task completes when that transaction is on disk.</summary>
internal abstract class PendingWrite() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private int _state;

    private CancellationTokenRegistration _registration;

    /// <summary>About how many bytes it holds while it waits.</summary>
    public abstract int Bytes { get; }

    /// <summary>Why the write alone was refused, without anything written; null when it was carried out.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>The exception of a constraint that this write broke, as its caller knows it.</summary>
    public virtual Exception OnConflict(StorageException exception) => exception;

    /// <summary>Lets the token withdraw the write as long as it waits.</summary>
    public void WithdrawOn(CancellationToken cancellation)
    {
        if (cancellation.CanBeCanceled)
        {
            _registration = cancellation.UnsafeRegister(
                static (write, token) =>
                {
                    var self = (PendingWrite)write!;
                    if (Interlocked.CompareExchange(ref self._state, Withdrawn, Waiting) == Waiting)
                    {
                        self.TrySetCanceled(token);
                    }
                },
                this);
        }
    }

    /// <summary>Claims the write for a transaction; false when it was withdrawn.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Tells the caller that the transaction is on disk, or why this write alone is not in it.</summary>
    public void Settle()
    {
        _registration.Unregister();
        if (Refusal is { } refusal)
        {
            TrySetException(refusal);
        }
        else
        {
            TrySetResult();
        }
    }

    /// <summary>Tells the caller that nothing was recorded, and why.</summary>
    public void Fail(Exception exception)
    {
        _registration.Unregister();
        TrySetException(exception);
    }
}

/// <summary>A write of a few statements, given as a function that may be run again when its transaction has to be.</summary>
internal sealed class FunctionWrite<T>(Func<DatabaseSession, CancellationToken, ValueTask<T>> function, int bytes) : PendingWrite, IStatements
{
    private T? _result;

    public override int Bytes => bytes;

    /// <summary>What the function returned; valid once the task has completed.</summary>
    public T Result => _result!;

    public async ValueTask RunAsync(DatabaseSession session, CancellationToken cancellation)
    {
        Refusal = null;
        try
        {
            _result = await function(session, cancellation).ConfigureAwait(false);
        }
        catch (WriteRefusedException e)
        {
            Refusal = e.Reason;
        }
    }
}

/// <summary>A pending write that is carried out by statements of its own.</summary>
internal interface IStatements
{
    ValueTask RunAsync(DatabaseSession session, CancellationToken cancellation);
}

/// <summary>Thrown by a function that has changed nothing and refuses its own write, while its neighbours' are sound.</summary>
internal sealed class WriteRefusedException(Exception reason) : Exception(reason.Message, reason)
{
    public Exception Reason => InnerException!;
}
