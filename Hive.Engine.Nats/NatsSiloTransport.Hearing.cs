using Hive.Nats;
using Orleans.Runtime;

namespace Hive.Engine.Nats;

/// <content>Who is here: what is heard of other silos, and what follows from it.</content>
public sealed partial class NatsSiloTransport
{
    /// <summary>A hub hears a silo, or a silo the hub.</summary>
    private void Hear(in NatsMessageView message)
    {
        if (_isHub && !MayAct) return;
        Admission admission;
        Member? member;
        string? refusal;
        lock (_gate) admission = _membership.Hear(message.Payload.Span, out member, out refusal);
        switch (admission)
        {
            case Admission.Refused or Admission.NameTaken:
                Refuse(message, refusal!, mayPass: admission == Admission.NameTaken);
                return;
            case Admission.Joined or Admission.Reconnected or Admission.Left:
                Change(member!, admission);
                break;
        }

        if (_isHub && admission != Admission.Known) Answer(message);
    }

    private void Refuse(in NatsMessageView message, string reason, bool mayPass)
    {
        if (_lastRefusal != reason)
        {
            _lastRefusal = reason;
            _log.Refused(reason);
        }

        if (_isHub)
        {
            Answer(message, reason, mayPass);
            return;
        }

        lock (_gate)
        {
            foreach (var local in _locals.Values) local.Refuse(new OrleansException($"The hub of cluster {_options.Cluster} is not one for this silo: {reason}."));
        }
    }

    /// <summary>The hub answers a silo that is new or that it does not take in; one that it knows hears it from the hub's own announcements.</summary>
    private void Answer(in NatsMessageView message, string? refusal = null, bool mayPass = false)
    {
        if (message.ReplyTo.IsEmpty) return;
        LocalSilo? hub;
        lock (_gate) hub = _locals.Values.FirstOrDefault(local => local.IsHub);
        if (hub is not null) _connection.TryRespond(message, hub.Announcement(_options, _incarnation, _session, refusal: refusal, mayPass: mayPass));
    }

    /// <summary>A silo hears the hub's answer to its announcement, or that there is no hub.</summary>
    private void HearAnswer(in NatsMessageView message)
    {
        if (message.Headers.Status == NoResponders)
        {
            Member[] hubs;
            lock (_gate) hubs = [.. _membership.Members];
            foreach (var hub in hubs) Lose(hub, "nobody listens where it was");
            if (!_isMissingHub && hubs.Length == 0)
            {
                _isMissingHub = true;
                lock (_gate) foreach (var local in _locals.Values) _log.NoHub(local.Description.Name, _options.Cluster);
            }

            return;
        }

        if (Nats.Announcement.Read(message.Payload.Span) is not { IsHub: true } answer) return;
        if (answer.Refusal is { } refusal)
        {
            // A silo that was killed and started again at once asks until its life before is forgotten.
            var patience = answer.MayPass ? _options.TimeToLive + _options.HeartbeatPeriod : TimeSpan.Zero;
            lock (_gate)
            {
                foreach (var local in _locals.Values.Where(local => _time.GetElapsedTime(local.AskedAt) >= patience))
                {
                    local.Refuse(new OrleansException($"Hub {answer.Name} does not take silo {local.Description.Name} in: {refusal}."));
                }
            }

            return;
        }

        lock (_gate) _isTakenIn = true;
        Hear(message);
        WelcomeIfJoined();
    }

    /// <summary>A silo has joined once the hub has taken it in and can be called; the hub's own announcement, which all hear, says only the latter.</summary>
    private void WelcomeIfJoined()
    {
        lock (_gate)
        {
            if (_isTakenIn && _peers.Values.Any(peer => peer.Member.Said.IsHub))
            {
                foreach (var local in _locals.Values) local.Welcome();
            }
        }
    }

    private void HearStream(in NatsMessageView message)
    {
        var sent = message.Payload;
        if (sent.Length > _mark.Length && !sent.Span.StartsWith(_mark)) Published?.Invoke(sent[_mark.Length..]);
    }

    private void Change(Member member, Admission admission)
    {
        switch (admission)
        {
            case Admission.Left:
                Lose(member, null);
                break;
            case Admission.Reconnected:
                Peer? peer;
                lock (_gate) _peers.TryGetValue(member.Description.Address, out peer);
                peer?.Lose();
                break;
            default:
                _ = JoinAsync(member);
                break;
        }
    }

    private async Task JoinAsync(Member member)
    {
        try
        {
            var peer = new Peer(member, _connection, _outgoing, _serializer, _options.MaxMessageBytes, gone => Lose(gone.Member, "nobody listens where it was"));
            await peer.StartAsync(CancellationToken.None).ConfigureAwait(false);
            lock (_gate)
            {
                _peers[member.Description.Address] = peer;
                _isMissingHub = false;
            }

            _log.Joined(member.Said.Name);
            Publish();
            if (!member.Said.IsHub) return;
            WelcomeIfJoined();
            Announce();
        }
        catch (NatsException e)
        {
            lock (_gate) _membership.Remove(member);
            _log.Gone(member.Said.Name, e.Message);
        }
    }

    private void Lose(Member member, string? reason)
    {
        Peer? peer;
        lock (_gate)
        {
            _membership.Remove(member);
            if (!_peers.Remove(member.Description.Address, out peer)) return;
        }

        if (reason is null) _log.Left(member.Said.Name);
        else _log.Gone(member.Said.Name, reason);
        Publish();
        _ = DisposeAsync(peer).AsTask();
    }

    /// <summary>Makes the change known to the engine: a hub knows every silo, a silo the latest hub.</summary>
    private void Publish()
    {
        lock (_gate)
        {
            var peers = _peers.Values.Select(peer => peer.Member).Where(member => member.Said.IsHub != _isHub);
            _silos = _isHub
                ? [.. peers.Select(member => member.Description)]
                : [.. peers.OrderByDescending(member => member.Said.Rank).ThenByDescending(member => member.Said.StartedAt).Take(1).Select(member => member.Description)];
        }

        SilosChanged?.Invoke();
    }

    /// <summary>Lets go of the silent, asks after those that have become so, and forgets calls that nobody waits for.</summary>
    private void Sweep()
    {
        List<Member> expired, silent;
        Peer[] peers;
        lock (_gate)
        {
            expired = _membership.Expire();
            silent = _membership.Silent(_options.HeartbeatPeriod * 1.3);
            peers = [.. _peers.Values];
        }

        foreach (var member in expired) Lose(member, $"nothing was heard of it for {_options.TimeToLive.TotalSeconds:0.#} s");
        foreach (var peer in peers)
        {
            peer.Sweep();
            if (silent.Any(member => member.Said.Incarnation == peer.Member.Said.Incarnation)) peer.Probe();
        }
    }
}
