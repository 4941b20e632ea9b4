using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hive.Research;
using Hive.Silo.Display;
using Hive.Statistics;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>Measurements as text and as JSON, whichever way they fall.</summary>
internal static class MeasurementText
{
    public static string Of(string kind, IResearchDomain domain, CampaignSpec spec, Race race, bool isJson) => isJson ? Json(kind, domain, spec, race) : Text(kind, domain, race);

    public static string OfPoison(IResearchDomain domain, CampaignSpec spec, ImmutableArray<PoisonRow> rows, bool isJson)
    {
        var share = rows.Sum(row => row.Defended) / rows.Sum(row => row.Credulous);
        if (!isJson) return string.Create(CultureInfo.InvariantCulture, $"{spec.HostileAgents} hostile of {spec.Agents} agents move the basin of {domain.Name} by {share:P1} of the distance that they move it without defences ({rows.Length} seeds)");
        return JsonText.Of(writer =>
        {
            Head(writer, "poison", domain, spec, rows.Length);
            writer.WriteNumber("hostileAgents", spec.HostileAgents);
            writer.WriteNumber("share", share);
            writer.WriteStartArray("rows");
            foreach (var row in rows)
            {
                writer.WriteStartObject();
                writer.WriteNumber("seed", row.Seed);
                writer.WriteNumber("withDefences", row.Defended);
                writer.WriteNumber("withoutDefences", row.Credulous);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static string Text(string kind, IResearchDomain domain, Race race)
    {
        var (who, whom) = kind == "compare" ? ("agents that share", "isolated agents") : ("an agent with a basin", "one without");
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{domain.Name}: {who} need {Interval(race.Ratio)} times the experiments of {whom} to reach their level, {race.Rows.Length} seeds");
        text.AppendLine(CultureInfo.InvariantCulture, $"p {race.PValue:G3} against no difference, {race.PValueOfGoal:G3} against a ratio of {race.Goal:G3}; {race.Rows.Count(row => row.IsCensored)} seeds never reached it");
        text.Append(CultureInfo.InvariantCulture, $"of all experiments {Interval(race.ShareOfAll)}; with runs of review counted {Interval(race.RatioWithChecks)}");
        return text.ToString();
    }

    private static string Json(string kind, IResearchDomain domain, CampaignSpec spec, Race race) => JsonText.Of(writer =>
    {
        Head(writer, kind, domain, spec, race.Rows.Length);
        Write(writer, "ratio", race.Ratio);
        Write(writer, "ratioWithReviews", race.RatioWithChecks);
        Write(writer, "shareOfAllExperiments", race.ShareOfAll);
        writer.WriteNumber("pValue", race.PValue);
        writer.WriteNumber("goal", race.Goal);
        writer.WriteNumber("pValueOfGoal", race.PValueOfGoal);
        writer.WriteNumber("neverReached", race.Rows.Count(row => row.IsCensored));
        writer.WriteStartArray("rows");
        foreach (var row in race.Rows)
        {
            writer.WriteStartObject();
            writer.WriteNumber("seed", row.Seed);
            writer.WriteNumber("level", row.Level);
            writer.WriteNumber("referenceAt", row.ReferenceAt);
            writer.WriteNumber("at", row.At);
            writer.WriteBoolean("reached", !row.IsCensored);
            writer.WriteNumber("final", row.Final);
            writer.WriteNumber("reviewsUntilThen", row.ChecksUntilThen);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Head(Utf8JsonWriter writer, string kind, IResearchDomain domain, CampaignSpec spec, int seeds)
    {
        writer.WriteStartObject();
        writer.WriteString("measurement", kind);
        writer.WriteString("domain", domain.Name);
        writer.WriteString("fingerprint", domain.Fingerprint);
        writer.WriteNumber("agents", spec.Agents);
        writer.WriteNumber("experiments", spec.Experiments);
        writer.WriteNumber("window", spec.Window);
        writer.WriteNumber("seeds", seeds);
    }

    private static void Write(Utf8JsonWriter writer, string name, ConfidenceInterval interval)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("estimate", interval.Estimate);
        writer.WriteNumber("low", interval.Low);
        writer.WriteNumber("high", interval.High);
        writer.WriteEndObject();
    }

    private static string Interval(ConfidenceInterval interval) => string.Create(CultureInfo.InvariantCulture, $"{interval.Estimate:F3} [{interval.Low:F3}, {interval.High:F3}]");
}
