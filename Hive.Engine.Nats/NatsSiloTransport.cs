using System.Security.Cryptography;
using Hive.Nats;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Hive.Engine.Nats;

/// <summary>
/// Joins a hub and silos of many processes over NATS. A hub knows all silos, a silo knows the hub: agents are called by the hub, and call it; silos do not call one another. Calls
/// are messages with an answer, lost with the connection of either side; whoever lost one repeats what may be repeated. Nothing here is believed for longer than it is said.
/// </summary>
/// <remarks>
/// Subjects: a silo announces itself on <c>hive.C.hub.announce</c>, a hub on <c>hive.C.announce.hub</c>; each takes calls on the subject that its announcement names, a hub's below
/// <c>hive.C.hub.</c> and a silo's below <c>hive.C.silo.USER.</c>; answers go to an inbox of the caller that only the callee is told.
/// </remarks>
public sealed partial class NatsSiloTransport : ISiloTransport, IAsyncDisposable
{
    private const int NoResponders = 503;

    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan OtherHubTimeout = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<SiloAddress, LocalSilo> _locals = [];
    private readonly Dictionary<SiloAddress, Peer> _peers = [];
    private readonly Membership _membership;
    private readonly NatsConnection _connection;
    private readonly WireSerializer _serializer;
    private readonly NatsTransportOptions _options;
    private readonly TimeProvider _time;
    private readonly Outgoing _outgoing;
    private readonly TransportLog _log;
    private readonly Guid _incarnation = Guid.NewGuid();
    private readonly byte[] _mark = Guid.NewGuid().ToByteArray();
    private readonly string _control;
    private readonly List<ITimer> _timers = [];
    private volatile SiloDescription[] _silos = [];
    private int _session = 1;
    private bool _isHub;
    private bool _isMissingHub;
    private bool _isTakenIn;
    private string? _lastRefusal;

    /// <summary>Joins over a connection, which stays the caller's.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="serializer">The host's serializer.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where people are told.</param>
    public NatsSiloTransport(NatsConnection connection, WireSerializer serializer, NatsTransportOptions options, TimeProvider time, ILogger<NatsSiloTransport> logger)
    {
        _connection = connection;
        _serializer = serializer;
        _options = options;
        _time = time;
        _log = new TransportLog(logger);
        _outgoing = new Outgoing(connection, options.MaxMessageBytes);
        _membership = new Membership(options.Version, options.TimeToLive, options.MaxSilos, time);
        _control = $"{connection.Inbox}.control.{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        connection.StateChanged += OnStateChanged;
    }

    /// <inheritdoc/>
    public event Action? SilosChanged;

    /// <inheritdoc/>
    public event Action<ReadOnlyMemory<byte>>? Published;

    /// <inheritdoc/>
    public IReadOnlyList<SiloDescription> Silos => _silos;

    private string StreamSubject => $"hive.{_options.Cluster}.bus.stream";

    private bool MayAct => _options.MayAct?.Invoke() ?? true;

    /// <inheritdoc/>
    public void Send(GrainCall call, SiloDescription silo)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(silo);
        Peer? peer;
        lock (_gate) _peers.TryGetValue(silo.Address, out peer);
        if (peer is null || !MayAct)
        {
            call.Fail(new SiloUnavailableException(peer is null ? $"Silo {silo.Name} is gone." : "This hub has lost its authority, and calls nobody."));
            return;
        }

        peer.Send(call, call.IsOneWay, call.CallerToken.CanBeCanceled);
    }

    /// <inheritdoc/>
    public void Publish(ReadOnlyMemory<byte> message)
    {
        if (!MayAct) return;
        try
        {
            // The process's own mark comes first, so that it does not hear itself.
            _connection.TryPublish(StreamSubject, _mark, message.Span);
        }
        catch (NatsException e) when (e.Kind == NatsErrorKind.PayloadTooLarge)
        {
            throw new OrleansException($"What is sent to a stream must fit one message: {e.Message}", e);
        }
        catch (NatsException)
        {
            // Cut off for good; said by the connection itself.
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OrleansException">The grid does not take the silo in: its name is another's, its version differs, or there is a hub already.</exception>
    public async Task AnnounceAsync(SiloDescription silo, ICallReceiver receiver, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var isHub = silo.Metadata.Metadata.TryGetValue("role", out var role) && role == "hub";
        var place = isHub ? $"hive.{_options.Cluster}.hub" : $"hive.{_options.Cluster}.silo.{_options.Participant}";
        var calls = new ReceivedCalls(silo.Name, receiver, _connection, _outgoing, _serializer, _options, _log);
        var local = new LocalSilo(silo, isHub, $"{place}.{RandomNumberGenerator.GetHexString(32, lowercase: true)}", calls, _time.GetTimestamp());
        if (isHub) await RequireNoOtherHubAsync(local, cancellationToken).ConfigureAwait(false);
        local.Subscriptions.Add(await _connection.SubscribeAsync(local.Subject, calls.Take, cancellation: cancellationToken).ConfigureAwait(false));
        var others = isHub ? $"hive.{_options.Cluster}.hub.announce" : $"hive.{_options.Cluster}.announce.hub";
        local.Subscriptions.Add(await _connection.SubscribeAsync(others, Hear, cancellation: cancellationToken).ConfigureAwait(false));
        if (!isHub) local.Subscriptions.Add(await _connection.SubscribeAsync(_control, HearAnswer, cancellation: cancellationToken).ConfigureAwait(false));
        local.Subscriptions.Add(await _connection.SubscribeAsync(StreamSubject, HearStream, cancellation: cancellationToken).ConfigureAwait(false));
        await FlushAsync(local, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            _isHub |= isHub;
            _locals[silo.Address] = local;
            if (_timers.Count == 0)
            {
                _timers.Add(_time.CreateTimer(_ => Guard(Announce), null, _options.HeartbeatPeriod, _options.HeartbeatPeriod));
                _timers.Add(_time.CreateTimer(_ => Guard(Sweep), null, SweepPeriod, SweepPeriod));
            }
        }

        Announce();
        if (isHub) return;
        try
        {
            await local.Joined.WaitAsync(_options.JoinTimeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _log.NoHub(silo.Name, _options.Cluster);
        }
    }

    /// <inheritdoc/>
    public async Task WithdrawAsync(SiloDescription silo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(silo);
        LocalSilo? local;
        lock (_gate)
        {
            if (!_locals.Remove(silo.Address, out local)) return;
        }

        try
        {
            if (MayAct) _connection.TryPublish(SubjectOf(local), local.Announcement(_options, _incarnation, _session, isLeaving: true));
            foreach (var subscription in local.Subscriptions) await subscription.UnsubscribeAsync(cancellation: cancellationToken).ConfigureAwait(false);
        }
        catch (NatsException e)
        {
            _log.NotWithdrawn(e, silo.Name);
        }
    }

    /// <summary>Ends what the transport runs by itself; calls under way are lost.</summary>
    public async ValueTask DisposeAsync()
    {
        _connection.StateChanged -= OnStateChanged;
        ITimer[] timers;
        Peer[] peers;
        lock (_gate)
        {
            timers = [.. _timers];
            peers = [.. _peers.Values];
            _timers.Clear();
            _peers.Clear();
        }

        foreach (var timer in timers) await timer.DisposeAsync().ConfigureAwait(false);
        foreach (var peer in peers) await DisposeAsync(peer).ConfigureAwait(false);
    }

    private static async ValueTask DisposeAsync(Peer peer)
    {
        try
        {
            await peer.DisposeAsync().ConfigureAwait(false);
        }
        catch (NatsException)
        {
            // The connection went first, and the subscription with it.
        }
    }

    private string SubjectOf(LocalSilo local) => local.IsHub ? $"hive.{_options.Cluster}.announce.hub" : $"hive.{_options.Cluster}.hub.announce";

    /// <summary>A cluster has one hub at a time. One that has stopped, or whose lease is over, does not answer.</summary>
    private async Task RequireNoOtherHubAsync(LocalSilo local, CancellationToken cancellation)
    {
        try
        {
            var request = local.Announcement(_options, _incarnation, _session);
            var answer = await _connection.RequestAsync($"hive.{_options.Cluster}.hub.announce", request, OtherHubTimeout, cancellation: cancellation).ConfigureAwait(false);
            if (Nats.Announcement.Read(answer.Payload.Span) is { IsHub: true, Name: { } name })
            {
                throw new OrleansException($"Hub {name} serves cluster {_options.Cluster} already. Stop it, give this grid another name (--cluster), or use one database for both and start one with --standby.");
            }
        }
        catch (NatsException e) when (e.Kind is NatsErrorKind.NoResponders or NatsErrorKind.TimedOut)
        {
            // Nobody else.
        }
        catch (NatsException e)
        {
            throw new OrleansException($"The grid cannot be joined: {e.Message}", e);
        }
    }

    private async Task FlushAsync(LocalSilo local, CancellationToken cancellation)
    {
        try
        {
            await _connection.FlushAsync(cancellation).ConfigureAwait(false);
        }
        catch (NatsException e)
        {
            throw new OrleansException($"Silo {local.Description.Name} cannot join the grid: {e.Message}", e);
        }

        // A subscription that the server refused has ended by now.
        if (local.Subscriptions.FirstOrDefault(subscription => subscription.Completion.IsFaulted) is { } refused)
        {
            throw new OrleansException(
                $"Silo {local.Description.Name} may not join the grid: {refused.Completion.Exception!.InnerException!.Message} A hub and a silo need users of their own (docs/grid.md).");
        }
    }

    /// <summary>Says that the silos of this process are here.</summary>
    private void Announce()
    {
        LocalSilo[] locals;
        lock (_gate) locals = [.. _locals.Values];
        foreach (var local in locals)
        {
            if (local.IsHub && !MayAct) continue;
            _connection.TryPublish(SubjectOf(local), local.Announcement(_options, _incarnation, _session), local.IsHub ? default : new NatsSubject(_control));
        }
    }

    /// <summary>What was under way when the connection broke is lost, on both of its sides.</summary>
    private void OnStateChanged(NatsStateChange change)
    {
        Peer[] peers;
        LocalSilo[] locals;
        lock (_gate)
        {
            peers = [.. _peers.Values];
            locals = [.. _locals.Values];
        }

        switch (change.State)
        {
            case NatsState.Connected:
                Interlocked.Increment(ref _session);
                Announce();
                break;
            default:
                foreach (var peer in peers) peer.Lose();
                foreach (var local in locals) local.Calls.CancelAll();
                break;
        }
    }

    /// <summary>A timer's work must not end the process.</summary>
    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (NatsException)
        {
            // Said by the connection itself.
        }
        catch (Exception e)
        {
            _log.Failed(e);
        }
    }
}
