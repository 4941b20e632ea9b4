using System.Globalization;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>A campaign's end for people, on standard output.</summary>
internal static class OutcomeText
{
    public static void Write(TextWriter output, CampaignOutcome outcome, OutcomeFiles files)
    {
        var campaign = outcome.Campaign;
        if (campaign.Best is { } best)
        {
            Line(output, $"best        {CampaignOutcome.Number(best.Value)}  {outcome.Domain.Metric}, by {CampaignOutcome.NameOf(best.Agent)} (baseline {CampaignOutcome.Number(campaign.Experiments[0].Value)})");
            Line(output, $"with        {outcome.TechniqueOf(best)}");
        }
        else
        {
            Line(output, $"best        none: no experiment gave a value; the first failure: {campaign.Experiments.FirstOrDefault(experiment => experiment.Failure is not null)?.Failure}");
        }

        Line(output, $"experiments {campaign.Experiments.Count:N0} by {campaign.Spec.Agents:N0} agents, {campaign.Reviews:N0} runs of review, {outcome.Seconds:F1} s");
        Line(output, $"papers      {campaign.Papers.Count:N0}, of them {campaign.Papers.Count(paper => paper.Review is { IsBreakthrough: true }):N0} breakthroughs and {campaign.Papers.Count(paper => paper.Review is { IsReplicated: false }):N0} that did not replicate");
        foreach (var adoption in Adoption.Of(campaign, outcome.Domain.Space).OrderByDescending(adoption => adoption.Adopted.Length).Take(5))
        {
            Line(output, $"adopted     {adoption.Technique}: found by {CampaignOutcome.NameOf(adoption.DiscoveredBy)}, taken up by {adoption.Adopted.Length} of {campaign.Spec.Agents - 1} others");
        }

        Line(output, $"report      {files.Report}");
        Line(output, $"basin       {files.Basin}  ({files.BasinAddress})");
        if (files.Archive is { } archive) Line(output, $"archive     {archive}");
    }

    private static void Line(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
