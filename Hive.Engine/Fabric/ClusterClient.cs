using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>A client that lives outside any silo.</summary>
internal sealed class ClientMember : FabricMember, ICallReceiver
{
    private volatile bool _isDead;

    internal ClientMember(string name, SiloFabric fabric, GrainManifest manifest, IServiceProvider services, MessagingOptions messaging, EngineLog log)
        : base(name, fabric, manifest, services, messaging, log)
    {
        fabric.SweepAtLeastEvery(SweepPeriod);
    }

    internal override bool IsDead => _isDead;

    /// <summary>Takes calls of this client's observers; there is nothing else here that could be called.</summary>
    public Task ReceiveAsync(GrainId grainId, GrainCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.IsReceived = true;
        return Observers.OwnerOf(grainId) == Name
            ? call.SendAsync(Factory.CreateReference(grainId, call.Method.InterfaceName))
            : throw new OrleansException($"Client {Name} hosts observers of its own only, and not {grainId}.");
    }

    internal void Stop()
    {
        _isDead = true;
        Fabric.Streams.RemoveSubscriber(this);
        foreach (var observer in Fabric.ActivationsOf(this)) observer.Kill(Gone());
    }

    internal override SiloUnavailableException Gone() => new($"Client {Name} has been stopped.");
}

/// <summary>The grain factory of a silo or client, as its host's services see it.</summary>
internal sealed class ClusterClient(FabricMember member) : IClusterClient
{
    public IServiceProvider ServiceProvider => member.Services;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => member.Factory.GetGrain<TGrainInterface>(primaryKey, grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => member.Factory.GetGrain<TGrainInterface>(primaryKey, grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => member.Factory.GetGrain<TGrainInterface>(primaryKey, grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => member.Factory.GetGrain<TGrainInterface>(grainId);

    public IAddressable GetGrain(GrainId grainId) => member.Factory.GetGrain(grainId);

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => member.Factory.CreateObjectReference<TGrainObserverInterface>(obj);

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => member.Factory.DeleteObjectReference<TGrainObserverInterface>(obj);
}
