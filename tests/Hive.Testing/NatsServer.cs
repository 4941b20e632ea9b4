using System.Globalization;

namespace Hive.Testing;

/// <summary>A NATS server of one's own on the loopback interface, with Debian's nats-server: real, and gone after the test.</summary>
public sealed class NatsServer : IAsyncDisposable
{
    private readonly string _directory;

    private readonly string[] _arguments;

    private ServerProcess? _server;

    private NatsServer(string directory, int port, string? configuration)
    {
        _directory = directory;
        Port = port;
        _arguments = ["-a", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)];
        if (configuration is not null)
        {
            var file = Path.Combine(directory, "nats.conf");
            File.WriteAllText(file, configuration);
            _arguments = [.. _arguments, "-c", file];
        }
    }

    /// <summary>The port on the loopback interface.</summary>
    public int Port { get; }

    /// <summary>The server's address: <c>nats://127.0.0.1:port</c>.</summary>
    public string Location => $"nats://127.0.0.1:{Port}";

    /// <summary>Starts a server; completes when it takes connections.</summary>
    /// <param name="configuration">The text of a configuration file (users, permissions, TLS), or null for an open server.</param>
    /// <param name="port">The port, or null for one that is free.</param>
    /// <param name="cancellation">Gives up the wait.</param>
    /// <exception cref="InvalidOperationException">nats-server is not installed, or did not start; the message holds what it said.</exception>
    public static async Task<NatsServer> StartAsync(string? configuration = null, int? port = null, CancellationToken cancellation = default)
    {
        var server = new NatsServer(TemporaryDirectory.Create("hive-nats"), port ?? Loopback.FreePort(), configuration);
        try
        {
            await server.StartAgainAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server that was stopped or killed, on the same port.</summary>
    /// <param name="cancellation">Gives up the wait.</param>
    public async Task StartAgainAsync(CancellationToken cancellation = default)
    {
        _server = ServerProcess.Start(["nats-server", .. _arguments]);
        await _server.WaitForLineAsync("Server is ready", cancellation);
    }

    /// <summary>Stops the server gently: clients are told (SIGINT).</summary>
    /// <param name="cancellation">Gives up the wait.</param>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        if (_server is { } server)
        {
            _server = null;
            await server.SignalAsync("INT", cancellation);
            await server.WaitForExitAsync(cancellation);
        }
    }

    /// <summary>Kills the server (SIGKILL).</summary>
    /// <param name="cancellation">Gives up the wait.</param>
    public async Task KillAsync(CancellationToken cancellation = default)
    {
        if (_server is { } server)
        {
            _server = null;
            await server.KillAsync(cancellation);
        }
    }

    /// <summary>Kills the server and removes its directory.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        TemporaryDirectory.Delete(_directory);
    }
}
