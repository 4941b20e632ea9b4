using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>
/// What the silos and clients of one cluster share within a process: who lives where, and how calls get there. Where a grain lives is a plain
/// function of its identity and the live silos; that it has at most one activation at any time, also while silos come and go, is kept by the directory.
/// </summary>
internal sealed class SiloFabric
{
    private readonly ActivationDirectory _directory = new();
    private readonly Lock _membership = new();
    private readonly Sweeper _sweeper;
    private readonly ISiloTransport? _transport;
    private SiloView _view = SiloView.Empty;
    private readonly ConcurrentDictionary<string, FabricMember> _members = new(StringComparer.Ordinal);
    private long _joined;

    internal SiloFabric(TimeProvider timeProvider, ISiloTransport? transport = null)
    {
        TimeProvider = timeProvider;
        Clock = new CallClock(timeProvider);
        _transport = transport;
        _sweeper = new Sweeper(this, timeProvider);
        if (transport is null) return;
        transport.SilosChanged += OnRemoteSilosChanged;
        transport.Published += Streams.Receive;
    }

    internal TimeProvider TimeProvider { get; }

    internal CallClock Clock { get; }

    internal RemoteCallsInFlight InFlight { get; } = new();

    internal StreamHub Streams { get; } = new();

    internal MemoryStores Stores { get; } = new();

    internal MemoryReminderTable ReminderTable { get; } = new();

    /// <summary>The silos that new activations may go to, in the order of preference, and those that are ending.</summary>
    internal SiloView View => Volatile.Read(ref _view);

    internal bool HasTransport => _transport is not null;

    /// <summary>Tells all other processes something.</summary>
    internal void Publish(ReadOnlyMemory<byte> message) => _transport?.Publish(message);

    /// <summary>Ends what the fabric runs by itself.</summary>
    internal void Close()
    {
        if (_transport is not null)
        {
            _transport.SilosChanged -= OnRemoteSilosChanged;
            _transport.Published -= Streams.Receive;
        }

        _sweeper.Dispose();
    }

    internal void Watch(Activation activation) => _sweeper.Watch(activation);

    internal void SweepAtLeastEvery(TimeSpan period) => _sweeper.AtLeastEvery(period);

    internal long NextJoinNumber() => Interlocked.Increment(ref _joined);

    /// <summary>Takes notice that a silo has come, ends or has gone.</summary>
    internal void Update(Silo silo)
    {
        lock (_membership) Volatile.Write(ref _view, _view.With(silo, _transport?.Silos ?? []));
    }

    /// <summary>Takes notice of a silo or client of this process.</summary>
    internal void Add(FabricMember member) => _members[member.Name] = member;

    internal async Task AnnounceAsync(ClientMember client, CancellationToken cancellationToken)
    {
        if (_transport is not null) await _transport.AnnounceClientAsync(client.Name, client, cancellationToken);
    }

    internal async Task WithdrawAsync(ClientMember client, CancellationToken cancellationToken)
    {
        if (_transport is not null) await _transport.WithdrawClientAsync(client.Name, cancellationToken);
    }

    internal async Task AnnounceAsync(Silo silo, CancellationToken cancellationToken)
    {
        if (_transport is not null) await _transport.AnnounceAsync(silo.Description, silo, cancellationToken);
    }

    internal async Task WithdrawAsync(Silo silo, CancellationToken cancellationToken)
    {
        if (_transport is not null) await _transport.WithdrawAsync(silo.Description, cancellationToken);
    }

    /// <summary>Sends a call to where its grain lives, and returns the activation that took it, if it may be called directly next time.</summary>
    internal Activation? Send(GrainCall call, FabricMember sender)
    {
        try
        {
            var grainId = call.GrainId;
            while (true)
            {
                var activation = _directory.Find(grainId);
                if (activation is null && Observers.OwnerOf(grainId) is { } owner)
                {
                    SendToObserver(call, owner);
                    return null;
                }

                if (activation is null)
                {
                    var silo = View.Choose(grainId, sender as Silo);
                    if (silo.Local is not { } local)
                    {
                        SendOut(call, silo.Description);
                        return null;
                    }

                    if (local.Workers(grainId) is { } workers)
                    {
                        workers.Send(call);
                        return null;
                    }

                    activation = _directory.FindOrAdd(grainId, local, static (grainId, local) => local.CreateActivation(grainId));
                }

                // One whose silo was killed is in the directory until its last turn has ended. Where the grain may live on no other silo, that need
                // not be waited for.
                if (activation is { Owner: Silo { IsDead: true } }) View.Choose(grainId, sender as Silo);

                // An activation that is ending refuses, and is out of the directory by then.
                if (activation is not null && activation.TryReceive(call)) return activation;
            }
        }
        catch (Exception exception)
        {
            call.TrySetException(exception);
            call.Release();
            return null;
        }
    }

    /// <summary>Sends a call to an observer that no activation of this process stands for.</summary>
    private void SendToObserver(GrainCall call, string owner)
    {
        if (View.Silos.FirstOrDefault(silo => silo.Local is null && silo.Description.Name == owner) is { } silo) SendOut(call, silo.Description);
        else if (HasTransport && !call.IsReceived && !_members.ContainsKey(owner)) SendOut(call, owner);
        else throw new ClientNotAvailableException($"The object behind {call.GrainId} is gone, or its reference was deleted.");
    }

    private void SendOut(GrainCall call, string client)
    {
        if (!call.IsOneWay) InFlight.Add(call, null);
        using var outside = new OutsideTurns();
        _transport!.SendToClient(call, client);
    }

    private void SendOut(GrainCall call, SiloDescription silo)
    {
        if (call.IsReceived) throw new OrleansException($"{call} came here from another process, but by what is known here its grain lives on silo {silo.Name}.");
        if (call.WireMethod.IsInternal) throw new NotSupportedException($"{call} cannot be sent to another process.");
        if (!call.IsOneWay) InFlight.Add(call, silo);
        using var outside = new OutsideTurns();
        _transport!.Send(call, silo);
    }

    /// <summary>Sends a call on, from an activation that has ended without running it.</summary>
    internal void Resend(GrainCall call)
    {
        call.State = CallState.Sent;
        call.Host = null;
        if (call.Reference is null || call.IsSettled) call.Release();
        else Send(call, call.Reference.Origin.Member);
    }

    internal void Forget(Activation activation)
    {
        if (activation.Class.MaxWorkers > 0) activation.Silo.Workers(activation.GrainId)!.Forget(activation);
        else _directory.Remove(activation);
    }

    internal Activation? Find(GrainId grainId) => _directory.Find(grainId);

    internal List<Activation> ActivationsOf(FabricMember owner) => _directory.Where(activation => ReferenceEquals(activation.Owner, owner));

    internal void AddObserver(Activation observer) => _directory.FindOrAdd(observer.GrainId, observer, static (_, observer) => observer);

    private void OnRemoteSilosChanged()
    {
        var silos = _transport!.Silos;
        lock (_membership) Volatile.Write(ref _view, _view.With(null, silos));
        InFlight.LoseAllBut(silos);
    }

    /// <summary>While it lasts, what is awaited does not come back as turns of the calling grain: what a transport awaits is its own affair.</summary>
    private readonly ref struct OutsideTurns
    {
        private readonly SynchronizationContext? _turn;

        public OutsideTurns()
        {
            _turn = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
        }

        public void Dispose() => SynchronizationContext.SetSynchronizationContext(_turn);
    }
}
