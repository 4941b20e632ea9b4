using System.CommandLine;
using Hive.Client.Grid;
using Hive.Silo.Display;
using Hive.Silos;

namespace Hive.Silo.Commands;

/// <summary><c>hive silo list</c>: who is in a grid, and what they can do.</summary>
internal static class SiloListCommand
{
    public static Command Create(CommandConsole console)
    {
        var (nats, cluster, json) = (GridArguments.Nats(), GridArguments.Cluster(), CommonOptions.Json());
        nats.Aliases.Add("--connect");
        var tier = new Option<string?>("--tier") { Description = "Only silos of this tier.", HelpName = "TIER" };
        var cores = new Option<int>("--min-cores") { Description = "Only silos with at least so many cores.", HelpName = "N" };
        var memory = new Option<long>("--min-memory") { Description = "Only silos with at least so much memory, in MiB.", HelpName = "MIB" };
        var gpu = new Option<bool>("--gpu") { Description = "Only silos with a GPU." };
        var gpuMemory = new Option<long>("--min-gpu-memory") { Description = "Only silos with a GPU of at least so much memory, in MiB.", HelpName = "MIB" };
        var model = new Option<string?>("--model") { Description = "Only silos that serve this model.", HelpName = "NAME" };
        var skill = new Option<string?>("--skill") { Description = "Only silos where this skill lies.", HelpName = "ADDRESS" };
        var here = new Option<bool>("--here") { Description = "Only the silo of this machine's name; exits 4 if it is not in the grid. For health checks." };
        var command = new Command("list", "List the silos of a grid: tier, cores, memory, GPUs, line, models, skills.")
        {
            nats, cluster, tier, cores, memory, gpu, gpuMemory, model, skill, here, json,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            var grid = GridArguments.Read(arguments.GetValue(nats)!, arguments.GetValue(cluster)!);
            await using var hive = await GridHive.ConnectAsync(grid, GridArguments.Patience, cancellation: cancellation);
            using var reply = await hive.AskAsync(
                GridApi.Silos,
                writer =>
                {
                    if (arguments.GetValue(tier) is { } wanted) writer.WriteString("tier", wanted);
                    writer.WriteNumber("minCores", arguments.GetValue(cores));
                    writer.WriteNumber("minMemoryMiB", arguments.GetValue(memory));
                    writer.WriteBoolean("gpu", arguments.GetValue(gpu));
                    writer.WriteNumber("minGpuMemoryMiB", arguments.GetValue(gpuMemory));
                    if (arguments.GetValue(model) is { } named) writer.WriteString("model", named);
                    if (arguments.GetValue(skill) is { } address) writer.WriteString("skill", address);
                },
                cancellation);
            var silos = SiloText.Read(reply.RootElement).Where(silo => !arguments.GetValue(here) || silo.Name == SiloCommand.DefaultName).ToArray();
            if (arguments.GetValue(json))
            {
                console.Output.WriteLine(SiloText.Json(silos));
            }
            else
            {
                SiloText.Write(console.Output, silos);
            }

            return silos.Length == 0 && arguments.GetValue(here) ? console.Failed($"silo {SiloCommand.DefaultName} is not in grid {grid.Cluster}") : ExitCode.Done;
        });
        return command;
    }
}
