using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>
/// One life of one grain on one silo: the grain object, its mailbox and its turns, of which never two run at the same time.
/// It is the synchronization context of its turns, so what follows an await comes back here.
/// </summary>
internal sealed partial class Activation : SynchronizationContext, IGrainContext
{
    private object? _instance;
    private ActivationExtras? _extras;

    internal Activation(FabricMember owner, GrainClass grainClass, GrainId grainId)
    {
        Owner = owner;
        Class = grainClass;
        GrainId = grainId;
    }

    public GrainId GrainId { get; }

    public GrainReference GrainReference => Owner.Factory.CreateReference(GrainId);

    public object? GrainInstance => _instance;

    public IServiceProvider ActivationServices => Extras.Services(Owner.Services);

    public Task Deactivated => _phase == Phase.Dead ? Task.CompletedTask : DeactivatedOnceDead();

    /// <summary>The silo or client that hosts this.</summary>
    internal FabricMember Owner { get; }

    internal Silo Silo => (Silo)Owner;

    internal GrainClass Class { get; }

    internal IGrainFactory Factory => Owner.Factory;

    /// <summary>The next in the directory's bucket.</summary>
    internal Activation? NextInBucket { get; set; }

    /// <summary>The object that calls are made on.</summary>
    /// <exception cref="ClientNotAvailableException">It was an observer, and nobody holds it any more.</exception>
    internal object Target => _instance is WeakReference weak ? weak.Target ?? throw ObserverGone() : _instance!;

    internal ActivationExtras Extras => _extras ?? Interlocked.CompareExchange(ref _extras, new ActivationExtras(), null) ?? _extras;

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override string ToString() => $"{GrainId} on {Owner.Name}";

    /// <summary>An activation that is an ordinary object of the application.</summary>
    internal static Activation OfObserver(FabricMember owner, GrainId grainId, IGrainObserver observer) =>
        new(owner, owner.ObserverClass, grainId) { _instance = new WeakReference(observer), _phase = Phase.Active };

    internal IGrainTimer StartTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, callback, options);
        lock (Extras.Timers) Extras.Timers.Add(timer);
        timer.Start();
        return timer;
    }

    internal void Forget(GrainTimer timer)
    {
        lock (Extras.Timers) Extras.Timers.Remove(timer);
    }

    internal void LogUnobserved(GrainCall call, Exception exception) => Owner.Log.OneWayCallFailed(call.ToString(), exception);

    private ClientNotAvailableException ObserverGone()
    {
        Deactivate(new DeactivationReason(DeactivationReasonCode.RuntimeRequested, "The object is gone."));
        return new ClientNotAvailableException($"The object behind {GrainId} is gone; whoever made the reference must hold the object.");
    }

    private Task DeactivatedOnceDead()
    {
        var task = Extras.Deactivated.Task;
        if (_phase == Phase.Dead) Extras.Deactivated.TrySetResult();
        return task;
    }
}

/// <summary>What few activations need, so that the rest do not pay for it.</summary>
internal sealed class ActivationExtras
{
    private IServiceScope? _scope;

    internal TaskCompletionSource Deactivated { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal List<GrainTimer> Timers { get; } = [];

    /// <summary>What is to be read before the grain activates.</summary>
    internal List<IReadBeforeActivation> States { get; } = [];

    /// <summary>Async streams that are being read.</summary>
    internal HashSet<IAsyncDisposable> Enumerations { get; } = [];

    /// <summary>What other parts of the engine attach to an activation, by type.</summary>
    internal Dictionary<Type, object> Components { get; } = [];

    internal DeactivationReason Reason { get; set; }

    /// <summary>Until when the grain wants to be kept, on the fabric's clock.</summary>
    internal long KeptUntil { get; set; }

    internal IServiceProvider Services(IServiceProvider root)
    {
        lock (this) return (_scope ??= root.CreateScope()).ServiceProvider;
    }

    internal async ValueTask DisposeAsync()
    {
        GrainTimer[] timers;
        lock (Timers) timers = [.. Timers];
        foreach (var timer in timers) timer.Dispose();
        if (_scope is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else _scope?.Dispose();
    }
}

/// <summary>A part of a grain that must be ready before <see cref="IGrainBase.OnActivateAsync"/>.</summary>
internal interface IReadBeforeActivation
{
    Task ReadAsync(CancellationToken cancellationToken);
}
