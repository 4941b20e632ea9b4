using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;

namespace Hive.Nats.Internal;

/// <summary>The first exchange with one server.</summary>
internal sealed class Handshake(ServerAddress server, NatsOptions options) : IDisposable
{
    private delegate void TakeCommand(in ServerCommand command);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private readonly ReceiveBuffer _received = new();

    private Stream? _stream;

    public ServerAddress Server => server;

    /// <summary>What is being done, for the message of a failure.</summary>
    public string Step { get; private set; } = "dialling";

    public bool IsEncrypted => _stream is SslStream;

    /// <summary>Runs the exchange; the session owns the socket from then on.</summary>
    public async Task<Session> RunAsync(CancellationToken cancellation)
    {
        await _socket.ConnectAsync(server.Host, server.Port, cancellation).ConfigureAwait(false);
        _stream = new NetworkStream(_socket, ownsSocket: false);
        Step = "waiting for its INFO";
        var info = await ReadInfoAsync(cancellation).ConfigureAwait(false);
        if (!info.Headers)
        {
            throw new NatsException(NatsErrorKind.NoHeaders, $"The NATS server at {server} (version {info.Version}) has no message headers; it must be 2.2 or newer, with headers allowed.");
        }

        if (info.TlsRequired || options.Tls is not null || server.Tls)
        {
            Step = "agreeing on TLS";
            await EncryptAsync(info, cancellation).ConfigureAwait(false);
        }

        Step = "waiting for its answer to CONNECT";
        await _stream.WriteAsync(Connect(), cancellation).ConfigureAwait(false);
        await ReadPongAsync(cancellation).ConfigureAwait(false);
        return new Session(server, _socket, _stream, _received, info, options.MaxPayloadBytes);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _stream?.Dispose();
    }

    private async Task<NatsServerInfo> ReadInfoAsync(CancellationToken cancellation)
    {
        NatsServerInfo? info = null;
        await TakeUntilAsync(() => info is not null, (in ServerCommand command) => info = command.Kind switch
        {
            ServerCommandKind.Info => ServerInfoReader.Read(command.Text),
            ServerCommandKind.Error => throw Refusal(command),
            _ => throw new ProtocolException("It does not begin with INFO."),
        }, cancellation).ConfigureAwait(false);
        return info!;
    }

    private async Task EncryptAsync(NatsServerInfo info, CancellationToken cancellation)
    {
        if (!info.TlsRequired && !info.TlsAvailable)
        {
            throw new NatsException(NatsErrorKind.TlsFailure, $"The NATS server at {server} offers no TLS, which the options ask for.");
        }

        if (_received.Unread.Length > 0)
        {
            throw new ProtocolException("It sends more before TLS than its INFO.");
        }

        var encrypted = new SslStream(_stream!, leaveInnerStreamOpen: false);
        _stream = encrypted;
        await encrypted.AuthenticateAsClientAsync(TlsFiles.Load(options.Tls, server.Host), cancellation).ConfigureAwait(false);
    }

    private async Task ReadPongAsync(CancellationToken cancellation)
    {
        var answered = false;
        await TakeUntilAsync(() => answered, (in ServerCommand command) => answered = command.Kind switch
        {
            ServerCommandKind.Pong => true,
            ServerCommandKind.Error => throw Refusal(command),
            ServerCommandKind.Message => throw new ProtocolException("It sends a message before anything was subscribed to."),
            _ => false,
        }, cancellation).ConfigureAwait(false);
    }

    private NatsException Refusal(in ServerCommand command) => ServerErrors.ToException(ServerErrors.Text(command.Text), server.ToString());

    private async Task TakeUntilAsync(Func<bool> done, TakeCommand take, CancellationToken cancellation)
    {
        while (true)
        {
            while (!done() && ProtocolParser.TryRead(_received.Unread.Span, options.MaxPayloadBytes, out var command, out _))
            {
                take(command);
                _received.Consume(command.Length);
            }

            if (done())
            {
                return;
            }

            await ReceiveAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellation)
    {
        var count = await _stream!.ReadAsync(_received.Room(_received.Unread.Length + 1), cancellation).ConfigureAwait(false);
        _received.Received(count > 0 ? count : throw new IOException("It closed the connection."));
    }

    /// <summary><c>CONNECT {json}␍␊PING␍␊</c></summary>
    private ReadOnlyMemory<byte> Connect()
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("CONNECT "u8);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("verbose"u8, false);
            json.WriteBoolean("pedantic"u8, false);
            json.WriteBoolean("tls_required"u8, IsEncrypted);
            json.WriteString("lang"u8, "csharp");
            json.WriteString("version"u8, typeof(NatsConnection).Assembly.GetName().Version!.ToString(3));
            json.WriteNumber("protocol"u8, 1);
            json.WriteBoolean("headers"u8, true);
            json.WriteBoolean("no_responders"u8, true);
            json.WriteBoolean("echo"u8, options.Echo);
            WriteOptional(json, "name", options.Name);
            WriteOptional(json, "user", options.User);
            WriteOptional(json, "pass", options.Password);
            WriteOptional(json, "auth_token", options.Token);
            json.WriteEndObject();
        }

        buffer.Write("\r\nPING\r\n"u8);
        return buffer.WrittenMemory;
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
