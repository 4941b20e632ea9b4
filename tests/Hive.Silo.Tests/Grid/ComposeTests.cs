using System.Diagnostics;
using System.Text.Json;
using Hive.Client.Grid;
using Hive.Goals;
using Hive.Testing;

namespace Hive.Silo.Tests.Grid;

/// <summary>docker-compose.yml is not only text: its very commands, environments and health checks are run here as processes.</summary>
public sealed class ComposeTests
{
    private static readonly string[] Silos = ["edge", "worker", "core"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_commands_of_the_compose_file_make_a_grid_that_is_healthy_and_runs_a_goal()
    {
        var services = (await ReadAsync()).GetProperty("services");
        using var folder = new TemporaryFolder();
        await using var guarded = await GuardedServer.StartAsync();
        await using var postgres = await PostgresServer.StartAsync(Cancellation);
        var world = new World(folder, guarded, postgres);
        var running = new List<HiveProcess>();
        try
        {
            running.Add(world.Start(services.GetProperty("hub"), "hub-a"));
            await running[^1].Seen;
            running.Add(world.Start(services.GetProperty("standby"), "hub-b"));
            await running[^1].Seen;
            foreach (var silo in Silos)
            {
                running.Add(world.Start(services.GetProperty(silo), silo));
                await running[^1].Seen;
            }

            foreach (var name in (string[])["hub", .. Silos])
            {
                var (status, output, error) = await world.CheckAsync(services.GetProperty(name), name);
                Assert.True(status == 0, $"{name}: {error}");
                Assert.NotEmpty(JsonDocument.Parse(output).RootElement.GetProperty("silos").EnumerateArray());
            }

            await using var client = await GridHive.ConnectAsync(guarded.Grid("client"), cancellation: Cancellation);
            var id = await client.SubmitAsync(GoalFile.Parse(Commands.Goals.Small), null, Cancellation);
            Assert.Equal(GoalState.Done, (await client.WaitAsync(id, Cancellation)).State);
        }
        finally
        {
            foreach (var process in running) await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task Nothing_of_the_compose_file_listens_beyond_its_own_network_or_has_a_password_in_it()
    {
        var compose = await ReadAsync();
        foreach (var service in compose.GetProperty("services").EnumerateObject())
        {
            Assert.False(service.Value.TryGetProperty("ports", out _), $"{service.Name} publishes a port");
            Assert.True(service.Value.TryGetProperty("healthcheck", out _), $"{service.Name} has no health check");
            Assert.Equal("unless-stopped", service.Value.GetProperty("restart").GetString());
            if (!service.Value.TryGetProperty("environment", out var environment)) continue;
            Assert.DoesNotContain(environment.EnumerateObject(), variable => variable.Name.EndsWith("PASSWORD", StringComparison.Ordinal));
        }
    }

    /// <summary>The file as JSON, its anchors and merges resolved.</summary>
    private static async Task<JsonElement> ReadAsync()
    {
        using var python = Process.Start(new ProcessStartInfo(
            "/usr/bin/python3", ["-c", "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))", Path.Combine(GuardedServer.Root, "docker-compose.yml")])
        {
            RedirectStandardOutput = true,
        })!;
        var json = await python.StandardOutput.ReadToEndAsync(Cancellation);
        await python.WaitForExitAsync(Cancellation);
        return JsonDocument.Parse(json).RootElement;
    }

    /// <summary>What the containers would see, on this machine: the same commands, other addresses, secrets as files.</summary>
    private sealed class World(TemporaryFolder folder, GuardedServer guarded, PostgresServer postgres)
    {
        public HiveProcess Start(JsonElement service, string name)
        {
            var command = service.GetProperty("command").EnumerateArray().Select(word => Local(word.GetString()!)).ToArray();
            return HiveProcess.Start(
                folder.Path,
                line => line.Contains(" is up in grid ", StringComparison.Ordinal) || line.Contains(" serves ", StringComparison.Ordinal) || line.Contains(" stands by", StringComparison.Ordinal),
                EnvironmentOf(service, name),
                command);
        }

        public async Task<(int Status, string Output, string Error)> CheckAsync(JsonElement service, string name)
        {
            var test = service.GetProperty("healthcheck").GetProperty("test").EnumerateArray().Select(word => word.GetString()!).ToArray();
            Assert.Equal(["CMD", "hive"], test[..2]);
            await using var check = HiveProcess.Start(folder.Path, _ => false, EnvironmentOf(service, name), test[2..]);
            return await check.EndAsync();
        }

        private string Local(string word) => word.Replace("@postgres/", $"@127.0.0.1:{postgres.Port}/", StringComparison.Ordinal);

        private Dictionary<string, string?> EnvironmentOf(JsonElement service, string name)
        {
            var variables = service.GetProperty("environment").EnumerateObject().ToDictionary(variable => variable.Name, string? (variable) => Local(variable.Value.GetString()!));
            variables["HIVE_NATS"] = guarded.Server.Location;

            // A container has a machine name of its own.
            variables["HIVE_NAME"] = name;
            foreach (var (variable, path) in variables.Where(variable => variable.Key.EndsWith("_FILE", StringComparison.Ordinal)).ToArray())
            {
                var secret = Path.GetFileName(path)!;
                variables[variable] = folder.Write(secret, secret == "postgres" ? postgres.Password : guarded.Grid(secret).Password!);
            }

            return variables;
        }
    }
}
