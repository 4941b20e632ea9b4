using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Hive.Basins;

/// <summary>
/// The JSON canonicalization scheme (RFC 8785): no white space, members sorted by the UTF-16 code units of their names, strings with the fewest escapes, numbers as
/// JavaScript writes them. Two texts of the same value have the same canonical bytes.
/// </summary>
public static class CanonicalJson
{
    private const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The canonical form of a JSON text.</summary>
    /// <param name="json">The text in UTF-8.</param>
    /// <returns>Its canonical bytes.</returns>
    /// <exception cref="FormatException">It is not JSON, has a member twice, is nested more than 64 deep, or holds a number or a string that has no canonical form.</exception>
    public static byte[] Canonicalize(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var output = new ArrayBufferWriter<byte>(json.Length);
            Write(document.RootElement, output);
            return output.WrittenSpan.ToArray();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            throw new FormatException($"this is no JSON that has a canonical form: {e.Message}", e);
        }
    }

    /// <summary>The canonical form of what a writer writes.</summary>
    internal static byte[] Of(Action<Utf8JsonWriter> write)
    {
        var plain = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(plain)) write(writer);
        return Canonicalize(plain.WrittenMemory);
    }

    private static void Write(JsonElement element, ArrayBufferWriter<byte> output)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(element, output);
                break;
            case JsonValueKind.Array:
                WriteArray(element, output);
                break;
            case JsonValueKind.String:
                WriteString(element.GetString()!, output);
                break;
            case JsonValueKind.Number:
                output.Advance(EcmaScriptNumber.Write(element.GetDouble(), output.GetSpan(EcmaScriptNumber.MaxLength)));
                break;
            default:
                output.Write(element.ValueKind switch { JsonValueKind.True => "true"u8, JsonValueKind.False => "false"u8, _ => "null"u8 });
                break;
        }
    }

    private static void WriteObject(JsonElement element, ArrayBufferWriter<byte> output)
    {
        output.Write("{"u8);
        var isFirst = true;
        foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            if (!isFirst) output.Write(","u8);
            isFirst = false;
            WriteString(member.Name, output);
            output.Write(":"u8);
            Write(member.Value, output);
        }

        output.Write("}"u8);
    }

    private static void WriteArray(JsonElement element, ArrayBufferWriter<byte> output)
    {
        output.Write("["u8);
        var isFirst = true;
        foreach (var item in element.EnumerateArray())
        {
            if (!isFirst) output.Write(","u8);
            isFirst = false;
            Write(item, output);
        }

        output.Write("]"u8);
    }

    private static void WriteString(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        foreach (var rune in text.EnumerateRunes())
        {
            var escape = rune.Value switch
            {
                '"' => "\\\""u8,
                '\\' => "\\\\"u8,
                '\b' => "\\b"u8,
                '\t' => "\\t"u8,
                '\n' => "\\n"u8,
                '\f' => "\\f"u8,
                '\r' => "\\r"u8,
                _ => default,
            };
            if (!escape.IsEmpty) output.Write(escape);
            else if (rune.Value < ' ') output.Write(Encoding.ASCII.GetBytes($"\\u{rune.Value:x4}"));
            else output.Advance(rune.EncodeToUtf8(output.GetSpan(4)));
        }

        output.Write("\""u8);
    }
}
