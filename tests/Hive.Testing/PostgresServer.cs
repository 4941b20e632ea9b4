using System.Globalization;

namespace Hive.Testing;

/// <summary>
/// A PostgreSQL server of one's own in a temporary directory, with Debian's PostgreSQL 15: real, and gone after the test. Flushes are on.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "hive";

    private const string Database = "hive";

    private readonly string _directory;

    private readonly string _binaries;

    private readonly int _port;

    private ServerProcess? _server;

    private PostgresServer(string directory, string binaries, int port)
    {
        _directory = directory;
        _binaries = binaries;
        _port = port;
        Password = Guid.NewGuid().ToString("N");
    }

    /// <summary>The password of the server's only user.</summary>
    public string Password { get; }

    /// <summary>The port on the loopback interface.</summary>
    public int Port => _port;

    /// <summary>The server as a location: <c>postgres://user:password@127.0.0.1:port/database</c>.</summary>
    public string Location => $"postgres://{User}:{Password}@127.0.0.1:{_port}/{Database}";

    /// <summary>The server as Npgsql names it.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username={User};Password={Password};Database={Database}";

    /// <summary>Makes an empty server and starts it; completes when it takes connections.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or did not start; the message holds what it said.</exception>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellation = default)
    {
        var server = new PostgresServer(TemporaryDirectory.Create("hive-postgres"), FindBinaries(), Loopback.FreePort());
        try
        {
            await server.InitializeAsync(cancellation);
            await server.StartAgainAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server that was stopped or killed, on the same port and with the same data.</summary>
    /// <param name="cancellation">Gives up the wait.</param>
    public async Task StartAgainAsync(CancellationToken cancellation = default)
    {
        _server = ServerProcess.Start(AsServerUser(
            Path.Combine(_binaries, "postgres"),
            "-D", DataDirectory, "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", _directory, "-c", "listen_addresses=127.0.0.1"));
        await _server.WaitForLineAsync("database system is ready to accept connections", cancellation);
    }

    /// <summary>Restarts the server gently: sessions are ended, nothing is lost.</summary>
    /// <param name="cancellation">Gives up the wait.</param>
    public async Task RestartAsync(CancellationToken cancellation = default)
    {
        await StopAsync(cancellation);
        await StartAgainAsync(cancellation);
    }

    /// <summary>Stops the server gently (SIGINT, PostgreSQL's fast shutdown).</summary>
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

    /// <summary>Kills the server with all its processes (SIGKILL), as a loss of power would.</summary>
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

    private string DataDirectory => Path.Combine(_directory, "data");

    private async Task InitializeAsync(CancellationToken cancellation)
    {
        var passwordFile = Path.Combine(_directory, "password");
        await File.WriteAllTextAsync(passwordFile, Password, cancellation);
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL refuses to run as root; Debian's package brings a user for it.
            await ServerProcess.RunAsync(["chown", "-R", "postgres", _directory], cancellation);
        }

        await ServerProcess.RunAsync(
            AsServerUser(
                Path.Combine(_binaries, "initdb"),
                "-D", DataDirectory, "-U", User, "--auth=scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8", "--no-locale", "--no-sync"),
            cancellation);

        // Single-user mode makes the database without a server to wait for.
        await ServerProcess.RunAsync(
            AsServerUser(Path.Combine(_binaries, "postgres"), "--single", "-D", DataDirectory, "postgres"), cancellation, $"CREATE DATABASE {Database}\n");
    }

    private static string[] AsServerUser(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command] : command;

    private static string FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var found = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        return found ?? throw new InvalidOperationException("PostgreSQL is not installed; run: apt-get update && apt-get install -y postgresql");
    }
}
