using System.Text.Json;

namespace Hive.Brains.Wire;

/// <summary>Looks into JSON from a server without a trap: what is not of the expected kind is absent.</summary>
internal static class Json
{
    public static bool TryGet(JsonElement element, ReadOnlySpan<byte> name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind == kind;
    }

    /// <exception cref="FormatException">The text is no Unicode.</exception>
    public static string? Text(JsonElement element, ReadOnlySpan<byte> name)
    {
        try
        {
            return TryGet(element, name, JsonValueKind.String, out var value) ? value.GetString() : null;
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("the answer holds text that is no Unicode", e);
        }
    }

    /// <summary>A text, or the JSON of an object that stands where a text of JSON should.</summary>
    public static string? TextOrRaw(JsonElement element, ReadOnlySpan<byte> name) =>
        TryGet(element, name, JsonValueKind.Object, out var value) ? value.GetRawText() : Text(element, name);

    public static long? Whole(JsonElement element, ReadOnlySpan<byte> name) =>
        TryGet(element, name, JsonValueKind.Number, out var value) && value.TryGetInt64(out var whole) ? whole : null;
}
