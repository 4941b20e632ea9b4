using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hive.Client.Grid;
using Hive.Goals;
using Hive.Silo.Display;

namespace Hive.Silo.Commands;

/// <summary><c>hive goal …</c>: looks after goals that were submitted before. Looking needs no silo, only the database; or the hub of a grid.</summary>
internal static class GoalCommand
{
    public static Command Create(CommandConsole console) => new("goal", "List, show, watch, approve, cancel and resume goals.")
    {
        List(console),
        Show(console),
        Watch(console),
        GoalApproveCommand.Create(console),
        Cancel(console),
        GoalResumeCommand.Create(console),
    };

    private static Command List(CommandConsole console)
    {
        var (json, data) = (CommonOptions.Json(), CommonOptions.Data());
        var place = new GridPlace();
        var most = new Option<int>("--most") { Description = "How many goals at most.", DefaultValueFactory = _ => 50, HelpName = "N" };
        var command = new Command("list", "List goals, newest first.") { most, json, data, place.Connect, place.Cluster };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var desk = await place.OpenAsync(arguments, data, cancellation);
            var goals = await desk.ListAsync(arguments.GetValue(most), cancellation);
            if (arguments.GetValue(json))
            {
                console.Output.WriteLine(JsonList(goals));
            }
            else
            {
                WriteList(console, goals);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show(CommandConsole console)
    {
        var (id, json, data) = (CommonOptions.GoalId(), CommonOptions.Json(), CommonOptions.Data());
        var place = new GridPlace();
        var command = new Command("show", "Show a goal as it stands.") { id, json, data, place.Connect, place.Cluster };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var desk = await place.OpenAsync(arguments, data, cancellation);
            var status = await desk.GetAsync(await desk.FindIdAsync(arguments.GetRequiredValue(id), cancellation), cancellation);
            if (arguments.GetValue(json))
            {
                console.Output.WriteLine(status.ToJson());
            }
            else
            {
                GoalText.Write(console.Output, status);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Watch(CommandConsole console)
    {
        var (id, json, data) = (CommonOptions.GoalId(), CommonOptions.Json(), CommonOptions.Data());
        var place = new GridPlace();
        var command = new Command("watch", "Tell what happened to a goal, and what happens until it ends. With --json: the whole log as one document, once the goal has ended.") { id, json, data, place.Connect, place.Cluster };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var desk = await place.OpenAsync(arguments, data, cancellation);
            var goal = await desk.FindIdAsync(arguments.GetRequiredValue(id), cancellation);
            var story = new GoalStory(goal);
            var entries = arguments.GetValue(json) ? new List<GoalEntry>() : null;
            await foreach (var entry in desk.FollowAsync(goal, cancellation))
            {
                entries?.Add(entry);
                if (entry.Read() is { } happened && story.Tell(entry, happened) is { } line)
                {
                    (entries is null ? console.Output : console.Error).WriteLine(line);
                }
            }

            if (entries is not null)
            {
                console.Output.WriteLine(JsonLog(goal, entries));
            }

            return GoalSession.Of(story.State);
        });
        return command;
    }

    private static Command Cancel(CommandConsole console)
    {
        var (id, data) = (CommonOptions.GoalId(), CommonOptions.Data());
        var place = new GridPlace();
        var command = new Command("cancel", "Call a goal off.") { id, data, place.Connect, place.Cluster };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var desk = await place.OpenAsync(arguments, data, cancellation, write: true);
            var goal = await desk.FindIdAsync(arguments.GetRequiredValue(id), cancellation);
            var status = await desk.GetAsync(goal, cancellation);
            if (status.State.IsEnd())
            {
                return console.BadInput($"goal {goal} has ended already: {status.State.ToString().ToLowerInvariant()}");
            }

            await desk.CancelAsync(goal, cancellation);
            console.Error.WriteLine($"goal {goal} is being called off; a goal that lies still ends when it is resumed");
            return ExitCode.Done;
        });
        return command;
    }

    private static void WriteList(CommandConsole console, IReadOnlyList<GoalLine> goals)
    {
        if (goals.Count == 0)
        {
            console.Error.WriteLine("there are no goals here yet; start one with:  hive run examples/circle-packing.json");
        }

        foreach (var goal in goals)
        {
            var objective = goal.Objective.ReplaceLineEndings(" ");
            console.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{goal.Id,-12} {goal.State.ToString().ToLowerInvariant(),-10} {goal.CreatedAt:yyyy-MM-dd HH:mm}  {(objective.Length <= 80 ? objective : objective[..80] + "…")}"));
        }
    }

    private static string JsonList(IReadOnlyList<GoalLine> goals) => Json(writer =>
    {
        writer.WriteStartArray("goals");
        foreach (var goal in goals)
        {
            writer.WriteStartObject();
            writer.WriteString("id", goal.Id);
            writer.WriteString("state", goal.State.ToString());
            writer.WriteString("objective", goal.Objective);
            writer.WriteString("createdAt", goal.CreatedAt);
            writer.WriteString("updatedAt", goal.UpdatedAt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static string JsonLog(string goal, List<GoalEntry> entries) => Json(writer =>
    {
        writer.WriteString("id", goal);
        GridApi.WriteEntries(writer, "log", entries);
    });

    private static string Json(Action<Utf8JsonWriter> members) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    });
}
