using System.Globalization;
using System.Text;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>A paper as Markdown: claim, evidence, configuration, what changed, and what the reviewers found.</summary>
internal static class PaperText
{
    public static string Of(CampaignOutcome outcome, Paper paper)
    {
        var (claim, incumbent) = (paper.Claim, paper.Incumbent);
        var space = outcome.Domain.Space;
        var changes = CampaignOutcome.Changes(space, claim.Configuration, incumbent.Configuration);
        var text = new StringBuilder();
        Line(text, $"# {Short(changes)}: {outcome.Domain.Metric} {CampaignOutcome.Number(claim.Value)}");
        Line(text, $"\nPaper {paper.Number} by {CampaignOutcome.NameOf(claim.Agent)}, experiment {claim.Number} of campaign {outcome.Id} on `{outcome.Domain.Name}`.");
        Line(text, $"\n## Claim\n\nAgainst the best that had been replicated (experiment {incumbent.Number}, {CampaignOutcome.Number(incumbent.Value)}), these changes give {CampaignOutcome.Number(claim.Value)} on the validation data:\n\n{changes}");
        if (outcome.Campaign.Experiments[0] is { Failure: null } baseline)
        {
            Line(text, $"\nThe baseline gives {CampaignOutcome.Number(baseline.Value)}. Against it: {outcome.TechniqueOf(claim)}.");
        }

        Line(text, $"\n## Configuration\n\n| technique | here | before |\n|---|---|---|");
        for (var i = 0; i < space.Techniques.Length; i++)
        {
            Line(text, $"| {space.Techniques[i].Name} | {CampaignOutcome.Text(space, i, claim.Configuration[i])} | {CampaignOutcome.Text(space, i, incumbent.Configuration[i])} |");
        }

        if (paper.Review is { } review) Review(text, review);
        return text.ToString();
    }

    private static void Review(StringBuilder text, Review review)
    {
        Line(text, $"\n## Review\n\nThree others ran both with seeds of their own on the data held back.\n\n| reviewer | claim | before |\n|---|---|---|");
        for (var i = 0; i < review.Reviewers.Length; i++)
        {
            Line(text, $"| {CampaignOutcome.NameOf(review.Reviewers[i])} | {Value(review.Claim[i])} | {Value(review.Incumbent[i])} |");
        }

        var verdict = review switch
        {
            { IsBreakthrough: true } => "**A breakthrough: it moves the basin.**",
            { IsReplicated: true } => "It replicates.",
            _ => "**It does not replicate.**",
        };
        Line(text, $"\nHedges's g {CampaignOutcome.Number(review.EffectSize)}, agreement {review.Agreement:P0}, score {review.Score:F1} of 10. {verdict}");
    }

    private static string Short(string changes) => changes.Length <= 80 ? changes : changes[..79] + "…";

    private static string Value(double value) => double.IsFinite(value) ? CampaignOutcome.Number(value) : "failed";

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
