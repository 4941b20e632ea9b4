using Orleans;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>The activation's life: created → activating → active → deactivating → dead.</summary>
internal sealed partial class Activation
{
    private volatile Phase _phase;
    private volatile bool _isLeaving;

    private enum Phase : byte
    {
        /// <summary>In the directory; nobody has called yet.</summary>
        Created,

        /// <summary>The object is being made and its state read; calls wait.</summary>
        Activating,

        /// <summary>Calls run.</summary>
        Active,

        /// <summary>The last call has ended; calls wait, to be sent on.</summary>
        Deactivating,

        /// <summary>Out of the directory.</summary>
        Dead,
    }

    internal bool IsDead => _phase == Phase.Dead;

    /// <summary>Whether the activation ends as soon as its running calls have ended, or nobody waits for them.</summary>
    internal bool IsLeaving => _isLeaving;

    internal bool IsBusy => !ReferenceEquals(Volatile.Read(ref _inbox), Idle) || _running is not null || _phase != Phase.Active;

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default) =>
        TryReceive(new EngineTurn(activation => activation.Leave(deactivationReason)));

    /// <summary>Ends the activation as if its process had died: calls fail, and nothing of the grain runs any more.</summary>
    internal void Kill(SiloUnavailableException reason)
    {
        // The mailbox may be stuck behind a turn that computes for long; callers need not wait for that.
        foreach (var call in CallsInSight()) call.Abandon(reason);
        TryReceive(new EngineTurn(activation => activation.Die(reason)));
    }

    internal void Leave(DeactivationReason reason)
    {
        if (_isLeaving || _phase == Phase.Dead) return;
        _isLeaving = true;
        Extras.Reason = reason;
    }

    private void BeginActivation(GrainCall first)
    {
        try
        {
            _instance = Class.Create(this);
        }
        catch (Exception exception)
        {
            FailActivation(exception);
            return;
        }

        if (_extras is not { States.Count: > 0 } && !Class.HasOnActivate)
        {
            _phase = Phase.Active;
            return;
        }

        _phase = Phase.Activating;
        Start(LifecycleCall.Begin(this, LifecycleCall.ActivateMethod, first, Owner.CollectionOptions.ActivationTimeout, ActivateAsync));
    }

    private void BeginDeactivation()
    {
        _phase = Phase.Deactivating;
        if (Class.HasOnDeactivate || _extras is { Enumerations.Count: > 0 })
        {
            Start(LifecycleCall.Begin(this, LifecycleCall.DeactivateMethod, null, Owner.CollectionOptions.DeactivationTimeout, DeactivateAsync));
        }
        else
        {
            End();
        }
    }

    private async ValueTask ActivateAsync(CancellationToken token)
    {
        try
        {
            if (_extras is { } extras)
            {
                foreach (var state in extras.States) await state.ReadAsync(token);
            }

            await ((IGrainBase)_instance!).OnActivateAsync(token);
            _phase = Phase.Active;
        }
        catch (Exception exception)
        {
            FailActivation(exception);
        }
    }

    private void FailActivation(Exception exception)
    {
        Owner.Log.ActivationFailed(GrainId, exception);
        for (var call = TakeWaiting(); call is not null;)
        {
            var next = (GrainCall?)call.Next;
            call.Next = null;
            call.TrySetException(exception);
            call.Release();
            call = next;
        }

        End();
    }

    private async ValueTask DeactivateAsync(CancellationToken token)
    {
        try
        {
            foreach (var enumeration in Extras.Enumerations.ToList()) await enumeration.DisposeAsync();
            if (_instance is IGrainBase grain) await grain.OnDeactivateAsync(Extras.Reason, token);
        }
        catch (Exception exception)
        {
            Owner.Log.DeactivationFailed(GrainId, exception);
        }

        End();
    }

    /// <summary>Ends an activation whose <see cref="IGrainBase.OnDeactivateAsync"/> does not come back.</summary>
    internal void GiveUpDeactivation()
    {
        if (_phase != Phase.Deactivating) return;
        Owner.Log.DeactivationTimedOut(GrainId);
        End();
    }

    private void Die(SiloUnavailableException reason)
    {
        if (_phase == Phase.Dead) return;
        for (var call = _running; call is not null; call = (GrainCall?)call.Next) call.Abandon(reason);
        for (var call = TakeWaiting(); call is not null;)
        {
            var next = (GrainCall?)call.Next;
            call.Next = null;
            call.Abandon(reason);
            call.Release();
            call = next;
        }

        End();
    }

    private void End()
    {
        if (_phase == Phase.Dead) return;
        _phase = Phase.Dead;
        Owner.Fabric.Forget(this);
        if (_isQueued) Class.NoteDeadInQueue();
        if (_extras is { } extras)
        {
            _ = extras.DisposeAsync().AsTask().ContinueWith(
                static (task, state) => ((Activation)state!).Owner.Log.DisposalFailed(((Activation)state).GrainId, task.Exception!),
                this,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            extras.Deactivated.TrySetResult();
        }

        _instance = null;
        for (var call = TakeWaiting(); call is not null;)
        {
            var next = (GrainCall?)call.Next;
            call.Next = null;
            Owner.Fabric.Resend(call);
            call = next;
        }
    }

    private GrainCall? TakeWaiting()
    {
        var first = _firstWaiting;
        _firstWaiting = null;
        _lastWaiting = null;
        _waiting = 0;
        return first;
    }
}

/// <summary>A step of the engine on an activation's own turn; it runs even on a silo that has been killed.</summary>
internal sealed class EngineTurn(Action<Activation> step) : MailItem
{
    internal override void Deliver(Activation activation) => step(activation);
}
