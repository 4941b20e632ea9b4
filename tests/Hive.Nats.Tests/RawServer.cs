using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hive.Nats.Tests;

/// <summary>A listener that plays a NATS server by hand, to send what no real one would.</summary>
internal sealed class RawServer : IDisposable
{
    private const string Info = """INFO {"server_id":"RAW","version":"2.9.10","headers":true,"max_payload":1000}""";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public RawServer() => _listener.Start();

    public string Location => $"nats://{_listener.LocalEndpoint}";

    public void Dispose() => _listener.Dispose();

    /// <summary>Takes a client and sends it something at once.</summary>
    public async Task<Client> AcceptAsync(string greeting)
    {
        var client = new Client(await _listener.AcceptTcpClientAsync());
        await client.SendAsync(greeting);
        return client;
    }

    /// <summary>Takes a client the way a NATS server does.</summary>
    public async Task<Client> AcceptAsync()
    {
        var client = await AcceptAsync(Info + "\r\n");
        await client.WaitForAsync("PING");
        await client.SendAsync("PONG\r\n");
        return client;
    }

    internal sealed class Client(TcpClient client) : IDisposable
    {
        private readonly StreamReader _reader = new(client.GetStream());

        public async Task SendAsync(string text) => await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

        /// <summary>Reads lines to the one that begins so; null at the end.</summary>
        public async Task<string?> WaitForAsync(string start)
        {
            string? line;
            do
            {
                line = await _reader.ReadLineAsync();
            }
            while (line is not null && !line.StartsWith(start, StringComparison.Ordinal));

            return line;
        }

        public void Dispose()
        {
            _reader.Dispose();
            client.Dispose();
        }
    }
}
