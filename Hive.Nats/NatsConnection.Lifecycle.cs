using Hive.Nats.Internal;

namespace Hive.Nats;

public sealed partial class NatsConnection
{
    /// <summary>Refusals of our credentials in a row after which trying again is pointless.</summary>
    private const int MaxAuthorizationViolations = 2;

    /// <summary>From one session to the next, until the connection is closed or no server takes it any more.</summary>
    private async Task RunAsync(Session first)
    {
        var backoff = NewBackoff();
        for (var session = first; session is not null;)
        {
            var begun = _options.TimeProvider.GetTimestamp();
            var loss = await ServeAsync(session).ConfigureAwait(false);
            if (_closing.IsCancellationRequested)
            {
                break;
            }

            Change(NatsState.Reconnecting, loss);
            if (_options.TimeProvider.GetElapsedTime(begun) > _options.MaxReconnectDelay)
            {
                // A server that takes clients only to lose them again at once is not asked any faster for it.
                backoff = NewBackoff();
            }

            session = await ReconnectAsync(backoff).ConfigureAwait(false);
            if (session is not null)
            {
                Volatile.Write(ref _server, session.Info);
            }
        }

        _outgoing.Close();
        var reason = _closedBy ?? IsClosed();
        _pings.Fail(reason);
        _requests.Fail(reason);
        _subscriptions.Close(_closedBy);
        Change(NatsState.Closed, _closedBy);
    }

    private async Task<NatsException> ServeAsync(Session session)
    {
        var writer = new OutgoingWriter(_outgoing, session.Stream, _options.TimeProvider, session.Fail);
        _subscriptions.Attach(writer);
        if (State != NatsState.Connected)
        {
            Change(NatsState.Connected, null);
        }

        // The first session is attached when the constructor returns; reading, which may raise events, comes after.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        NatsException loss;
        await using (_options.TimeProvider.CreateTimer(_ => KeepAlive(session), null, _options.PingInterval, _options.PingInterval).ConfigureAwait(false))
        {
            loss = await session.RunAsync(new ServerCommands(this, session), writer).ConfigureAwait(false);
        }

        _outgoing.Detach();
        _pings.Fail(loss);
        _requests.Fail(loss);
        return loss;
    }

    private Backoff NewBackoff() => new(_options.ReconnectDelay, _options.MaxReconnectDelay, _options.Random);

    private async Task<Session?> ReconnectAsync(Backoff backoff)
    {
        var violations = 0;
        for (var round = 1; ; round++)
        {
            try
            {
                await Task.Delay(backoff.Next(), _options.TimeProvider, _closing.Token).ConfigureAwait(false);
                var session = await _connector.ConnectAsync(_closing.Token).ConfigureAwait(false);
                lock (_gate)
                {
                    _session = session;
                    if (_closing.IsCancellationRequested)
                    {
                        session.Dispose();
                        return null;
                    }
                }

                return session;
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return null;
            }
            catch (NatsException e)
            {
                violations = e.Kind == NatsErrorKind.AuthorizationViolation ? violations + 1 : 0;
                if (violations >= MaxAuthorizationViolations || round >= _options.MaxReconnectRounds)
                {
                    _closedBy = e;
                    return null;
                }
            }
        }
    }

    private void KeepAlive(Session session)
    {
        if (_pings.KeepAlives >= _options.MaxPingsOutstanding)
        {
            session.Fail(new NatsException(NatsErrorKind.ConnectionLost,
                $"The NATS server at {session.Address} left {_options.MaxPingsOutstanding} PINGs unanswered."));
            return;
        }

        _pings.SendKeepAlive();
    }

    private void Change(NatsState state, NatsException? reason)
    {
        Volatile.Write(ref _state, (int)state);
        try
        {
            StateChanged?.Invoke(new NatsStateChange(state, reason));
        }
        catch (Exception e)
        {
            Notice(new NatsNotice(NatsNoticeKind.HandlerFailed, $"A listener to {nameof(StateChanged)} threw: {e.Message}", Exception: e));
        }
    }

    /// <summary>Routes what one server sends.</summary>
    private sealed class ServerCommands(NatsConnection connection, Session session) : IServerCommands
    {
        public void Take(in ServerCommand command, ReadOnlyMemory<byte> payload)
        {
            switch (command.Kind)
            {
                case ServerCommandKind.Message:
                    Deliver(command, payload);
                    break;
                case ServerCommandKind.Ping:
                    var pong = new PongCommand();
                    if (connection._outgoing.TryAppend(ref pong, control: true) == Admission.Full)
                    {
                        throw new ProtocolException("The server sends PINGs and takes no answers.");
                    }

                    break;
                case ServerCommandKind.Pong:
                    connection._pings.Pong();
                    break;
                case ServerCommandKind.Info:
                    Inform(ServerInfoReader.Read(command.Text));
                    break;
                case ServerCommandKind.Error:
                    Report(ServerErrors.Text(command.Text));
                    break;
            }
        }

        private void Deliver(in ServerCommand command, ReadOnlyMemory<byte> payload)
        {
            if (!command.Headers.IsEmpty && !NatsHeaderBlock.IsValid(command.Headers))
            {
                // The headers are another client's, which must not be able to end this connection.
                connection.Notice(new NatsNotice(NatsNoticeKind.BadHeaders, $"A message with malformed headers was dropped: {ProtocolException.Show(command.Headers)}."));
                return;
            }

            connection._subscriptions.Deliver(command.SubscriptionId, new NatsMessageView(command.Subject, command.ReplyTo, command.Headers, payload));
        }

        private void Inform(NatsServerInfo info)
        {
            Volatile.Write(ref connection._server, info);
            if (info.LameDuck)
            {
                connection.Notice(new NatsNotice(NatsNoticeKind.LameDuck, $"The NATS server at {session.Address} is about to shut down."));
            }
        }

        private void Report(string text)
        {
            var failure = ServerErrors.ToException(text, session.Address.ToString());
            if (!ServerErrors.IsHarmless(text))
            {
                throw failure;
            }

            if (!ServerErrors.IsPermissionsViolation(text))
            {
                connection.Notice(new NatsNotice(NatsNoticeKind.ServerError, failure.Message));
                return;
            }

            var violation = new NatsException(NatsErrorKind.PermissionsViolation, failure.Message);
            var refused = ServerErrors.RefusedSubscription(text) is { } subscribed ? connection._subscriptions.Refuse(subscribed, violation) : null;
            if (ServerErrors.RefusedPublication(text) is { } published)
            {
                connection._requests.Fail(violation, published);
            }

            connection.Notice(new NatsNotice(NatsNoticeKind.PermissionsViolation, failure.Message, refused));
        }
    }
}
