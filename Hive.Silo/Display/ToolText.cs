using System.Collections.Immutable;
using System.Text.Json;
using Hive.Tools;

namespace Hive.Silo.Display;

/// <summary>Tools as text and as JSON.</summary>
internal static class ToolText
{
    public const string NoTools = "there are no tools here; list a server in hive.json, such as {\"tools\": {\"everything\": {\"command\": [\"npx\", \"-y\", \"@modelcontextprotocol/server-everything\"]}}} (docs/tools.md)";

    private const int ShownDescription = 80;

    public static void Write(TextWriter output, ImmutableArray<ToolServerReport> reports)
    {
        if (reports.IsEmpty)
        {
            output.WriteLine(NoTools);
            return;
        }

        var tools = reports.SelectMany(report => report.Tools).ToArray();
        var width = tools.Select(tool => tool.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var tool in tools)
        {
            output.WriteLine($"{tool.Name.PadRight(width)}  {Effects(tool),-30}  {FirstLine(tool.Description)}");
        }
    }

    /// <summary>What one should know of the servers: those that cannot be used, and what was left out of the others.</summary>
    public static void WriteNotes(TextWriter error, ImmutableArray<ToolServerReport> reports)
    {
        foreach (var report in reports)
        {
            foreach (var note in report.Failure is { } failure ? [failure] : report.Notes)
            {
                error.WriteLine($"hive: the tool server '{report.Server}': {note}");
            }
        }
    }

    public static string Json(ImmutableArray<ToolServerReport> reports) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("servers");
        foreach (var report in reports)
        {
            WriteServer(writer, report);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static string Json(string name, ToolResult result) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("tool", name);
        writer.WriteString("text", result.Text);
        writer.WriteBoolean("isError", result.IsError);
        writer.WriteEndObject();
    });

    private static void WriteServer(Utf8JsonWriter writer, ToolServerReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("name", report.Server);
        if (report.Failure is not null)
        {
            writer.WriteString("failure", report.Failure);
        }

        writer.WriteStartArray("notes");
        foreach (var note in report.Notes)
        {
            writer.WriteStringValue(note);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("tools");
        foreach (var tool in report.Tools)
        {
            writer.WriteStartObject();
            writer.WriteString("name", tool.Name);
            writer.WriteString("description", tool.Description);
            writer.WriteBoolean("hasSideEffects", tool.HasSideEffects);
            writer.WriteBoolean("isApprovedByPolicy", tool.IsApprovedByPolicy);
            writer.WritePropertyName("inputSchema");
            writer.WriteRawValue(tool.InputSchema);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Effects(ToolSpec tool) => tool switch
    {
        { HasSideEffects: false } => "only reads",
        { IsApprovedByPolicy: true } => "side effects, approved",
        _ => "side effects, a person approves",
    };

    private static string FirstLine(string description)
    {
        var line = description.Split('\n', 2)[0].Trim();
        return line.Length <= ShownDescription ? line : line[..ShownDescription] + "…";
    }
}
