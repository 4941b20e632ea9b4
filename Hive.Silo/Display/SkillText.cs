using System.Globalization;
using System.Text;
using System.Text.Json;
using Hive.Skills;

namespace Hive.Silo.Display;

/// <summary>Skills and their runs, as text and as JSON.</summary>
internal static class SkillText
{
    public static string Of(SkillManifest skill)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{skill.Name}  {skill.Bytes:N0} bytes");
        text.AppendLine(skill.Address);
        text.AppendLine(CultureInfo.InvariantCulture, $"limits      fuel {skill.Limits.Fuel:N0}, memory {skill.Limits.MemoryMiB} MiB");
        foreach (var test in skill.Tests)
        {
            text.AppendLine($"test        {test.Name}");
        }

        return text.ToString().TrimEnd();
    }

    public static string Json(SkillManifest skill) => JsonText.Of(writer => Write(writer, skill));

    public static string Json(IEnumerable<SkillManifest> skills) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("skills");
        foreach (var skill in skills)
        {
            Write(writer, skill);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static string Json(SkillResult result) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        if (result.ExitCode is { } exitCode)
        {
            writer.WriteNumber("exitCode", exitCode);
        }

        writer.WriteString("output", result.Output);
        writer.WriteString("error", result.Error);
        writer.WriteNumber("fuel", result.Fuel);
        if (result.Failure is { } failure)
        {
            writer.WriteString("failure", failure);
        }

        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, SkillManifest skill)
    {
        writer.WriteStartObject();
        writer.WriteString("address", skill.Address);
        writer.WriteString("name", skill.Name);
        writer.WriteNumber("bytes", skill.Bytes);
        writer.WriteStartObject("limits");
        writer.WriteNumber("fuel", skill.Limits.Fuel);
        writer.WriteNumber("memoryMiB", skill.Limits.MemoryMiB);
        writer.WriteEndObject();
        writer.WriteStartArray("tests");
        foreach (var test in skill.Tests)
        {
            writer.WriteStartObject();
            writer.WriteString("name", test.Name);
            writer.WriteString("input", test.Call.Input);
            writer.WriteString("output", test.Output);
            writer.WriteNumber("exitCode", test.ExitCode);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
