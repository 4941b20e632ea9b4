using System.CommandLine;
using Hive.Silo.Hosting;
using Hive.Silos;

namespace Hive.Silo.Commands;

/// <summary><c>hive silo</c>: hosts a silo until it is stopped.</summary>
internal static class SiloCommand
{
    public static Command Create(CommandConsole console)
    {
        var name = new Option<string>("--name") { Description = "The silo's name, unique in its hive.", DefaultValueFactory = _ => "local", HelpName = "NAME" };
        var tier = new Option<string>("--tier") { Description = "The silo's tier: edge, worker or core.", DefaultValueFactory = _ => Tiers.Worker, HelpName = "TIER" };
        var data = CommonOptions.Data();
        var cores = CommonOptions.Cores();
        var command = new Command("silo", "Host a silo that is its own hub, go on with the goals that lie unfinished in its database, and stay until Ctrl+C.") { name, tier, data, cores };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var silo = await RunningSilo.StartAsync(
                options =>
                (options.Name, options.Tier, options.Database, options.Cores) =
                (arguments.GetValue(name)!, arguments.GetValue(tier)!, arguments.GetValue(data)!, arguments.GetValue(cores)),
                cancellation);
            console.Error.WriteLine($"silo {arguments.GetValue(name)} ({arguments.GetValue(tier)}, {arguments.GetValue(cores)} at once) is up; goals are kept in {arguments.GetValue(data)}. Stop it with Ctrl+C.");
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
}
