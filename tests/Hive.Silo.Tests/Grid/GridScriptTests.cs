using System.Diagnostics;
using System.Globalization;
using Hive.Client.Grid;
using Hive.Goals;
using Hive.Testing;

namespace Hive.Silo.Tests.Grid;

/// <summary>./grid.sh as people use it.</summary>
public sealed class GridScriptTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_script_starts_a_grid_with_passwords_that_runs_a_goal_and_stops_all_of_it()
    {
        using var folder = new TemporaryFolder();
        var port = Loopback.FreePort();
        var environment = new Dictionary<string, string>
        {
            ["HIVE_GRID_FOLDER"] = folder.Path,
            ["HIVE_GRID_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["HIVE_GRID_DATABASE_PORT"] = Loopback.FreePort().ToString(CultureInfo.InvariantCulture),
            ["HIVE_GRID_BUILT"] = "1",
        };
        try
        {
            var (status, said) = await RunAsync("start", environment);
            Assert.True(status == 0, said);
            Assert.All(["edge-1", "worker-1", "core-1", "hub-"], name => Assert.Contains(name, said, StringComparison.Ordinal));
            var grid = new GridOptions
            {
                Server = $"nats://127.0.0.1:{port}",
                User = "client",
                Password = await File.ReadAllTextAsync(Path.Combine(folder.Path, "secrets", "client")),
            };
            await using var client = await GridHive.ConnectAsync(grid, cancellation: TestContext.Current.CancellationToken);
            var id = await client.SubmitAsync(GoalFile.Parse(Commands.Goals.Small), null, TestContext.Current.CancellationToken);
            Assert.Equal(GoalState.Done, (await client.WaitAsync(id, TestContext.Current.CancellationToken)).State);
        }
        finally
        {
            var processes = Directory.GetFiles(Path.Combine(folder.Path, ".grid"), "*.pid").Select(file => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture)).ToArray();
            var (status, said) = await RunAsync("stop", environment);
            Assert.True(status == 0, said);
            Assert.All(processes, process => Assert.False(IsRunning(process), $"process {process} goes on"));
        }
    }

    private static bool IsRunning(int process)
    {
        var state = $"/proc/{process}/stat";
        return File.Exists(state) && !File.ReadAllText(state).Contains(") Z ", StringComparison.Ordinal);
    }

    private async Task<(int Status, string Said)> RunAsync(string verb, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(GuardedServer.Root, "grid.sh"), verb]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var script = Process.Start(start)!;
        var (said, errors) = (script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
        await script.WaitForExitAsync(TestContext.Current.CancellationToken);
        var all = await said + await errors;
        output.WriteLine(all);
        return (script.ExitCode, all);
    }
}
