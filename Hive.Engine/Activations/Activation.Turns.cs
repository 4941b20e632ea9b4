using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>
/// Turns: which calls run and which wait. Only the activation's own work item touches this; sweeps read it and may miss what is moving.
/// A call may start if nothing that blocks runs, if it blocks nobody, if the class is reentrant, or if it and all that run are read-only
/// and nobody waits before it.
/// </summary>
internal sealed partial class Activation
{
    private GrainCall? _running;
    private GrainCall? _firstWaiting;
    private GrainCall? _lastWaiting;
    private int _waiting;
    private int _blocking;
    private int _blockingReadOnly;

    /// <summary>The call that runs in the activation's own context; calls that run beside it have contexts of their own.</summary>
    internal GrainCall? MainCall { get; private set; }

    internal GrainCall? FirstRunning => _running;

    internal GrainCall? FirstWaiting => _firstWaiting;

    internal void Accept(GrainCall call)
    {
        if (_phase == Phase.Dead || Owner.IsDead)
        {
            Owner.Fabric.Resend(call);
            return;
        }

        if (call.ExpiresAt == 0) call.ExpiresAt = Owner.DeadlineAfter(call.Timeout);
        call.Host = this;
        if (_phase == Phase.Active && MayStart(call) && (_firstWaiting is null || !call.IsBlocking))
        {
            Start(call);
            return;
        }

        if (Owner.MostWaiting > 0 && _waiting >= Owner.MostWaiting)
        {
            call.TrySetException(new LimitExceededException($"{_waiting} calls wait for {GrainId} already; {call} was refused."));
            call.Release();
            return;
        }

        call.State = CallState.Waiting;
        _waiting++;
        if (_lastWaiting is null) _firstWaiting = call;
        else _lastWaiting.Next = call;
        _lastWaiting = call;
        if (_phase == Phase.Created) BeginActivation(call);
        else if (call.Parent is not null) DeadlockDetector.CheckSoon(call);
    }

    /// <summary>Sees to the end of a call that runs here. May be called from any turn of this activation.</summary>
    internal void Finish(GrainCall call)
    {
        if (call.Previous is null) _running = (GrainCall?)call.Next;
        else call.Previous.Next = call.Next;
        if (call.Next is GrainCall next) next.Previous = call.Previous;
        call.Next = null;
        call.Previous = null;
        if (call.IsBlocking) _blocking--;
        if (call.IsBlocking && call.IsReadOnly) _blockingReadOnly--;
        if (ReferenceEquals(MainCall, call)) MainCall = null;
        call.Release();
    }

    internal void PostTurn(SendOrPostCallback callback, object? state, SynchronizationContext context) =>
        TryReceive(new PostedTurn(callback, state, context));

    /// <summary>Queues a continuation of a turn that runs in the activation's own context.</summary>
    public override void Post(SendOrPostCallback d, object? state) => PostTurn(d, state, this);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A grain's turn cannot be waited for without awaiting.");

    internal void RunPosted(SendOrPostCallback callback, object? state, SynchronizationContext context)
    {
        if (_phase == Phase.Dead || Owner.IsDead) return;
        if (!ReferenceEquals(context, this)) SetSynchronizationContext(context);
        try
        {
            callback(state);
        }
        catch (Exception exception)
        {
            Owner.Log.TurnFailed(GrainId, exception);
        }

        SetSynchronizationContext(this);
    }

    private bool MayStart(GrainCall call) =>
        !_isLeaving
        && (_blocking == 0
            || !call.IsBlocking
            || Class.IsReentrant
            || (call.IsReadOnly && _blocking == _blockingReadOnly));

    private void Start(GrainCall call)
    {
        if (call.IsSettled || call.CallerToken.IsCancellationRequested)
        {
            call.TrySetCanceled(call.CallerToken);
            call.Release();
            return;
        }

        call.State = CallState.Running;
        if (call.IsUse) _isUsed = true;
        call.Next = _running;
        if (_running is not null) _running.Previous = call;
        _running = call;
        if (call.IsBlocking) _blocking++;
        if (call.IsBlocking && call.IsReadOnly) _blockingReadOnly++;

        var context = call.Context;
        if (context is not null) RequestContext.Restore(context);
        if (MainCall is null && call.IsBlocking && !Class.IsReentrant)
        {
            MainCall = call;
            call.Execute(this);
        }
        else
        {
            SetSynchronizationContext(new InterleavedTurn(this, call));
            call.Execute(this);
            SetSynchronizationContext(this);
        }

        // A method that is not async sets the thread's values themselves, not a copy; the next turn must not see them.
        RequestContext.Clear();
    }

    /// <summary>Starts what may start now, and ends the activation if it wants to end and nothing runs.</summary>
    private void Settle()
    {
        while (_firstWaiting is { } call && _phase == Phase.Active && MayStart(call))
        {
            _firstWaiting = (GrainCall?)call.Next;
            if (_firstWaiting is null) _lastWaiting = null;
            _waiting--;
            call.Next = null;
            Start(call);
        }

        if (_isLeaving && _phase is Phase.Active && !IsAnyoneServed()) BeginDeactivation();
    }

    private bool IsAnyoneServed()
    {
        for (var call = _running; call is not null; call = (GrainCall?)call.Next)
        {
            if (!call.IsSettled) return true;
        }

        return false;
    }
}
