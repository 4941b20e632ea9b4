namespace Hive.Engine;

/// <summary>Tells which activation and which call the running code belongs to. A turn carries both in its synchronization context.</summary>
internal static class Turn
{
    internal static Activation? CurrentActivation => SynchronizationContext.Current switch
    {
        Activation activation => activation,
        InterleavedTurn turn => turn.Activation,
        _ => null,
    };

    internal static Activation? Current(out GrainCall? call)
    {
        switch (SynchronizationContext.Current)
        {
            case Activation activation:
                call = activation.MainCall;
                return activation;
            case InterleavedTurn turn:
                call = turn.Call;
                return turn.Activation;
            default:
                call = null;
                return null;
        }
    }
}

/// <summary>The context of a call that may run beside others of its activation, so that what it does can be told from what they do.</summary>
internal sealed class InterleavedTurn(Activation activation, GrainCall call) : SynchronizationContext
{
    internal Activation Activation { get; } = activation;

    internal GrainCall Call { get; } = call;

    public override void Post(SendOrPostCallback d, object? state) => Activation.PostTurn(d, state, this);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A grain's turn cannot be waited for without awaiting.");
}
