using System.CommandLine;
using Hive.Client;
using Hive.Goals;

namespace Hive.Silo.Commands;

/// <summary><c>hive goal resume ID</c>: goes on with a goal from where its log ends, with more to spend where that is said.</summary>
internal static class GoalResumeCommand
{
    private const string Description = """
        Go on with a goal that was interrupted, from where its log ends. A goal for brains whose budget is gone goes on with --add-budget, and pays for nothing again.
        """;

    public static Command Create(CommandConsole console)
    {
        var (id, json, data, cores) = (CommonOptions.GoalId(), CommonOptions.Json(), CommonOptions.Data(), CommonOptions.Cores());
        var more = new Option<string?>("--add-budget")
        {
            Description = "Let a goal for brains spend so much more: tokens, money, seconds, rounds, and calls of a tier (edge, worker, core).",
            HelpName = "tokens=100000,money=0.5,core=5",
        };
        var config = BrainArguments.Config();
        var place = new GridPlace();
        var command = new Command("resume", Description) { id, more, json, data, cores, config, place.Connect, place.Cluster };
        command.SetAction(async (arguments, cancellation) =>
        {
            var budget = arguments.GetValue(more) is { } text ? BudgetArgument.Read(text) : null;
            GoalStatus status;
            await using (var desk = await place.OpenAsync(arguments, data, cancellation))
            {
                status = await desk.GetAsync(await desk.FindIdAsync(arguments.GetRequiredValue(id), cancellation), cancellation);
            }

            var grid = place.Read(arguments);
            var needsBrains = grid is null && status.Cognition is not null && (budget is not null || !status.State.IsEnd());
            await using var mind = needsBrains ? await SessionMind.OpenAsync(arguments.GetValue(config), goal: null, cancellation) : null;
            var session = new GoalSession(console, arguments.GetValue(data)!, arguments.GetValue(cores), arguments.GetValue(json), grid);
            return await session.RunAsync(status.Id, mind, Begin, cancellation);

            Task Begin(IHive hive) => budget is null ? hive.ResumeAsync(status.Id, cancellation) : hive.AddBudgetAsync(status.Id, budget, cancellation);
        });
        return command;
    }
}
