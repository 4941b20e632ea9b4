using Orleans;

namespace Hive.Engine;

/// <summary>Activation or deactivation, as a call that keeps all others out, so that time-outs and deadlocks are seen there too.</summary>
internal sealed class LifecycleCall : VoidCall
{
    internal static readonly GrainMethod ActivateMethod = GrainMethod.Internal(nameof(IGrainBase), nameof(IGrainBase.OnActivateAsync));
    internal static readonly GrainMethod DeactivateMethod = GrainMethod.Internal(nameof(IGrainBase), nameof(IGrainBase.OnDeactivateAsync));

    private readonly Func<CancellationToken, ValueTask> _step;

    private LifecycleCall(GrainMethod method, Func<CancellationToken, ValueTask> step)
    {
        Method = method;
        _step = step;
    }

    public override GrainMethod Method { get; }

    internal static LifecycleCall Begin(
        Activation activation, GrainMethod method, GrainCall? cause, TimeSpan timeout, Func<CancellationToken, ValueTask> step) => new(method, step)
        {
            Host = activation,
            Parent = cause,
            Timeout = timeout,
            CancelOnTimeout = true,
            ExpiresAt = activation.Owner.DeadlineAfter(timeout),
        };

    internal override ValueTask InvokeOn(Activation activation) => _step(CalleeToken);

    internal override void OnExpired()
    {
        if (ReferenceEquals(Method, DeactivateMethod)) Host!.TryReceive(new EngineTurn(static activation => activation.GiveUpDeactivation()));
    }

    protected override ValueTask Invoke(object target) => default;
}
