using System.CommandLine;
using Hive.Client.Grid;
using Hive.Cognition.Prompts;
using Hive.Evaluators;
using Hive.Goals;
using Hive.Nats;
using Hive.Research;
using Hive.Silos;
using Hive.Storage;

namespace Hive.Silo.Commands;

/// <summary>The <c>hive</c> command: reads the arguments, runs what they name, and turns whatever goes wrong into one line and an exit status.</summary>
internal static class HiveCommand
{
    private const string Description = """
        Hive forks a goal into many cheap attempts, checks every result, and joins the survivors into one verified outcome.

        Start with:     hive run examples/circle-packing.json
        With brains:    hive run examples/answer.json       (language models: docs/cognition.md)
        A swarm:        hive research search
        Many machines:  hive hub, hive silo (docs/grid.md)

        A goal says what is wanted, how an outcome is judged, what to vary and what may be spent; docs/goals.md shows how to write one.
        Everything is kept in the folder .hive: a run that is killed goes on with  hive goal resume ID.

        Exit status: 0 done, 2 bad input, 3 budget exhausted before the target, 4 failed, 130 interrupted.
        """;

    /// <summary>Runs the command.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Standard output: results alone.</param>
    /// <param name="error">Standard error: progress and errors.</param>
    /// <returns>The exit status.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var console = new CommandConsole(output, error);
        var root = new RootCommand(Description);
        root.Subcommands.Add(RunCommand.Create(console));
        root.Subcommands.Add(GoalCommand.Create(console));
        root.Subcommands.Add(HubCommand.Create(console));
        root.Subcommands.Add(SiloCommand.Create(console));
        root.Subcommands.Add(BrainCommand.Create(console));
        root.Subcommands.Add(ToolCommand.Create(console));
        root.Subcommands.Add(EvaluatorCommand.Create(console));
        root.Subcommands.Add(SkillCommand.Create(console));
        root.Subcommands.Add(LeaderboardCommand.Create(console));
        root.Subcommands.Add(BasinCommand.Create(console));
        root.Subcommands.Add(WasmCommand.Create(console));
        root.Subcommands.Add(ResearchCommand.Create(console));
        root.Subcommands.Add(BenchCommand.Create(console));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            var command = parsed.CommandResult.Command;
            return console.BadInput($"{Mistake(parsed, command)} (see: hive {Path(command)}--help)");
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(15) });
        }
        catch (Exception e) when (e is BadInputException or GoalSpecException or EvaluatorException or ArgumentException or KeyNotFoundException or GoalBusyException or CampaignBusyException or PromptException)
        {
            return console.BadInput(e.Message);
        }
        catch (NatsException e) when (e.Kind == NatsErrorKind.AuthorizationViolation)
        {
            return console.Failed($"{e.Message} Check user and password: HIVE_NATS_USER, and HIVE_NATS_PASSWORD or HIVE_NATS_PASSWORD_FILE.");
        }
        catch (Exception e) when (e is StorageException or GoalHistoryException or CampaignHistoryException or NatsException or GridException or OrleansException or SiloRefusedException)
        {
            return console.Failed(e.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    /// <summary>What is wrong with the arguments: a word that means nothing here says more than what is missing because of it.</summary>
    private static string Mistake(ParseResult parsed, Command command) => parsed.UnmatchedTokens is [var unknown, ..]
        ? $"'{unknown}' means nothing here; known are {string.Join(", ", command.Subcommands.Select(sub => sub.Name).Concat(command.Options.Select(option => option.Name)))}"
        : parsed.Errors[0].Message;

    private static string Path(Command command) =>
        command is RootCommand ? "" : string.Concat(command.Parents.OfType<Command>().Where(parent => parent is not RootCommand).Select(parent => parent.Name + " ")) + command.Name + " ";
}
