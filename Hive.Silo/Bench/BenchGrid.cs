using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hive.Client.Grid;
using Hive.Silo.Commands;
using Hive.Silo.Hosting;
using Hive.Silos;

namespace Hive.Silo.Bench;

/// <summary>A grid on this machine, to be measured: a nats-server, a hub in this process that keeps everything in memory, and silos in processes of their own.</summary>
internal sealed class BenchGrid : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly Process _nats;
    private readonly List<Process> _silos = [];

    private BenchGrid(Process nats, RunningSilo hub, GridOptions options)
    {
        _nats = nats;
        Hub = hub;
        Options = options;
    }

    public RunningSilo Hub { get; }

    public GridOptions Options { get; }

    /// <exception cref="BadInputException">nats-server is not installed.</exception>
    public static async Task<BenchGrid> StartAsync(CancellationToken cancellation)
    {
        var port = FreePort();
        var nats = StartNats(port);
        try
        {
            var grid = new GridOptions { Server = $"nats://127.0.0.1:{port}", Cluster = "bench" };
            await WaitForServerAsync(port, cancellation);
            var hub = await RunningSilo.StartAsync(
                options => (options.Name, options.Tier, options.Database, options.ResumeGoals, options.Grid) = ("hub", Tiers.Worker, HiveOptions.InMemory, false, grid),
                cancellation);
            return new BenchGrid(nats, hub, grid);
        }
        catch
        {
            nats.Kill();
            throw;
        }
    }

    /// <summary>Starts a silo in a process of its own and waits until the hub knows it.</summary>
    public async Task StartSiloAsync(string name, string tier, int cores, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[typeof(BenchGrid).Assembly.Location, "silo", "--name", name, "--tier", tier, "--cores", cores.ToString(CultureInfo.InvariantCulture), "--nats", Options.Server, "--cluster", Options.Cluster])
        {
            start.ArgumentList.Add(argument);
        }

        var silo = Process.Start(start)!;
        _silos.Add(silo);
        silo.BeginOutputReadLine();
        silo.BeginErrorReadLine();
        var registry = Hub.Grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key);
        for (var began = Stopwatch.StartNew(); !(await registry.ListAsync()).Any(known => known.Name == name); await Task.Delay(Poll, cancellation))
        {
            if (silo.HasExited || began.Elapsed > Longest)
            {
                throw new InvalidOperationException($"silo {name} did not join the grid");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            silo.Kill();
            await silo.WaitForExitAsync();
        }

        await Hub.DisposeAsync();
        _nats.Kill();
        await _nats.WaitForExitAsync();
    }

    private static Process StartNats(int port)
    {
        try
        {
            var start = new ProcessStartInfo("nats-server", ["-a", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true };
            var nats = Process.Start(start)!;
            nats.BeginErrorReadLine();
            return nats;
        }
        catch (Win32Exception)
        {
            throw new BadInputException("nats-server is not installed; on Debian:  apt-get install nats-server");
        }
    }

    private static async Task WaitForServerAsync(int port, CancellationToken cancellation)
    {
        for (var began = Stopwatch.StartNew(); ; await Task.Delay(Poll, cancellation))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
                return;
            }
            catch (SocketException) when (began.Elapsed < Longest)
            {
                // Not there yet.
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
