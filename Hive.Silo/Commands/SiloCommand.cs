using System.CommandLine;
using Hive.Silo.Display;
using Hive.Silo.Hosting;
using Hive.Silos;

namespace Hive.Silo.Commands;

/// <summary><c>hive silo</c>: hosts a silo until it is stopped.</summary>
internal static class SiloCommand
{
    private const string Auto = "auto";

    private const string Description = """
        Host a silo: lend this machine to a grid. It keeps no database; what runs here when it stops is run elsewhere. Stop it with Ctrl+C.

        On the hub's machine:  hive silo --name b --tier edge
        On another machine:    HIVE_NATS_USER=silo HIVE_NATS_PASSWORD_FILE=silo.password hive silo --nats tls://hub.example:4222 --tier auto
        Who is here:           hive silo list
        """;

    /// <summary>The name of a silo that is given none: <c>HIVE_NAME</c>, or the machine's.</summary>
    internal static string DefaultName => Environment.GetEnvironmentVariable("HIVE_NAME") is { Length: > 0 } name ? name : Environment.MachineName;

    public static Command Create(CommandConsole console)
    {
        var name = new Option<string>("--name") { Description = "The silo's name, unique in its grid.", DefaultValueFactory = _ => DefaultName, HelpName = "NAME" };
        var tier = Tier();
        var (nats, cluster) = (GridArguments.Nats(), GridArguments.Cluster());
        var cores = CommonOptions.Cores();
        var json = CommonOptions.Json();
        var config = BrainArguments.Config();
        var command = new Command("silo", Description) { name, tier, nats, cluster, cores, config, json };
        command.Subcommands.Add(SiloListCommand.Create(console));
        command.SetAction(async (arguments, cancellation) =>
        {
            var file = HiveFile.Find(arguments.GetValue(config), Directory.GetCurrentDirectory());
            var (chosen, hardware) = await ChooseAsync(console, arguments.GetValue(tier)!, file, arguments.GetValue(json), cancellation);
            var grid = GridArguments.Read(arguments.GetValue(nats)!, arguments.GetValue(cluster)!);
            await using var silo = await RunningSilo.StartAsync(
                options =>
                {
                    (options.Name, options.Tier, options.Cores, options.Hardware) = (arguments.GetValue(name)!, chosen, arguments.GetValue(cores), hardware);
                    (options.IsHub, options.Grid, options.File) = (false, grid, file);
                },
                cancellation);
            console.Error.WriteLine($"silo {arguments.GetValue(name)} ({chosen}, {arguments.GetValue(cores)} at once) is up in grid {grid.Cluster} at {grid.Server}. Stop it with Ctrl+C.");
            try
            {
                await silo.WaitForShutdownAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                // Ctrl+C is how a silo is stopped.
            }

            return silo.IsCutOff ? console.Failed($"silo {arguments.GetValue(name)} was cut off from grid {grid.Cluster} at {grid.Server}; the log above says why") : ExitCode.Done;
        });
        return command;
    }

    /// <summary>The option <c>--tier</c>.</summary>
    internal static Option<string> Tier() => new("--tier")
    {
        Description = "The silo's tier: edge, worker or core; auto looks at the hardware and says why.",
        DefaultValueFactory = _ => Tiers.Worker,
        HelpName = "TIER",
    };

    /// <summary>The tier that was asked for; for <c>auto</c> the one that the hardware is good for, and the reason told.</summary>
    /// <returns>The tier, and the hardware where it was looked at.</returns>
    internal static async Task<(string Tier, Hardware? Hardware)> ChooseAsync(CommandConsole console, string asked, HiveFile file, bool json, CancellationToken cancellation)
    {
        if (asked != Auto)
        {
            return Tiers.All.Contains(asked) ? (asked, null) : throw new BadInputException($"'{asked}' is no tier; choose {string.Join(", ", Tiers.All)} or {Auto}");
        }

        var hardware = await HardwareProbe.ReadAsync(cancellation);
        var choice = TierRule.Choose(hardware, file.Brains.Brains.Count(brain => brain.Spec.Tier == Tiers.Core));
        console.Error.WriteLine(SiloText.Of(choice));
        if (json)
        {
            console.Output.WriteLine(SiloText.Json(choice));
        }

        return (choice.Tier, hardware);
    }
}
