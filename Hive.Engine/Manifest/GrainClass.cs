using System.Reflection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>A grain class as one silo knows it.</summary>
internal sealed class GrainClass
{
    private readonly Func<IGrainServices, object>? _create;
    private int _deadInQueue;

    private GrainClass(Type type, GrainType grainType, Func<IGrainServices, object>? create)
    {
        Type = type;
        GrainType = grainType;
        _create = create;
        HasOnActivate = Overrides(type, nameof(Grain.OnActivateAsync));
        HasOnDeactivate = Overrides(type, nameof(Grain.OnDeactivateAsync));
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        MaxWorkers = type.GetCustomAttribute<StatelessWorkerAttribute>()?.PlacementStrategy is StatelessWorkerPlacement workers ? workers.MaxLocal : 0;
        Filters = [.. type.GetCustomAttributes<PlacementFilterAttribute>().Select(attribute => attribute.PlacementFilterStrategy).OrderBy(strategy => strategy.Order)];
    }

    internal Type Type { get; }

    internal GrainType GrainType { get; }

    /// <summary>Whether the class does something of its own when it activates; most small grains do not, and need no turn for it.</summary>
    internal bool HasOnActivate { get; }

    /// <summary>Whether the class does something of its own when it deactivates.</summary>
    internal bool HasOnDeactivate { get; }

    internal bool IsReentrant { get; }

    /// <summary>How many activations one identity may have on a silo, for stateless workers; 0 for all other classes.</summary>
    internal int MaxWorkers { get; }

    internal IReadOnlyList<PlacementFilterStrategy> Filters { get; }

    /// <summary>Activations that were idle at some time, the one that has been so for longest first. Touched by sweeps only.</summary>
    internal Queue<Activation> IdleQueue { get; private set; } = new();

    /// <summary>Takes notice that an activation ended while it was in <see cref="IdleQueue"/>.</summary>
    internal void NoteDeadInQueue() => Interlocked.Increment(ref _deadInQueue);

    /// <summary>Takes the dead out of <see cref="IdleQueue"/> when they are the greater part, so that grains that come and go do not pile up there.</summary>
    internal void ForgetDead()
    {
        if (Volatile.Read(ref _deadInQueue) <= IdleQueue.Count / 2) return;
        Volatile.Write(ref _deadInQueue, 0);
        IdleQueue = new Queue<Activation>(IdleQueue.Where(activation => !activation.IsDead));
    }

    internal static GrainClass Of(GrainClassDescription description) => new(description.Type, description.GrainType, description.Create);

    internal static GrainClass ForObservers() => new(typeof(Orleans.IGrainObserver), Observers.Kind, null);

    private static bool Overrides(Type type, string method) => type.IsSubclassOf(typeof(Grain))
        ? type.GetMethod(method)!.DeclaringType != typeof(Grain)
        : type.IsAssignableTo(typeof(IGrainBase));

    internal object Create(Activation activation) => _create!(new GrainServices(activation));
}
