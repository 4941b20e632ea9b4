using Hive.Basins;
using Hive.Silo.Commands;
using Hive.Silo.Hosting;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>Writes what a campaign leaves behind: report, charts, papers, and the basin with its signature.</summary>
internal static class OutcomeWriter
{
    /// <summary>Writes the files.</summary>
    /// <param name="outcome">The campaign.</param>
    /// <param name="data">Where campaigns are kept; the files lie in a folder of the campaign's own there.</param>
    /// <param name="cancellation">Stops between files.</param>
    public static async Task<OutcomeFiles> WriteAsync(CampaignOutcome outcome, string data, CancellationToken cancellation)
    {
        var folder = Path.Combine(HubStorage.FolderOf(data), "research", outcome.Id);
        Directory.CreateDirectory(folder);
        var adoptions = Adoption.Of(outcome.Campaign, outcome.Domain.Space);
        var report = await WriteAsync(folder, "report.md", ReportText.Of(outcome), cancellation);
        await WriteAsync(folder, "best-so-far.svg", CampaignCharts.BestSoFar(outcome), cancellation);
        await WriteAsync(folder, "adoption.svg", CampaignCharts.Adoptions(outcome, adoptions), cancellation);
        await WriteAsync(folder, "techniques.svg", CampaignCharts.Techniques(outcome), cancellation);
        foreach (var paper in outcome.Campaign.Papers) await WriteAsync(Path.Combine(folder, "papers"), FormattableString.Invariant($"paper-{paper.Number:D2}.md"), PaperText.Of(outcome, paper), cancellation);
        var basin = Path.Combine(folder, "basin.json");
        BasinFiles.Write(basin, new NamedBasin(outcome.Campaign.Basin, new BasinSpace(outcome.Domain.Space)), data);
        return new OutcomeFiles(outcome.Campaign.Basin.Address, basin, null, report);
    }

    /// <summary>Writes beside and renames, so that a crash leaves no half a file under the name.</summary>
    private static async Task<string> WriteAsync(string folder, string name, string text, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path + ".new", text, cancellation);
        File.Move(path + ".new", path, overwrite: true);
        return path;
    }
}
