using System.Globalization;

namespace Hive.Testing;

/// <summary>
/// The reference server of the Model Context Protocol from npm, <c>@modelcontextprotocol/server-everything</c>. It is installed once into the user's cache folder, in one fixed
/// version, and run with node.
/// </summary>
public sealed class EverythingServer : IAsyncDisposable
{
    private const string Package = "@modelcontextprotocol/server-everything";

    private const string Version = "2026.8.31";

    private readonly ServerProcess _process;

    private EverythingServer(ServerProcess process, Uri url) => (_process, Url) = (process, url);

    /// <summary>Where the running server speaks streamable HTTP.</summary>
    public Uri Url { get; }

    /// <summary>Installs the server where it is missing, and returns the file that node runs.</summary>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<string> InstallAsync(CancellationToken cancellation)
    {
        var cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "hive-tests");
        var folder = Path.Combine(cache, $"server-everything-{Version}");
        var script = Path.Combine(folder, "node_modules", Package, "dist", "index.js");
        if (File.Exists(script))
        {
            return script;
        }

        // Whoever is first to finish wins; a half of an installation is never seen under the final name.
        Directory.CreateDirectory(cache);
        var making = TemporaryDirectory.Create("hive-npm");
        try
        {
            await ServerProcess.RunAsync(
                ["npm", "install", "--prefix", making, "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--loglevel", "error", $"{Package}@{Version}"],
                cancellation);
            await ServerProcess.RunAsync(["cp", "-r", making, folder + "." + Path.GetFileName(making)], cancellation);
            await ServerProcess.RunAsync(["mv", "-T", "-n", folder + "." + Path.GetFileName(making), folder], cancellation);
        }
        finally
        {
            TemporaryDirectory.Delete(making);
        }

        return File.Exists(script) ? script : throw new InvalidOperationException($"{Package} {Version} was installed without its file {script}.");
    }

    /// <summary>Starts the server with streamable HTTP on a free port of this machine.</summary>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<EverythingServer> StartAsync(CancellationToken cancellation)
    {
        var script = await InstallAsync(cancellation);
        var port = Loopback.FreePort().ToString(CultureInfo.InvariantCulture);
        var process = ServerProcess.Start(["env", $"PORT={port}", "node", script, "streamableHttp"]);
        var server = new EverythingServer(process, new Uri($"http://127.0.0.1:{port}/mcp"));
        try
        {
            await process.WaitForLineAsync($"listening on port {port}", cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the server and waits until it is gone.</summary>
    public async ValueTask DisposeAsync() => await _process.KillAsync(CancellationToken.None);
}
