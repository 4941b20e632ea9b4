using Orleans;

namespace Hive.Engine;

/// <summary>How long the activation has been idle. Written by sweeps; a turn only says that it was used.</summary>
internal sealed partial class Activation
{
    private int _isWatched;
    private volatile bool _isQueued;
    private volatile bool _isUsed;

    internal bool IsWatched => Volatile.Read(ref _isWatched) != 0;

    /// <summary>When the last use was seen, on the fabric's clock.</summary>
    internal long IdleSince { get; private set; }

    /// <summary>Until when the grain wants to be kept, on the fabric's clock.</summary>
    internal long KeptUntil => _extras?.KeptUntil ?? 0;

    internal bool TryMarkWatched() => Volatile.Read(ref _isWatched) == 0 && Interlocked.Exchange(ref _isWatched, 1) == 0;

    // A full fence, so that either the sweep sees the mail that has just come or its receiver sees that nobody watches.
    internal void ClearWatched() => Interlocked.Exchange(ref _isWatched, 0);

    internal bool TryMarkQueued()
    {
        if (_isQueued) return false;
        _isQueued = true;
        return true;
    }

    internal void ClearQueued() => _isQueued = false;

    internal void NoteUse(long now)
    {
        if (!_isUsed && IdleSince != 0) return;
        _isUsed = false;
        IdleSince = now;
    }

    internal void DelayDeactivation(TimeSpan timeSpan)
    {
        Extras.KeptUntil = timeSpan == Timeout.InfiniteTimeSpan ? long.MaxValue : timeSpan <= TimeSpan.Zero ? 0 : Owner.DeadlineAfter(timeSpan);
    }

    /// <summary>Deactivates, if nothing has come in the meantime.</summary>
    internal void LeaveIfIdle() => TryReceive(new EngineTurn(static activation => activation.LeaveUnlessUsed()));

    /// <summary>Deactivates, if nothing has come since <paramref name="time"/> on the fabric's clock.</summary>
    internal void LeaveIfIdleSince(long time) => TryReceive(new EngineTurn(activation =>
    {
        activation.NoteUse(activation.Owner.Fabric.Clock.Now);
        if (activation.IdleSince <= time) activation.LeaveUnlessUsed();
    }));

    private void LeaveUnlessUsed()
    {
        if (_phase != Phase.Active || _running is not null || _firstWaiting is not null || _isUsed) return;
        Leave(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Nobody has called for the collection age."));
    }

    /// <summary>The calls that are here now. Read while others move them, so one in motion may be missed, or seen twice.</summary>
    internal IEnumerable<GrainCall> CallsInSight()
    {
        const int Bound = 1 << 20;
        var left = Bound;
        foreach (var first in (MailItem?[])[_running, _firstWaiting, _undelivered, Volatile.Read(ref _inbox)])
        {
            for (var item = first; item is not null && left-- > 0; item = item.Next)
            {
                if (item is GrainCall call) yield return call;
            }
        }
    }
}
