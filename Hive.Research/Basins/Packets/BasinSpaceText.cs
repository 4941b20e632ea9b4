using System.Collections.Immutable;
using System.Text.Json;
using Hive.Research;

namespace Hive.Basins;

/// <summary>
/// A space as canonical JSON, of which its signature is the hash:
/// <c>{"associations":[[first, way, second, way], …], "techniques":[{"name":…, "choice":[…]} or "integer", "logReal", "real" with [least, most], …]}</c>.
/// </summary>
public static class BasinSpaceText
{
    /// <summary>The largest description, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The description of a space.</summary>
    /// <param name="space">The space.</param>
    public static byte[] Write(BasinSpace space) => CanonicalJson.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("associations");
        foreach (var association in space.Associations)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(association.First);
            writer.WriteNumberValue(association.FirstWay);
            writer.WriteNumberValue(association.Second);
            writer.WriteNumberValue(association.SecondWay);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("techniques");
        foreach (var technique in space.Techniques.Techniques) Write(writer, technique);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>The space of a description.</summary>
    /// <param name="json">What <see cref="Write(BasinSpace)"/> wrote.</param>
    /// <exception cref="FormatException">It is no description of a space; the message says why.</exception>
    public static BasinSpace Read(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxBytes) throw new FormatException($"the description of a space has {json.Length:N0} bytes; at most {MaxBytes:N0} are read");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            var root = document.RootElement;
            var techniques = root.GetProperty("techniques").EnumerateArray().Select(Technique).ToImmutableArray();
            var associations = root.GetProperty("associations").EnumerateArray().Select(Association).ToImmutableArray();
            return new BasinSpace(new TechniqueSpace(techniques), associations);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new FormatException($"this describes no space: {e.Message}", e);
        }
    }

    private static void Write(Utf8JsonWriter writer, Technique technique)
    {
        writer.WriteStartObject();
        writer.WriteString("name", technique.Name);
        var (kind, least, most) = technique switch
        {
            IntegerTechnique integer => ("integer", integer.Least, integer.Most),
            LogRealTechnique real => ("logReal", real.Least, real.Most),
            RealTechnique real => ("real", real.Least, real.Most),
            _ => ("choice", 0.0, 0.0),
        };
        writer.WriteStartArray(kind);
        if (technique is CategoricalTechnique categorical)
        {
            foreach (var way in categorical.Values) writer.WriteStringValue(way);
        }
        else
        {
            writer.WriteNumberValue(least);
            writer.WriteNumberValue(most);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static Technique Technique(JsonElement element)
    {
        var name = element.GetProperty("name").GetString() ?? throw new FormatException("a technique has a name");
        foreach (var member in element.EnumerateObject())
        {
            switch (member.Name)
            {
                case "choice":
                    return new CategoricalTechnique(name, [.. member.Value.EnumerateArray().Select(way => way.GetString() ?? throw new FormatException($"a way of '{name}' has no name"))]);
                case "integer":
                    return new IntegerTechnique(name, member.Value[0].GetInt32(), member.Value[1].GetInt32());
                case "logReal":
                    return new LogRealTechnique(name, member.Value[0].GetDouble(), member.Value[1].GetDouble());
                case "real":
                    return new RealTechnique(name, member.Value[0].GetDouble(), member.Value[1].GetDouble());
            }
        }

        throw new FormatException($"technique '{name}' has no kind; known are choice, integer, logReal and real");
    }

    private static Association Association(JsonElement element) =>
        new(element[0].GetInt32(), element[1].GetInt32(), element[2].GetInt32(), element[3].GetInt32());
}
