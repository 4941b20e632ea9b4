namespace Hive.Engine;

/// <summary>
/// The mailbox: a stack that any thread pushes on and only the activation's own work item empties. Its head is also the status word:
/// <c>Idle</c> (nothing to do, no work item queued), null (a work item is queued or runs, nothing new), an item, or <c>Closed</c> (dead).
/// </summary>
internal sealed partial class Activation : IThreadPoolWorkItem
{
    /// <summary>After so many rounds the work item goes to the back of the pool's queue, so that a busy grain starves no other.</summary>
    private const int RoundsPerWorkItem = 16;

    private static readonly Sentinel Idle = new();
    private static readonly Sentinel Closed = new();

    private MailItem? _inbox = Idle;
    private MailItem? _undelivered;

    /// <summary>Hands over an item; false if the activation is dead and has not taken it.</summary>
    internal bool TryReceive(MailItem item)
    {
        var head = Volatile.Read(ref _inbox);
        while (true)
        {
            if (ReferenceEquals(head, Closed)) return false;
            var wasIdle = ReferenceEquals(head, Idle);
            item.Next = wasIdle ? null : head;
            var seen = Interlocked.CompareExchange(ref _inbox, item, head);
            if (ReferenceEquals(seen, head))
            {
                if (wasIdle) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
                return true;
            }

            head = seen;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        Owner.Watch(this);
        SetSynchronizationContext(this);
        try
        {
            for (var round = 0; round < RoundsPerWorkItem; round++)
            {
                DeliverAll(Interlocked.Exchange(ref _inbox, null));
                if (_phase == Phase.Dead)
                {
                    Close();
                    return;
                }

                if (Interlocked.CompareExchange(ref _inbox, Idle, null) is null) return;
            }
        }
        finally
        {
            SetSynchronizationContext(null);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void DeliverAll(MailItem? newest)
    {
        // A stack gives the newest first; mail is delivered in the order it came.
        MailItem? oldest = null;
        while (newest is not null)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        while (oldest is not null)
        {
            // What is still to come stays in sight of sweeps: the turn that begins now may take long.
            var next = oldest.Next;
            _undelivered = next;
            oldest.Next = null;
            oldest.Deliver(this);
            Settle();
            oldest = next;
        }
    }

    /// <summary>Takes nothing more, and sends what has come since to wherever the grain lives next.</summary>
    private void Close()
    {
        for (var item = Interlocked.Exchange(ref _inbox, Closed); item is not null;)
        {
            var next = item.Next;
            item.Next = null;
            if (item is GrainCall call) Owner.Fabric.Resend(call);
            item = next;
        }
    }

    private sealed class Sentinel : MailItem
    {
        internal override void Deliver(Activation activation)
        {
        }
    }
}
