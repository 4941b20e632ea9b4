using System.Globalization;
using System.Text.Json;
using Hive.Swarm;

namespace Hive.Research;

/// <summary>What a campaign's log holds. Kinds and members are part of the stored format: they are added to, never changed.</summary>
public static class ResearchLog
{
    /// <summary>The campaign was accepted: the request, and the fingerprint of its domain.</summary>
    public const string Accepted = "accepted";

    /// <summary>A process began to work on it, for the first time or again.</summary>
    public const string Begun = "begun";

    /// <summary>A run gave a result. It counts once, whatever comes later under its id.</summary>
    public const string Result = "result";

    /// <summary>Everything was run and judged.</summary>
    public const string Ended = "ended";

    /// <summary>The name under which the log of a campaign is kept beside those of goals.</summary>
    /// <param name="campaign">The campaign's id.</param>
    public static string KeyOf(string campaign) => $"research.{campaign}";

    /// <summary>Writes an accepted campaign.</summary>
    internal static string WriteAccepted(CampaignRequest request, string fingerprint) => JsonObjects.Write(writer =>
    {
        writer.WriteString("fingerprint", fingerprint);
        writer.WritePropertyName("request");
        writer.WriteRawValue(request.ToJson());
    });

    /// <summary>Reads an accepted campaign.</summary>
    /// <param name="json">The entry's JSON.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static (CampaignRequest Request, string Fingerprint) ReadAccepted(string json) => Read(json, root =>
        (CampaignRequest.Parse(root.GetProperty("request").GetRawText()), root.GetProperty("fingerprint").GetString()!));

    /// <summary>Writes a result, with what was tried: for people who read the log, and to tell a log that another version wrote.</summary>
    internal static string WriteResult(ResearchTask task, TechniqueSpace space, ExperimentReport report, string agent) => JsonObjects.Write(writer =>
    {
        writer.WriteString("task", task.Id.ToString());
        writer.WriteString("agent", agent);
        writer.WritePropertyName("configuration");
        space.Write(writer, task.Configuration);
        writer.WriteString("seed", task.Seed.ToString(CultureInfo.InvariantCulture));
        if (double.IsFinite(report.Value)) writer.WriteNumber("value", report.Value);
        writer.WriteNumber("work", report.Work);
        if (report.Failure is { } failure) writer.WriteString("failure", failure);
    });

    /// <summary>Reads a result.</summary>
    /// <param name="json">The entry's JSON.</param>
    /// <param name="space">The domain's techniques.</param>
    /// <exception cref="FormatException">It is none, or of another space.</exception>
    public static (TaskId Task, Configuration Configuration, ExperimentResult Result) ReadResult(string json, TechniqueSpace space) => Read(json, root =>
    {
        var value = root.TryGetProperty("value", out var number) ? number.GetDouble() : double.NaN;
        var failure = root.TryGetProperty("failure", out var reason) ? reason.GetString() : null;
        return (TaskId.Parse(root.GetProperty("task").GetString()!), space.Read(root.GetProperty("configuration")), new ExperimentResult(value, root.GetProperty("work").GetInt64(), failure));
    });

    private static T Read<T>(string json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"an entry of a campaign's log cannot be read: {e.Message}", e);
        }
    }
}
