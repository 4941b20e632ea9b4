using System.Text.Json;
using Hive.Research;
using Hive.Silo.Display;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>What <c>hive research --json</c> prints. Of one seed everything but <c>seconds</c> and the paths is the same on every machine.</summary>
internal static class OutcomeJson
{
    public static string Of(CampaignOutcome outcome, OutcomeFiles files) => JsonText.Of(writer =>
    {
        var campaign = outcome.Campaign;
        writer.WriteStartObject();
        writer.WriteString("domain", outcome.Domain.Name);
        WriteBest(writer, outcome);
        writer.WriteNumber("experiments", campaign.Experiments.Count);
        writer.WriteNumber("agents", campaign.Spec.Agents);
        WriteCurve(writer, campaign);
        WriteAdoptions(writer, outcome);
        writer.WriteNumber("breakthroughs", campaign.Papers.Count(paper => paper.Review is { IsBreakthrough: true }));
        writer.WriteNumber("papers", campaign.Papers.Count);
        writer.WriteNumber("failedReplications", campaign.Papers.Count(paper => paper.Review is { IsReplicated: false }));
        writer.WriteNumber("seconds", Math.Round(outcome.Seconds, 3));
        writer.WriteString("basin", files.BasinAddress);
        writer.WriteString("archive", files.Archive);
        writer.WriteString("id", outcome.Id);
        writer.WriteString("metric", outcome.Domain.Metric);
        writer.WriteString("direction", campaign.Direction.ToString().ToLowerInvariant());
        writer.WriteString("fingerprint", outcome.Domain.Fingerprint);
        writer.WriteNumber("seed", campaign.Spec.Seed);
        writer.WriteNumber("window", campaign.Spec.Window);
        writer.WriteBoolean("isolated", campaign.Spec.IsIsolated);
        writer.WriteNumber("hostileAgents", campaign.Spec.HostileAgents);
        writer.WriteNumber("reviews", campaign.Reviews);
        writer.WriteNumber("failures", campaign.Experiments.Count(experiment => experiment.Standing == Standing.Failed));
        writer.WriteNumber("struck", campaign.Experiments.Count(experiment => experiment.Standing == Standing.Struck));
        if (campaign.Experiments.Count > 0 && double.IsFinite(campaign.Experiments[0].Value)) writer.WriteNumber("baseline", campaign.Experiments[0].Value);
        writer.WriteString("basinFile", files.Basin);
        writer.WriteString("report", files.Report);
        writer.WriteEndObject();
    });

    private static void WriteBest(Utf8JsonWriter writer, CampaignOutcome outcome)
    {
        if (outcome.Campaign.Best is not { } best)
        {
            writer.WriteNull("best");
            return;
        }

        writer.WriteStartObject("best");
        writer.WriteNumber("value", best.Value);
        writer.WriteString("technique", outcome.TechniqueOf(best));
        writer.WriteString("agent", CampaignOutcome.NameOf(best.Agent));
        writer.WriteNumber("experiment", best.Number);
        writer.WritePropertyName("configuration");
        outcome.Domain.Space.Write(writer, best.Configuration);
        writer.WriteEndObject();
    }

    private static void WriteCurve(Utf8JsonWriter writer, Campaign campaign)
    {
        writer.WriteStartArray("curve");
        foreach (var best in campaign.Bests)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(best.Number);
            writer.WriteNumberValue(best.Value);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static void WriteAdoptions(Utf8JsonWriter writer, CampaignOutcome outcome)
    {
        writer.WriteStartArray("adoptions");
        foreach (var adoption in Adoption.Of(outcome.Campaign, outcome.Domain.Space))
        {
            writer.WriteStartObject();
            writer.WriteString("technique", adoption.Technique);
            writer.WriteString("discoveredBy", CampaignOutcome.NameOf(adoption.DiscoveredBy));
            writer.WriteNumber("at", adoption.At);
            writer.WriteNumber("adopters", adoption.Adopted.Length);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

/// <summary>Where a campaign's files lie.</summary>
/// <param name="BasinAddress">The address of the basin.</param>
/// <param name="Basin">The basin's packet.</param>
/// <param name="Archive">The archive; null where none was asked for.</param>
/// <param name="Report">The report.</param>
internal sealed record OutcomeFiles(string? BasinAddress, string? Basin, string? Archive, string? Report);
