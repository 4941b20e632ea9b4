using System.Globalization;
using System.Text;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>A campaign's report as Markdown; its charts lie beside it.</summary>
internal static class ReportText
{
    private const int Rows = 10;

    public static string Of(CampaignOutcome outcome)
    {
        var campaign = outcome.Campaign;
        var spec = campaign.Spec;
        var text = new StringBuilder();
        Line(text, $"# Research on {outcome.Domain.Name}: {outcome.Domain.Metric}");
        Line(text, $"\nCampaign {outcome.Id}: {spec.Agents} agents{(spec.IsIsolated ? ", each on its own" : "")}, {campaign.Experiments.Count} experiments of {outcome.Domain.Budget.Amount:N0} {outcome.Domain.Budget.Unit} each, {campaign.Reviews} runs to check others' results, {outcome.Seconds:F0} s. Seed {spec.Seed}.");
        if (spec.HostileAgents > 0) Line(text, $"\n**A simulation: {spec.HostileAgents} of the agents lie{(spec.IsHostileSilent ? " (kept still here)" : "")}; defences {(spec.HasDefences ? "on" : "off")}.**");
        if (campaign.Best is { } best)
        {
            Line(text, $"\nThe best: **{CampaignOutcome.Number(best.Value)}** by {CampaignOutcome.NameOf(best.Agent)} with experiment {best.Number}; the baseline gives {CampaignOutcome.Number(campaign.Experiments[0].Value)}.\n\n{outcome.TechniqueOf(best)}");
        }
        else
        {
            Line(text, $"\nNo experiment gave a value. The first failure: {campaign.Experiments.FirstOrDefault(experiment => experiment.Failure is not null)?.Failure}");
        }

        Line(text, $"\n![best so far](best-so-far.svg)\n\n## Adoption\n\n![adoption](adoption.svg)\n\n| technique | discovered by | with experiment | adopted by |\n|---|---|---|---|");
        foreach (var adoption in Adoption.Of(campaign, outcome.Domain.Space))
        {
            Line(text, $"| {adoption.Technique} | {CampaignOutcome.NameOf(adoption.DiscoveredBy)} | {adoption.At} | {adoption.Adopted.Length} of {spec.Agents - 1} |");
        }

        Line(text, $"\n## Papers\n\n| | author | claim | score | verdict |\n|---|---|---|---|---|");
        foreach (var paper in campaign.Papers)
        {
            Line(text, $"| {paper.Number} | {CampaignOutcome.NameOf(paper.Claim.Agent)} | {CampaignOutcome.Number(paper.Incumbent.Value)} → {CampaignOutcome.Number(paper.Claim.Value)} | {paper.Review?.Score:F1} | {Verdict(paper.Review)} |");
        }

        Leaders(text, outcome);
        Line(text, $"\n## What was tried\n\n![techniques](techniques.svg)");
        return text.ToString();
    }

    private static void Leaders(StringBuilder text, CampaignOutcome outcome)
    {
        Line(text, $"\n## Leaderboard\n\n| agent | best | experiment | |\n|---|---|---|---|");
        var standing = outcome.Campaign.Experiments.Where(experiment => experiment.Standing is Standing.Believed or Standing.Replicated);
        var leaders = standing.GroupBy(experiment => experiment.Agent).Select(own => own.Aggregate((best, next) => outcome.Campaign.IsBetter(next.Value, best.Value) ? next : best));
        foreach (var leader in (outcome.Campaign.Direction == Hive.Research.Direction.Maximize ? leaders.OrderByDescending(leader => leader.Value) : leaders.OrderBy(leader => leader.Value)).Take(Rows))
        {
            Line(text, $"| {CampaignOutcome.NameOf(leader.Agent)} | {CampaignOutcome.Number(leader.Value)} | {leader.Number} | {(leader.Standing == Standing.Replicated ? "replicated" : "")} |");
        }
    }

    private static string Verdict(Review? review) => review switch
    {
        { IsBreakthrough: true } => "breakthrough",
        { IsReplicated: true } => "replicated",
        { } => "did not replicate",
        null => "",
    };

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
