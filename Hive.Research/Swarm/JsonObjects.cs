using System.Text;
using System.Text.Json;

namespace Hive.Swarm;

/// <summary>One JSON object as text.</summary>
public static class JsonObjects
{
    /// <summary>The object of these members.</summary>
    /// <param name="members">Writes them.</param>
    public static string Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <exception cref="FormatException">It is no JSON, or not what is read from it.</exception>
    internal static T Read<T>(string json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"this is not what is expected here: {e.Message}", e);
        }
    }
}
