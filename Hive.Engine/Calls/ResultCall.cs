namespace Hive.Engine;

/// <summary>A call that has a result.</summary>
public abstract class ResultCall<TResult> : GrainCall
{
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<TResult>? _callee;

    /// <summary>What the caller awaits.</summary>
    internal Task<TResult> Task => _completion.Task;

    internal sealed override bool IsSettled => _completion.Task.IsCompleted;

    internal sealed override Task? Completion => _completion.Task;

    /// <summary>Calls the method on <paramref name="target"/>. Written by the generator.</summary>
    protected abstract ValueTask<TResult> Invoke(object target);

    internal virtual ValueTask<TResult> InvokeOn(Activation activation) => Invoke(activation.Target);

    internal sealed override bool TrySetException(Exception exception) => _completion.TrySetException(exception);

    internal sealed override bool TrySetCanceled(CancellationToken token) => _completion.TrySetCanceled(token);

    internal bool TrySetResult(TResult result) => _completion.TrySetResult(result);

    internal sealed override void WriteResult(ref WireWriter writer) => writer.Write(_completion.Task.Result);

    internal sealed override void ReadResult(ref WireReader reader)
    {
        var result = reader.Read<TResult>();
        reader.End();
        TrySetResult(result);
    }

    internal sealed override Task SendAsync(Orleans.Runtime.GrainReference reference)
    {
        reference.Dispatch(this);
        return Task;
    }

    internal sealed override void Execute(Activation activation)
    {
        try
        {
            var callee = InvokeOn(activation);
            if (callee.IsCompleted)
            {
                TrySetResult(callee.GetAwaiter().GetResult());
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
            TrySetException(exception);
        }

        activation.Finish(this);
    }

    private void OnCalleeCompleted()
    {
        try
        {
            TrySetResult(_callee!.GetAwaiter().GetResult());
        }
        catch (Exception exception)
        {
            TrySetException(exception);
        }

        _callee = null;
        Host!.Finish(this);
    }
}
