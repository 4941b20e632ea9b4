using System.Globalization;
using System.Text;
using System.Text.Json;
using Hive.Leaderboards;

namespace Hive.Silo.Display;

/// <summary>Leaderboards as text and as JSON.</summary>
internal static class LeaderboardText
{
    public static string Of(LeaderboardPage page)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Of(page.Leaderboard)}: {page.Experiments:N0} experiments by {page.Agents:N0} agents");
        foreach (var place in page.Places)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{place.Rank,4}  {place.Value,14:G7}  {place.Status,-8}  {place.Agent,-24}  {place.Configuration}");
        }

        return text.ToString().TrimEnd();
    }

    public static string Of(LeaderboardSummary board) => $"{board.Domain,-12}  {board.Direction}  {board.Fingerprint[..12]}";

    public static string Json(IEnumerable<LeaderboardSummary> boards) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("leaderboards");
        foreach (var board in boards)
        {
            writer.WriteStartObject();
            Write(writer, board);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static string Json(LeaderboardPage page) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        Write(writer, page.Leaderboard);
        writer.WriteNumber("experiments", page.Experiments);
        writer.WriteNumber("agents", page.Agents);
        writer.WriteNumber("claims", page.Claims);
        writer.WriteStartArray("places");
        foreach (var place in page.Places)
        {
            Write(writer, place);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, LeaderboardSummary board)
    {
        writer.WriteString("domain", board.Domain);
        writer.WriteString("fingerprint", board.Fingerprint);
        writer.WriteString("direction", board.Direction);
    }

    private static void Write(Utf8JsonWriter writer, LeaderboardPlace place)
    {
        writer.WriteStartObject();
        writer.WriteNumber("rank", place.Rank);
        writer.WriteString("agent", place.Agent);
        writer.WriteNumber("value", place.Value);
        writer.WriteString("status", place.Status);
        writer.WriteString("experiment", place.Experiment);
        writer.WriteNumber("seed", place.Seed);
        writer.WriteString("at", place.At);
        writer.WritePropertyName("configuration");
        writer.WriteRawValue(place.Configuration);
        writer.WriteNumber("experiments", place.Experiments);
        writer.WriteEndObject();
    }
}
