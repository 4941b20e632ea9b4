using System.CommandLine;
using Hive.Silo.Hosting;
using Hive.Silos;

namespace Hive.Silo.Commands;

/// <summary><c>hive hub</c>: hosts a hub until it is stopped.</summary>
internal static class HubCommand
{
    private const string Description = """
        Host a hub: it holds the goals, their logs and the registry of silos, and works as a silo too. Stop it with Ctrl+C; goals go on at the next start.

        A grid on one machine:                hive hub                        (and NATS:  nats-server -a 127.0.0.1)
                                              hive silo --name b --tier edge
        A second hub that takes over:         hive hub --name hub-b --database postgres://hive@db/hive --standby
        Passwords come from the environment:  HIVE_NATS_USER, HIVE_NATS_PASSWORD_FILE, HIVE_DATABASE_PASSWORD_FILE (docs/grid.md)
        """;

    public static Command Create(CommandConsole console)
    {
        var name = new Option<string>("--name") { Description = "The hub's name, unique in its grid.", DefaultValueFactory = _ => "hub", HelpName = "NAME" };
        var tier = SiloCommand.Tier();
        var database = CommonOptions.Data();
        database.Aliases.Add("--database");
        var standby = new Option<bool>("--standby") { Description = "Wait while another hub serves the database, and take over when it fails (PostgreSQL)." };
        var (nats, cluster, cores) = (GridArguments.Nats(), GridArguments.Cluster(), CommonOptions.Cores());
        var config = BrainArguments.Config();
        var command = new Command("hub", Description) { name, tier, database, standby, nats, cluster, cores, config };
        command.SetAction(async (arguments, cancellation) =>
        {
            var file = HiveFile.Find(arguments.GetValue(config), Directory.GetCurrentDirectory());
            var (chosen, hardware) = await SiloCommand.ChooseAsync(console, arguments.GetValue(tier)!, file, json: false, cancellation);
            var grid = GridArguments.Read(arguments.GetValue(nats)!, arguments.GetValue(cluster)!);
            var host = new HubHost(
                options =>
                {
                    (options.Name, options.Tier, options.Hardware) = (arguments.GetValue(name)!, chosen, hardware);
                    (options.Database, options.Cores) = (arguments.GetValue(database)!, arguments.GetValue(cores));
                    (options.Grid, options.File) = (grid, file);
                },
                TimeProvider.System,
                console.Error);
            try
            {
                await host.RunAsync(arguments.GetValue(standby), cancellation);
            }
            catch (OperationCanceledException)
            {
                // Ctrl+C is how a hub is stopped.
            }
            catch (HubTakenException e)
            {
                return console.Failed(e.Message);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
