using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Storage;

namespace Hive.Engine;

/// <summary>A silo: hosts activations. It starts, serves, and ends gently or at once.</summary>
internal sealed class Silo : FabricMember, ILocalSiloDetails, ICallReceiver
{
    private readonly FrozenDictionary<GrainType, GrainClass> _classes;
    private readonly FrozenSet<Type> _singletons;
    private readonly ConcurrentDictionary<GrainId, WorkerPool> _workers = new();
    private volatile SiloStatus _status = SiloStatus.Created;

    internal Silo(SiloSettings settings, SiloFabric fabric, GrainManifest manifest, IServiceProvider services, EngineLog log)
        : base(settings.Name, fabric, manifest, services, settings.Messaging, log)
    {
        _classes = manifest.Classes.Values.ToFrozenDictionary(description => description.GrainType, GrainClass.Of);
        _singletons = settings.Singletons;
        ClusterId = settings.ClusterId;
        CollectionOptions = settings.Collection;
        MostWaiting = settings.Messaging.MaxEnqueuedRequestsHardLimit;
        TimeProvider = settings.TimeProvider;
        JoinNumber = fabric.NextJoinNumber();
        Address = NewAddress();
        Description = new SiloDescription(Name, Address, settings.Metadata, TimeProvider.GetUtcNow(), _classes.Keys.ToFrozenSet());
    }

    string ILocalSiloDetails.Name => Name;

    SiloAddress ILocalSiloDetails.SiloAddress => Address;

    public string ClusterId { get; }

    public string DnsHostName => Environment.MachineName;

    internal SiloAddress Address { get; }

    internal SiloDescription Description { get; }

    internal TimeProvider TimeProvider { get; }

    /// <summary>Tells which of two silos of a process joined first.</summary>
    internal long JoinNumber { get; }

    internal SiloStatus Status => _status;

    internal override bool IsDead => _status == SiloStatus.Dead;

    internal override GrainCollectionOptions CollectionOptions { get; }

    internal override int MostWaiting { get; }

    internal ReminderService? Reminders { get; set; }

    internal IEnumerable<GrainClass> Classes => _classes.Values;

    public Task ReceiveAsync(GrainId grainId, GrainCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.IsReceived = true;
        return ClassOf(grainId.Type) is not null || Observers.OwnerOf(grainId) is not null
            ? call.SendAsync(Factory.CreateReference(grainId, call.Method.InterfaceName))
            : throw new OrleansException($"Silo {Name} has no grain class for {grainId}.");
    }

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        _status = SiloStatus.Active;
        Fabric.SweepAtLeastEvery(SweepPeriod);
        Fabric.SweepAtLeastEvery(CollectionOptions.CollectionAge / 4);
        Fabric.SweepAtLeastEvery(CollectionOptions.CollectionQuantum);
        Fabric.Update(this);
        await Fabric.AnnounceAsync(this, cancellationToken);
    }

    /// <summary>Ends gently: no new activations; those that are there finish their calls and deactivate. At once when the token is cancelled.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_status is not SiloStatus.Active) return;
        _status = SiloStatus.ShuttingDown;
        Fabric.Update(this);
        await Fabric.WithdrawAsync(this, cancellationToken);
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, $"Silo {Name} is stopping.");
        try
        {
            for (var activations = Activations(); activations.Count > 0; activations = Activations())
            {
                foreach (var activation in activations) activation.Deactivate(reason);
                await Task.WhenAll(activations.Select(activation => activation.Deactivated)).WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            Log.StopTimedOut(Name);
        }

        Kill();
    }

    /// <summary>Ends at once, as if the process had died.</summary>
    internal void Kill()
    {
        if (_status is SiloStatus.Dead) return;
        _status = SiloStatus.Dead;
        Reminders?.Kill();
        Fabric.Update(this);
        foreach (var activation in Activations()) activation.Kill(Gone());
    }

    internal override SiloUnavailableException Gone() => new($"Silo {Name} ({Address}) is gone.");

    internal GrainClass? ClassOf(GrainType grainType) => _classes.GetValueOrDefault(grainType);

    /// <summary>Makes an activation for the directory; null if the silo takes none any more.</summary>
    internal Activation? CreateActivation(GrainId grainId) =>
        _status is SiloStatus.Active && ClassOf(grainId.Type) is { } grainClass ? new Activation(this, grainClass, grainId) : null;

    /// <summary>The workers behind a stateless identity; null for any other grain.</summary>
    internal WorkerPool? Workers(GrainId grainId) => ClassOf(grainId.Type) is { MaxWorkers: > 0 } grainClass
        ? _workers.GetOrAdd(grainId, static (id, arguments) => new WorkerPool(arguments.Silo, arguments.Class, id), (Silo: this, Class: grainClass))
        : null;

    internal List<Activation> Activations()
    {
        var activations = Fabric.ActivationsOf(this);
        foreach (var workers in _workers.Values) activations.AddRange(workers.Activations);
        return activations;
    }

    internal bool IsSingleton(Type serviceType) =>
        _singletons.Contains(serviceType) || (serviceType.IsConstructedGenericType && _singletons.Contains(serviceType.GetGenericTypeDefinition()));

    internal IPlacementFilterDirector DirectorOf(PlacementFilterStrategy strategy) =>
        Services.GetKeyedService<IPlacementFilterDirector>(strategy.GetType())
        ?? throw new OrleansConfigurationException(
            $"Silo {Name} has no director for placement filter {strategy.GetType()}: call services.AddPlacementFilter where it is built.");

    // No two lives of silos share place and generation: the place tells those of a process apart, the generation those of different processes.
    private SiloAddress NewAddress()
    {
        const int Ports = 65_535;
        return SiloAddress.New(IPAddress.Loopback, (int)(((JoinNumber - 1) % Ports) + 1), RandomNumberGenerator.GetInt32(int.MaxValue));
    }

    internal IGrainStorage StorageOf(string? storageName, GrainClass grainClass) =>
        (storageName is null ? Services.GetService<IGrainStorage>() : Services.GetKeyedService<IGrainStorage>(storageName))
        ?? throw new OrleansConfigurationException(
            $"{grainClass.Type} keeps its state in the {(storageName is null ? "default storage" : $"storage '{storageName}'")}, which silo {Name} does not have.");
}

/// <summary>What a silo is made of, gathered where its host is built.</summary>
internal sealed record SiloSettings(
    string Name,
    string ClusterId,
    SiloMetadata Metadata,
    SiloMessagingOptions Messaging,
    GrainCollectionOptions Collection,
    TimeProvider TimeProvider,
    FrozenSet<Type> Singletons);
