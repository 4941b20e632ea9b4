using System.Security.Cryptography;
using System.Text;
using Hive.Nats.Internal;

namespace Hive.Nats;

/// <summary>
/// A connection to NATS: publishes, subscribes, requests. It restores itself when the server is lost and subscribes again; what was under way then is lost, as NATS
/// core promises at most once. Every member may be used from any thread.
/// </summary>
public sealed partial class NatsConnection : IAsyncDisposable
{
    private readonly NatsOptions _options;

    private readonly Connector _connector;

    private readonly OutgoingBuffer _outgoing;

    private readonly SubscriptionTable _subscriptions;

    private readonly RequestTable _requests;

    private readonly Pings _pings;

    private readonly CancellationTokenSource _closing = new();

    private readonly Lock _gate = new();

    private readonly Task _running;

    private Session _session;

    private NatsServerInfo _server;

    private NatsException? _closedBy;

    private int _state = (int)NatsState.Connected;

    private NatsConnection(NatsOptions options, Connector connector, Session session)
    {
        _options = options;
        _connector = connector;
        _session = session;
        _server = session.Info;
        _outgoing = new OutgoingBuffer(options.OutgoingBufferBytes);
        _subscriptions = new SubscriptionTable(_outgoing);
        _pings = new Pings(_outgoing);
        Inbox = $"{options.InboxPrefix}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        _requests = new RequestTable(Encoding.UTF8.GetBytes($"{Inbox}."), options.MaxRequestsInFlight, options.TimeProvider);
        _running = RunAsync(session);
    }

    /// <summary>Raised on each change of <see cref="State"/>, in order. Listeners must be quick.</summary>
    public event Action<NatsStateChange>? StateChanged;

    /// <summary>Raised for what the owner should know and what does not end the connection. Listeners must be quick: they may run on the read loop.</summary>
    public event Action<NatsNotice>? Noticed;

    /// <summary>Where the connection stands.</summary>
    public NatsState State => (NatsState)Volatile.Read(ref _state);

    /// <summary>What the present server, or the last one, said about itself.</summary>
    public NatsServerInfo Server => Volatile.Read(ref _server);

    /// <summary>Bound on headers and payload of one message, in bytes: the server's and that of the options.</summary>
    public int MaxPayload => Volatile.Read(ref _session).MaxPayload;

    /// <summary>This connection's own inbox: nobody else's subjects begin with it and a dot.</summary>
    public string Inbox { get; }

    /// <summary>Connects to one of the servers, each tried once.</summary>
    /// <param name="options">Where to, as whom, and with which bounds.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="NatsException">No server took this connection: the message says where and why.</exception>
    public static async Task<NatsConnection> ConnectAsync(NatsOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connector = new Connector(options, options.Validate());
        return new NatsConnection(options, connector, await connector.ConnectAsync(cancellation).ConfigureAwait(false));
    }

    /// <summary>Completes when the server has taken all that was published and subscribed before (one PING and its PONG).</summary>
    /// <param name="cancellation">Gives up the wait.</param>
    /// <exception cref="NatsException">The connection was lost, or is closed.</exception>
    public async Task FlushAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            var (admission, pong) = _pings.Send();
            switch (admission)
            {
                case Admission.Accepted:
                    await pong.WaitAsync(cancellation).ConfigureAwait(false);
                    return;
                case Admission.Full:
                    await _outgoing.WaitForRoomAsync(new PingCommand().Size, cancellation).ConfigureAwait(false);
                    break;
                case Admission.Disconnected:
                    throw new NatsException(NatsErrorKind.ConnectionLost, "No NATS server is connected.");
                default:
                    throw IsClosed();
            }
        }
    }

    /// <summary>
    /// Closes gently: tells the server that nothing more is wanted, takes what is still on its way, waits for the requests under way, sends all that was published,
    /// and closes. Without a server it only closes.
    /// </summary>
    /// <param name="cancellation">Gives up the wait, and closes at once.</param>
    public async Task DrainAsync(CancellationToken cancellation = default)
    {
        try
        {
            while (!_subscriptions.TrySilence(Volatile.Read(ref _inboxSubscription)))
            {
                await _outgoing.WaitForRoomAsync(new UnsubscribeCommand(long.MaxValue, null).Size, cancellation).ConfigureAwait(false);
            }

            await FlushAsync(cancellation).ConfigureAwait(false);
            await _requests.WhenIdleAsync().WaitAsync(cancellation).ConfigureAwait(false);
            await FlushAsync(cancellation).ConfigureAwait(false);
        }
        catch (NatsException)
        {
            // The server is gone, and with it all that there was to wait for.
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Closes at once: what waits to be sent is lost, requests under way fail, subscriptions end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _session.Fail(IsClosed());
        }

        await _running.ConfigureAwait(false);
    }

    internal static NatsException IsClosed() => new(NatsErrorKind.Closed, "The NATS connection is closed.");

    internal static NatsException TooLarge(int bytes, int bound) =>
        new(NatsErrorKind.PayloadTooLarge, $"A message of {bytes} bytes is larger than the bound of {bound}; send it in parts.");

    internal void Notice(NatsNotice notice)
    {
        try
        {
            Noticed?.Invoke(notice);
        }
        catch (Exception e) when (notice.Kind != NatsNoticeKind.HandlerFailed)
        {
            Notice(new NatsNotice(NatsNoticeKind.HandlerFailed, $"A listener to {nameof(Noticed)} threw: {e.Message}", Exception: e));
        }
        catch (Exception)
        {
            // The listener that would be told is the one that throws.
        }
    }
}
