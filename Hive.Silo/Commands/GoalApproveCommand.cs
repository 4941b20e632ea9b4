using System.CommandLine;
using Hive.Goals;
using Hive.Silo.Display;

namespace Hive.Silo.Commands;

/// <summary><c>hive goal approve ID</c>: answers what a goal asks a person.</summary>
internal static class GoalApproveCommand
{
    private const string Description = """
        Answer what a goal asks a person: whether a candidate that critics cannot agree on is good, whether a tool may have its effect, whether an outcome stands.

        What it asks:   hive goal show ID
        Yes:            hive goal approve ID
        No, and why:    hive goal approve ID --only r0.t1.a0 --deny --because "it forgets the tests"
        """;

    public static Command Create(CommandConsole console)
    {
        var (id, data) = (CommonOptions.GoalId(), CommonOptions.Data());
        var only = new Option<string?>("--only") { Description = "Answer this one of the things that are asked.", HelpName = "WHAT" };
        var all = new Option<bool>("--all") { Description = "Answer everything that is asked now." };
        var deny = new Option<bool>("--deny") { Description = "Say no." };
        var because = new Option<string?>("--because") { Description = "Why, for the log.", HelpName = "TEXT" };
        var place = new GridPlace();
        var command = new Command("approve", Description) { id, only, all, deny, because, data, place.Connect, place.Cluster };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var desk = await place.OpenAsync(arguments, data, cancellation, write: true);
            var status = await desk.GetAsync(await desk.FindIdAsync(arguments.GetRequiredValue(id), cancellation), cancellation);
            var asked = status.Cognition?.Approvals ?? [];
            var what = arguments.GetValue(only);
            if (asked.IsEmpty)
            {
                return console.BadInput(status.State.IsEnd()
                    ? $"goal {status.Id} has ended: {status.State.ToString().ToLowerInvariant()}; it asks nothing any more"
                    : $"goal {status.Id} asks nothing now; hive goal watch {status.Id} tells when it does");
            }

            if (what is not null && !asked.Any(approval => approval.Id == what))
            {
                return console.BadInput($"goal {status.Id} does not ask about '{what}', but about {string.Join(", ", asked.Select(approval => approval.Id))}");
            }

            if (what is null && asked.Length > 1 && !arguments.GetValue(all))
            {
                CognitionText.WriteApprovals(console.Output, asked);
                return console.BadInput($"goal {status.Id} asks {asked.Length} things; answer one with --only WHAT, or everything with --all");
            }

            var isApproved = !arguments.GetValue(deny);
            foreach (var approval in asked.Where(approval => what is null || approval.Id == what))
            {
                // Each by its name: what is asked meanwhile was not read by whoever answers.
                await desk.ApproveAsync(status.Id, new GoalApproval(approval.Id, isApproved, Environment.UserName, arguments.GetValue(because)), cancellation);
                console.Error.WriteLine($"{approval.Id} of goal {status.Id} is {(isApproved ? "approved" : "denied")}; a goal that lies still takes that up when it is resumed");
            }

            return ExitCode.Done;
        });
        return command;
    }
}
