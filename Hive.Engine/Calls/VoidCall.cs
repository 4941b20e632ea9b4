namespace Hive.Engine;

/// <summary>A call that has no result.</summary>
public abstract class VoidCall : GrainCall
{
    private TaskCompletionSource? _completion;
    private Task? _callee;
    private volatile bool _isSettled;

    /// <summary>What the caller awaits. Only a call that somebody waits for has it.</summary>
    internal Task Task => _completion!.Task;

    internal sealed override bool IsSettled => _isSettled;

    internal sealed override Task? Completion => _completion?.Task;

    /// <summary>Calls the method on <paramref name="target"/>. Written by the generator.</summary>
    protected abstract ValueTask Invoke(object target);

    internal virtual ValueTask InvokeOn(Activation activation) => Invoke(activation.Target);

    /// <summary>Makes <see cref="Task"/>; to be called before the call is sent.</summary>
    internal void ExpectCompletion() => _completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    internal sealed override bool TrySetException(Exception exception)
    {
        _isSettled = true;
        return _completion is null || _completion.TrySetException(exception);
    }

    internal sealed override bool TrySetCanceled(CancellationToken token)
    {
        _isSettled = true;
        return _completion is null || _completion.TrySetCanceled(token);
    }

    internal void TrySetCompleted()
    {
        _isSettled = true;
        _completion?.TrySetResult();
    }

    internal sealed override void WriteResult(ref WireWriter writer)
    {
    }

    internal sealed override void ReadResult(ref WireReader reader)
    {
        reader.End();
        TrySetCompleted();
    }

    internal sealed override Task SendAsync(Orleans.Runtime.GrainReference reference)
    {
        if (!IsOneWay) ExpectCompletion();
        reference.Dispatch(this);
        return _completion?.Task ?? System.Threading.Tasks.Task.CompletedTask;
    }

    internal sealed override void Execute(Activation activation)
    {
        try
        {
            var callee = InvokeOn(activation);
            if (callee.IsCompleted)
            {
                callee.GetAwaiter().GetResult();
                TrySetCompleted();
            }
            else
            {
                // The context is the turn's, so the continuation runs as a turn too, and at once if the callee ends on one.
                _callee = callee.AsTask();
                _callee.GetAwaiter().UnsafeOnCompleted(OnCalleeCompleted);
                return;
            }
        }
        catch (Exception exception)
        {
            OnFailed(activation, exception);
        }

        activation.Finish(this);
    }

    private void OnCalleeCompleted()
    {
        try
        {
            _callee!.GetAwaiter().GetResult();
            TrySetCompleted();
        }
        catch (Exception exception)
        {
            OnFailed(Host!, exception);
        }

        _callee = null;
        Host!.Finish(this);
    }

    private void OnFailed(Activation activation, Exception exception)
    {
        if (_completion is null) activation.LogUnobserved(this, exception);
        TrySetException(exception);
    }
}
