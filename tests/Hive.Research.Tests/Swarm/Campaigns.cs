using Hive.Randomness;
using Hive.Research;
using Hive.Swarm;

namespace Hive.Tests.Swarm;

/// <summary>Runs campaigns without a grain, in whatever order a test wants.</summary>
internal static class Campaigns
{
    /// <summary>Runs a campaign to its end, each time one of the tasks that are wanted.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="domain">What it is about.</param>
    /// <param name="order">Picks among those wanted; null for the first.</param>
    /// <returns>The results in the order in which they were recorded.</returns>
    public static List<(TaskId Id, ExperimentResult Result)> Run(Campaign campaign, IResearchDomain domain, SeededRandom? order = null)
    {
        var log = new List<(TaskId, ExperimentResult)>();
        while (!campaign.IsEnded)
        {
            var wanted = campaign.Wanted.ToArray();
            var task = wanted[order?.NextInt(wanted.Length) ?? 0];
            var result = Measure(domain, task);
            Assert.True(campaign.Record(task.Id, result));
            log.Add((task.Id, result));
        }

        return log;
    }

    public static ExperimentResult Measure(IResearchDomain domain, ResearchTask task) =>
        domain.RunAsync(task.Configuration, task.Seed, task.Part, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <summary>All that a campaign came to, as one text.</summary>
    public static string Describe(Campaign campaign) => string.Join('\n',
    [
        .. campaign.Experiments.Select(experiment => $"{experiment.Number} {experiment.Agent} {string.Join(' ', experiment.Configuration.Values.Select(value => value.ToString("R")))} {experiment.Value:R} {experiment.Standing}"),
        .. campaign.Papers.Select(paper => $"{paper.Number} {paper.Claim.Number} {paper.Incumbent.Number} {paper.Review!.Score:R} {paper.Review.IsReplicated}"),
        $"{campaign.Incumbent!.Number} {campaign.Reviews}",
    ]);
}
