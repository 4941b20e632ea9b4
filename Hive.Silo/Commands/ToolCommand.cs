using System.CommandLine;
using Hive.Silo.Display;
using Hive.Tools;
using Hive.Tools.Configuration;

namespace Hive.Silo.Commands;

/// <summary><c>hive tool …</c>: the tools of servers that speak the Model Context Protocol.</summary>
internal static class ToolCommand
{
    private const string Description = "List and try tools: what servers of the Model Context Protocol, listed in hive.json, can do for goals (docs/tools.md).";

    public static Command Create(CommandConsole console) => new("tool", Description) { List(console), Call(console) };

    private static Command List(CommandConsole console)
    {
        var (config, json) = (Config(), CommonOptions.Json());
        var command = new Command("list", "List the tools there are: name, whether it only reads or has side effects, who approves of those, and what it does.") { config, json };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var tools = Open(arguments.GetValue(config));
            var reports = await tools.LookAsync(cancellation);
            if (arguments.GetValue(json))
            {
                console.Output.WriteLine(ToolText.Json(reports));
            }
            else
            {
                ToolText.Write(console.Output, reports);
                ToolText.WriteNotes(console.Error, reports);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Call(CommandConsole console)
    {
        var name = new Argument<string>("name") { Description = "The tool's name, server.tool, as hive tool list shows it." };
        var given = new Argument<string>("arguments") { Description = "Its arguments, one JSON object.", DefaultValueFactory = _ => "{}" };
        var yes = new Option<bool>("--yes") { Description = "Run it even if it has side effects, without asking." };
        var (config, json) = (Config(), CommonOptions.Json());
        var command = new Command("call", "Run a tool: what it says on standard output. One with side effects is run only once you say so.") { name, given, yes, config, json };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var tools = Open(arguments.GetValue(config));
            var (tool, text) = (arguments.GetRequiredValue(name), arguments.GetRequiredValue(given));
            switch (await DecideAsync(tools, tool, text, cancellation))
            {
                case ToolDecision.Refuse(var reason):
                    return console.BadInput(reason);
                case ToolDecision.Request { IsApproved: false } when !arguments.GetValue(yes) && !IsWanted(console, tool, text):
                    return console.BadInput($"'{tool}' has side effects and was not run; say --yes to run it");
            }

            var result = await tools.CallAsync(tool, text, cancellation);
            if (arguments.GetValue(json))
            {
                console.Output.WriteLine(ToolText.Json(tool, result));
            }
            else
            {
                (result.IsError ? console.Error : console.Output).WriteLine(result.Text);
            }

            return result.IsError ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    /// <summary>Decides as for a goal that allows all tools of the one server, which alone is started.</summary>
    private static async Task<ToolDecision> DecideAsync(McpTools tools, string name, string arguments, CancellationToken cancellation)
    {
        var server = ToolNames.ServerOf(name);
        return await tools.LookAsync(server, cancellation) switch
        {
            null when tools.Servers.IsEmpty => new ToolDecision.Refuse(ToolText.NoTools),
            null => new ToolDecision.Refuse($"'{name}' is no tool here: a name is server.tool, and the servers are {string.Join(", ", tools.Servers)}"),
            { Failure: { } failure } => new ToolDecision.Refuse($"the tool server '{server}' cannot be used: {failure}"),
            var report => ToolPolicy.Decide(name, arguments, report.Tools, [$"{server}.{ToolNames.All}"]),
        };
    }

    private static bool IsWanted(CommandConsole console, string name, string arguments)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            return false;
        }

        console.Error.Write($"'{name}' has side effects. Run it with {arguments}? [y/N] ");
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static Option<string?> Config() => new("--config") { Description = "The file that lists tool servers; without it hive.json of this folder, if there is one.", HelpName = "FILE" };

    private static McpTools Open(string? config)
    {
        try
        {
            return new McpTools(ToolsFile.Find(config, Directory.GetCurrentDirectory()));
        }
        catch (ToolsFileException e)
        {
            throw new BadInputException(e.Message);
        }
    }
}
