using System.CommandLine;
using Hive.Archive;
using Hive.Client.Grid;
using Hive.Silo.Research;
using Hive.Swarm;

namespace Hive.Silo.Commands;

/// <summary><c>hive research DOMAIN</c>: a swarm of agents that experiment, share, review and learn.</summary>
internal static class ResearchCommand
{
    private const string Description = """
        Run a research campaign: agents experiment, share what they find, replicate one another's claims, and keep what they learnt.

        A domain that comes with Hive:    hive research search          (or ml, finance, skills, hedging, packing)
        A program of your own:            hive research my-domain.json  (docs/your-own-domain.md)
        Go on after a crash:              hive research --resume ID
        Begin with what was learnt:       hive research ml --basin .hive/research/ID/basin.json
        Does sharing help?                hive research search --compare --seeds 10
        """;

    public static Command Create(CommandConsole console)
    {
        var options = new ResearchOptions();
        var command = new Command("research", Description);
        options.AddTo(command);
        command.SetAction((arguments, cancellation) => RunAsync(console, options.Read(arguments), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ResearchArguments arguments, CancellationToken cancellation)
    {
        // What cannot be written to at the end is better known before the beginning.
        await using var archive = await OpenArchiveAsync(arguments.Archive, cancellation);
        await using var session = await ResearchSession.StartAsync(arguments.Data, arguments.Cores, arguments.Grid, cancellation);
        if (arguments.IsComparison || arguments.IsTransfer) return await new ResearchMeasurement(console, session, arguments).RunAsync(cancellation);
        var id = arguments.Resume ?? arguments.Id ?? Client.GoalId.New();
        if (arguments.Grid is { } grid) id = GridApi.OwnId(grid.Participant, id);
        CampaignOutcome outcome;
        try
        {
            var request = arguments.Resume is null ? await WithBasinAsync(session, arguments, cancellation) : null;
            outcome = await session.RunAsync(id, request, direction => ResearchDisplay.Create(console.Error, direction, id), cancellation);
        }
        catch (Exception e) when (e is OperationCanceledException or ResearchStoppedException)
        {
            var why = e is ResearchStoppedException ? $"stopped: {e.Message}" : "interrupted";
            console.Error.WriteLine(arguments.Grid is { } place && e is OperationCanceledException
                ? $"hive: {why}; the grid goes on with the campaign. See its end with:  hive research --resume {id} --connect {place.Server}"
                : $"hive: {why}; what is recorded is kept. Go on with:  hive research --resume {id}");
            return e is ResearchStoppedException ? ExitCode.Failed : ExitCode.Interrupted;
        }

        return await ReportAsync(console, arguments, outcome, archive, cancellation);
    }

    private static async Task<ResearchArchive?> OpenArchiveAsync(string? directory, CancellationToken cancellation)
    {
        try
        {
            return directory is null ? null : await ResearchArchive.OpenAsync(directory, null, cancellation);
        }
        catch (ArchiveException e)
        {
            throw new BadInputException(e.Message);
        }
    }

    private static async Task<int> ReportAsync(CommandConsole console, ResearchArguments arguments, CampaignOutcome outcome, ResearchArchive? archive, CancellationToken cancellation)
    {
        var files = await OutcomeWriter.WriteAsync(outcome, arguments.Data, cancellation);
        if (archive is not null)
        {
            files = files with { Archive = Path.GetFullPath(arguments.Archive!) };
            try
            {
                await ArchiveWriter.WriteAsync(archive, outcome, OutcomeJson.Of(outcome, files), cancellation);
            }
            catch (ArchiveException e)
            {
                return console.Failed($"{e.Message}; the campaign itself is kept. Archive it with:  hive research --resume {outcome.Id} --archive DIR");
            }
        }

        if (arguments.IsJson) console.Output.WriteLine(OutcomeJson.Of(outcome, files));
        else OutcomeText.Write(console.Output, outcome, files);
        return outcome.Campaign.Best is null ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task<CampaignRequest> WithBasinAsync(ResearchSession session, ResearchArguments arguments, CancellationToken cancellation)
    {
        var domain = await session.OpenAsync(arguments.Request.Domain, cancellation);
        return arguments.Basin is { } file ? arguments.Request with { Basin = GivenBasin.Read(file, domain, arguments.Data) } : arguments.Request;
    }
}
