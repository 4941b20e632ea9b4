using System.CommandLine;
using Hive.Silo.Display;
using Hive.Silo.Hosting;
using Hive.Silos;

namespace Hive.Silo.Commands;

/// <summary><c>hive silo</c>: hosts a silo until it is stopped.</summary>
internal static class SiloCommand
{
    private const string Auto = "auto";

    public static Command Create(CommandConsole console)
    {
        var name = new Option<string>("--name") { Description = "The silo's name, unique in its hive.", DefaultValueFactory = _ => "local", HelpName = "NAME" };
        var tier = Tier();
        var data = CommonOptions.Data();
        var cores = CommonOptions.Cores();
        var json = CommonOptions.Json();
        var command = new Command("silo", "Host a silo that is its own hub, go on with the goals that lie unfinished in its database, and stay until Ctrl+C.") { name, tier, data, cores, json };
        command.SetAction(async (arguments, cancellation) =>
        {
            var (chosen, hardware) = await ChooseAsync(console, arguments.GetValue(tier)!, arguments.GetValue(json), cancellation);
            await using var silo = await RunningSilo.StartAsync(
                options =>
                (options.Name, options.Tier, options.Database, options.Cores, options.Hardware) =
                (arguments.GetValue(name)!, chosen, arguments.GetValue(data)!, arguments.GetValue(cores), hardware),
                cancellation);
            console.Error.WriteLine($"silo {arguments.GetValue(name)} ({chosen}, {arguments.GetValue(cores)} at once) is up; goals are kept in {arguments.GetValue(data)}. Stop it with Ctrl+C.");
            try
            {
                await silo.WaitForShutdownAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                // Ctrl+C is how a silo is stopped.
            }

            return ExitCode.Done;
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
    internal static async Task<(string Tier, Hardware? Hardware)> ChooseAsync(CommandConsole console, string asked, bool json, CancellationToken cancellation)
    {
        if (asked != Auto)
        {
            return Tiers.All.Contains(asked) ? (asked, null) : throw new BadInputException($"'{asked}' is no tier; choose {string.Join(", ", Tiers.All)} or {Auto}");
        }

        var hardware = await HardwareProbe.ReadAsync(cancellation);
        var choice = TierRule.Choose(hardware, brains: 0);
        console.Error.WriteLine(SiloText.Of(choice));
        if (json)
        {
            console.Output.WriteLine(SiloText.Json(choice));
        }

        return (choice.Tier, hardware);
    }
}
