using System.CommandLine;
using Hive.Client;
using Hive.Client.Grid;
using Hive.Evaluators;
using Hive.Goals;
using Hive.Silo.Hosting;
using Hive.Spaces;

namespace Hive.Silo.Commands;

/// <summary><c>hive run GOAL.json</c>: submits a goal to a hive of this one process and stays with it to its end.</summary>
internal static class RunCommand
{
    public static Command Create(CommandConsole console)
    {
        var file = new Argument<string>("goal") { Description = "The goal file (JSON); its format: docs/goal.schema.json." };
        var seed = new Option<long?>("--seed") { Description = "Use this seed instead of the goal's own: one seed, one result, where the budget is in evaluations.", HelpName = "N" };
        var agents = new Option<int?>("--agents") { Description = "Use this many explorer agents instead of the goal's own number.", HelpName = "N" };
        var id = new Option<string?>("--id") { Description = "Give the goal this id instead of a new one.", HelpName = "ID" };
        var json = CommonOptions.Json();
        var data = CommonOptions.Data();
        var cores = CommonOptions.Cores();
        var config = BrainArguments.Config();
        var place = new GridPlace();
        var command = new Command("run", "Run a goal to its end: fork it into attempts, check them, join the outcome. With --connect the grid runs it.")
        {
            file, seed, agents, id, json, data, cores, config, place.Connect, place.Cluster,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            var spec = Read(arguments.GetRequiredValue(file), arguments.GetValue(seed), arguments.GetValue(agents));
            var grid = place.Read(arguments);
            var goal = Client.GoalId.Check(arguments.GetValue(id) ?? Client.GoalId.New());
            goal = grid is null ? goal : GridApi.OwnId(grid.Participant, goal);
            var session = new GoalSession(console, arguments.GetValue(data)!, arguments.GetValue(cores), arguments.GetValue(json), grid);
            await using var mind = spec.Cognition is not null && grid is null ? await SessionMind.OpenAsync(arguments.GetValue(config), spec, cancellation) : null;
            return await session.RunAsync(goal, mind, hive => hive.SubmitAsync(spec, goal, cancellation), cancellation);
        });
        return command;
    }

    /// <summary>Reads and checks the goal whole before anything is written anywhere.</summary>
    private static GoalSpec Read(string file, long? seed, int? agents)
    {
        GoalSpec spec;
        try
        {
            spec = GoalFile.Load(file);
            spec = spec with { Seed = seed ?? spec.Seed, Agents = agents ?? spec.Agents };
            spec = GoalFile.Parse(GoalFile.Write(spec), spec.Directory);
            if (spec.Metric is { } metric)
            {
                EvaluatorFactory.Check(metric.Evaluator, SearchSpace.Of(spec.Space), spec.Directory ?? Environment.CurrentDirectory);
            }
            else if (spec.Cognition is { } cognition)
            {
                CognitionFiles.Require(cognition, spec.Directory ?? Environment.CurrentDirectory);
            }
        }
        catch (GoalSpecException e)
        {
            throw new BadInputException(e.Mistakes[0].Path == "$" && e.Mistakes[0].Message.Contains(file, StringComparison.Ordinal) ? e.Message : $"{file}: {e.Message}");
        }
        catch (BadInputException e)
        {
            throw new BadInputException($"{file}: {e.Message}");
        }
        catch (EvaluatorException e)
        {
            throw new BadInputException($"{file}: check.metric.evaluator: {e.Message}");
        }

        return spec;
    }
}
