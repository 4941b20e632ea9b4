using System.Globalization;
using Hive.Archive;

namespace Hive.ArchiveWriter;

/// <summary>A campaign that is the same whenever it is run: five agents, round after round.</summary>
public static class Campaign
{
    /// <summary>The agents, one of them with a name that is no name of a branch.</summary>
    public static IReadOnlyList<string> Agents { get; } = ["ada", "bob", "cleo", "dan", "worker@silo-b/17"];

    /// <summary>Archives one round: a run of each agent, a paper at times, a snapshot.</summary>
    /// <param name="archive">Takes the files.</param>
    /// <param name="round">From 1.</param>
    public static async Task AddRoundAsync(ResearchArchive archive, int round)
    {
        var at = DateTimeOffset.UnixEpoch.AddYears(60).AddSeconds(round);
        foreach (var agent in Agents)
        {
            var json = string.Create(CultureInfo.InvariantCulture, $$"""{"agent":"{{agent}}","run":{{round}}}""");
            await archive.AddRunAsync(agent, round, at, json, $"# Run {round}\n", round % 3 == 1 ? json : null, CancellationToken.None);
            if (round % 10 == 0) await archive.AddPaperAsync(agent, $"Paper {round}", at, "# A claim\n", CancellationToken.None);
        }

        await archive.AddSnapshotAsync(at, string.Create(CultureInfo.InvariantCulture, $$"""{"round":{{round}}}"""), CancellationToken.None);
    }
}
