using System.CommandLine;
using Hive.Silo.Research;
using Hive.Swarm;

namespace Hive.Silo.Commands;

/// <summary><c>hive research DOMAIN</c>: a swarm of agents that experiment, share, review and learn.</summary>
internal static class ResearchCommand
{
    public static Command Create(CommandConsole console)
    {
        var options = new ResearchOptions();
        var command = new Command("research", "Run a research campaign: agents experiment, share what they find, replicate one another's claims, and keep what they learnt.");
        options.AddTo(command);
        command.SetAction((arguments, cancellation) => RunAsync(console, options.Read(arguments), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ResearchArguments arguments, CancellationToken cancellation)
    {
        await using var session = await ResearchSession.StartAsync(arguments.Data, arguments.Cores, cancellation);
        var id = arguments.Resume ?? arguments.Id ?? Client.GoalId.New();
        try
        {
            var outcome = await session.RunAsync(id, arguments.Resume is null ? arguments.Request : null, _ => { }, cancellation);
            console.Output.WriteLine(OutcomeJson.Of(outcome, new OutcomeFiles(null, null, null, null)));
            return ExitCode.Done;
        }
        catch (Exception e) when (e is OperationCanceledException or ResearchStoppedException)
        {
            var why = e is ResearchStoppedException ? $"stopped: {e.Message}" : "interrupted";
            console.Error.WriteLine($"hive: {why}; what is recorded is kept. Go on with:  hive research --resume {id}");
            return e is ResearchStoppedException ? ExitCode.Failed : ExitCode.Interrupted;
        }
    }
}
