namespace Hive.Engine;

/// <summary>Something that waits for its turn at an activation. An item is in at most one list at a time, linked through itself.</summary>
public abstract class MailItem
{
    private protected MailItem()
    {
    }

    internal MailItem? Next { get; set; }

    /// <summary>Runs on the activation, alone.</summary>
    internal abstract void Deliver(Activation activation);
}

/// <summary>A continuation, or a step of the engine itself, that runs as a turn of its own.</summary>
internal sealed class PostedTurn(SendOrPostCallback callback, object? state, SynchronizationContext context) : MailItem
{
    internal override void Deliver(Activation activation) => activation.RunPosted(callback, state, context);
}
