using Hive.Engine;
using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// The base of grain classes. A grain object is used by one turn at a time and never shared; it lives from its first call
/// until it is idle for long, asks to go, or its silo ends.
/// </summary>
public abstract class Grain : IGrainBase, IAddressable
{
    private readonly IGrainContext? _context;

    /// <summary>Binds the object to the activation that is being created on this thread.</summary>
    protected Grain()
        : this(Turn.CurrentActivation!)
    {
    }

    private Grain(IGrainContext? context) => _context = context;

    /// <inheritdoc/>
    public IGrainContext GrainContext =>
        _context ?? throw new InvalidOperationException("This grain object was not created by the engine, so it has no context.");

    /// <summary>This activation, as others refer to it.</summary>
    public GrainReference GrainReference => GrainContext.GrainReference;

    /// <summary>Gives references to other grains.</summary>
    protected IGrainFactory GrainFactory => Activation.Factory;

    /// <summary>The services of this activation; scoped ones end with it.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    /// <summary>The grain's identity in words.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    /// <summary>The address of the silo that this activation lives on.</summary>
    public string RuntimeIdentity => Activation.Silo.Address.ToString();

    private Activation Activation => (Activation)GrainContext;

    /// <inheritdoc/>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Deactivates this grain when the calls that now run have ended; calls that wait go to its next activation.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>Keeps idle collection away from this activation for a while.</summary>
    /// <param name="timeSpan">From now; <see cref="Timeout.InfiniteTimeSpan"/> for good, zero or less to lift an earlier delay.</param>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.DelayDeactivation(timeSpan);
}
