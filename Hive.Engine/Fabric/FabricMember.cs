using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>A silo or a client: whoever sends calls through a fabric.</summary>
internal abstract class FabricMember
{
    private readonly TimeSpan _responseTimeout;
    private readonly bool _cancelOnTimeout;

    private protected FabricMember(string name, SiloFabric fabric, GrainManifest manifest, IServiceProvider services, MessagingOptions messaging, EngineLog log)
    {
        Name = name;
        Fabric = fabric;
        Services = services;
        Log = log;
        _responseTimeout = messaging.ResponseTimeout;
        _cancelOnTimeout = messaging.CancelRequestOnTimeout;
        Factory = new GrainFactory(this, manifest);
        ObserverClass = GrainClass.ForObservers();
        fabric.Add(this);
    }

    internal string Name { get; }

    internal SiloFabric Fabric { get; }

    internal IServiceProvider Services { get; }

    internal GrainFactory Factory { get; }

    internal EngineLog Log { get; }

    internal GrainClass ObserverClass { get; }

    /// <summary>Whether nothing of this member runs or calls any more.</summary>
    internal abstract bool IsDead { get; }

    internal virtual GrainCollectionOptions CollectionOptions { get; } = new();

    /// <summary>How many calls may wait for one activation; 0: no limit.</summary>
    internal virtual int MostWaiting => 0;

    /// <summary>How often calls must be looked at so that a time-out is not seen much too late.</summary>
    internal TimeSpan SweepPeriod => _responseTimeout == Timeout.InfiniteTimeSpan ? TimeSpan.FromSeconds(1) : _responseTimeout / 10;

    internal abstract SiloUnavailableException Gone();

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal void SetDeadline(GrainCall call)
    {
        call.Timeout = call.Method.ResponseTimeout ?? _responseTimeout;
        call.CancelOnTimeout = _cancelOnTimeout;
        if (call.Timeout < Fabric.Clock.Period) Fabric.SweepAtLeastEvery(call.Timeout / 4);
        call.ExpiresAt = Fabric.Clock.DeadlineAfter(call.Timeout);
    }

    internal long DeadlineAfter(TimeSpan timeout) => Fabric.Clock.DeadlineAfter(timeout);

    internal void Watch(Activation activation) => Fabric.Watch(activation);
}
