using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hive.Client.Grid;
using Hive.Silo.Hosting;
using Hive.Silos;

namespace Hive.Silo.Display;

/// <summary>Silos and what they offer, as text and as JSON.</summary>
internal static class SiloText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>A line a silo, and a heading.</summary>
    public static void Write(TextWriter output, IReadOnlyCollection<SiloAnnouncement> silos)
    {
        if (silos.Count == 0)
        {
            output.WriteLine("no such silo is here");
            return;
        }

        output.WriteLine($"{"silo",-24} {"tier",-7} {"cores",6} {"free",6} {"memory",9} {"line",-10} gpu, models, skills");
        foreach (var silo in silos)
        {
            var free = silo.FreePlaces?.ToString(CultureInfo.InvariantCulture) ?? "?";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{silo.Name,-24} {silo.Tier,-7} {silo.Cores,6} {free,6} {silo.MemoryMiB / 1024.0,5:F1} GiB {Lower(silo.Bandwidth),-10} {Extras(silo)}"));
        }
    }

    public static string Json(IEnumerable<SiloAnnouncement> silos) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("silos");
        foreach (var silo in silos)
        {
            Write(writer, silo);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>Reads what <see cref="Json(IEnumerable{SiloAnnouncement})"/> wrote.</summary>
    /// <exception cref="GridException">It is something else.</exception>
    public static IEnumerable<SiloAnnouncement> Read(JsonElement reply)
    {
        try
        {
            return [.. reply.GetProperty("silos").EnumerateArray().Select(silo => silo.Deserialize<SiloAnnouncement>(Options)!)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new GridException($"the hub's list of silos cannot be understood ({e.Message}); is it of another version?", e);
        }
    }

    /// <summary>A silo's choice of its tier, in a sentence.</summary>
    public static string Of(TierChoice choice) => $"tier {choice.Tier}: {choice.Why} (found {string.Join(", ", choice.Found)})";

    public static string Json(TierChoice choice) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("tier", choice.Tier);
        writer.WriteString("why", choice.Why);
        Names(writer, "found", choice.Found);
        writer.WriteEndObject();
    });

    private static string Extras(SiloAnnouncement silo)
    {
        var gpus = silo.Gpus.GroupBy(gpu => gpu.Name).Select(gpu => gpu.Count() == 1 ? gpu.Key : string.Create(CultureInfo.InvariantCulture, $"{gpu.Count()} × {gpu.Key}"));
        return string.Join(", ", gpus.Concat(silo.Models).Concat(silo.Skills.Select(skill => skill.Length > 12 ? skill[..12] : skill)));
    }

    private static void Write(Utf8JsonWriter writer, SiloAnnouncement silo)
    {
        writer.WriteStartObject();
        writer.WriteString("name", silo.Name);
        writer.WriteString("tier", silo.Tier);
        writer.WriteNumber("cores", silo.Cores);
        Optional(writer, "freePlaces", silo.FreePlaces);
        Optional(writer, "runningAgents", silo.RunningAgents);
        writer.WriteNumber("memoryMiB", silo.MemoryMiB);
        writer.WriteStartArray("gpus");
        foreach (var gpu in silo.Gpus)
        {
            writer.WriteStartObject();
            writer.WriteString("name", gpu.Name);
            writer.WriteNumber("memoryMiB", gpu.MemoryMiB);
            writer.WriteString("driver", gpu.Driver);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("bandwidth", Lower(silo.Bandwidth));
        Names(writer, "models", silo.Models);
        Names(writer, "skills", silo.Skills);
        writer.WriteNumber("coreSpeed", Math.Round(silo.CoreSpeed, 1));
        writer.WriteString("incarnation", silo.Incarnation);
        writer.WriteNumber("protocol", silo.Protocol);
        writer.WriteEndObject();
    }

    private static void Names(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static void Optional(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static string Lower(Bandwidth bandwidth) => bandwidth.ToString().ToLowerInvariant();
}
