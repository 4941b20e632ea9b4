using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Hive.Brains.Tests;

/// <summary>A server on a loopback socket that says exactly what a test wants, byte by byte. The first request gets the first answer, the last answer all that follow.</summary>
internal sealed class WireServer : IAsyncDisposable
{
    public const string Reply =
        """{"id":"c1","created":1700000000,"model":"m-1","choices":[{"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":5,"total_tokens":8}}""";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<WireCall, Task>[] _answers;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly ConcurrentQueue<WireCall> _calls = new();
    private readonly Task _accepting;
    private int _served;

    private WireServer(Func<WireCall, Task>[] answers)
    {
        _answers = answers;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/v1");

    public WireCall[] Calls => [.. _calls];

    public static WireServer Start(params Func<WireCall, Task>[] answers) => new(answers);

    public static Func<WireCall, Task> Says(string body, int status = 200, params string[] headers) => call => call.AnswerAsync(body, status, headers);

    public static Func<WireCall, Task> Streams(params string[] events) => call => call.AnswerAsync(string.Concat(events.Select(data => $"data: {data}\n\n")), 200, "Content-Type: text/event-stream");

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await WireCall.ReadAsync(stream, _ending.Token) is { } call)
                {
                    _calls.Enqueue(call);
                    await _answers[Math.Min(Interlocked.Increment(ref _served), _answers.Length) - 1](call);
                    if (call.IsClosing)
                    {
                        return;
                    }
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The client closed the connection, or the test is over.
            }
        }
    }
}

/// <summary>One request, and the connection it came on.</summary>
internal sealed class WireCall
{
    private const byte TlsHandshake = 0x16;

    private readonly NetworkStream _stream;
    private readonly CancellationToken _ending;

    private WireCall(NetworkStream stream, string head, string body, CancellationToken ending) => (_stream, Head, Body, _ending) = (stream, head, body, ending);

    public string Head { get; }

    public string Body { get; }

    public JsonElement Json => JsonElement.Parse(Body);

    public bool IsClosing { get; set; }

    public static async Task<WireCall?> ReadAsync(NetworkStream stream, CancellationToken ending)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, ending) == 0)
            {
                return null;
            }

            if (one[0] == TlsHandshake)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        var text = head.ToString();
        var length = text.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        var body = new byte[length is null ? 0 : int.Parse(length.Split(':')[1], CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, ending);
        return new WireCall(stream, text, Encoding.UTF8.GetString(body), ending);
    }

    public async Task SendAsync(string raw) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(raw), _ending);

    /// <summary>A whole answer.</summary>
    public Task AnswerAsync(string body, int status = 200, params string[] headers) => SendAsync(
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Whatever\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n{body}"));

    /// <summary>The beginning of a streamed answer, whose pieces follow with <see cref="PieceAsync"/>.</summary>
    public Task BeginAsync() => SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");

    public Task PieceAsync(string piece) => SendAsync(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(piece):x}\r\n{piece}\r\n"));

    public Task EndAsync() => SendAsync("0\r\n\r\n");

    /// <summary>Completes when the client has closed the connection.</summary>
    public async Task ClosedAsync()
    {
        var buffer = new byte[1];
        try
        {
            while (await _stream.ReadAsync(buffer, _ending) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset is a close, too.
        }
    }
}
