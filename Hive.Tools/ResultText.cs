using System.Globalization;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Hive.Tools;

/// <summary>What a tool's result says, as text: its words, its structured content as JSON, and of everything else what it is and how large.</summary>
internal static class ResultText
{
    private const int MaxBlocks = 1000;
    private const int MaxLabel = 200;

    /// <summary>Puts a result into words.</summary>
    /// <param name="result">The result.</param>
    public static ToolResult Of(CallToolResult result)
    {
        // The library takes a null where a block should be.
        ContentBlock[] blocks = [.. (result.Content ?? []).OfType<ContentBlock>()];
        var parts = blocks.Take(MaxBlocks).Select(Describe).ToList();
        if (blocks.Length > MaxBlocks)
        {
            parts.Add($"[{blocks.Length - MaxBlocks} more left out]");
        }

        // A tool that gives structured content repeats it as text for clients that know no other.
        if (result.StructuredContent is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } structured && !blocks.Any(block => Repeats(block, structured)))
        {
            parts.Add(structured.GetRawText());
        }

        return ToolResult.From(string.Join('\n', parts), result.IsError ?? false);
    }

    private static string Describe(ContentBlock block) => block switch
    {
        TextContentBlock text => text.Text ?? "",
        ImageContentBlock image => Label("image", image.MimeType, DecodedLength(image.Data.Span)),
        AudioContentBlock audio => Label("audio", audio.MimeType, DecodedLength(audio.Data.Span)),
        EmbeddedResourceBlock { Resource: TextResourceContents text } => Label("resource", $"{text.Uri} {text.MimeType}", System.Text.Encoding.UTF8.GetByteCount(text.Text ?? "")),
        EmbeddedResourceBlock { Resource: BlobResourceContents blob } => Label("resource", $"{blob.Uri} {blob.MimeType}", DecodedLength(blob.Blob.Span)),
        ResourceLinkBlock link => $"[link to a resource: {OutsideText.Line($"{link.Uri} {link.Name}", MaxLabel)}]",
        _ => $"[{OutsideText.Line(block.Type, MaxLabel)}, left out]",
    };

    private static string Label(string kind, string? name, long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"[{kind} {OutsideText.Line(name ?? "", MaxLabel)}, {bytes:N0} bytes, left out]");

    /// <summary>How many bytes a text of base 64 stands for.</summary>
    private static long DecodedLength(ReadOnlySpan<byte> base64) => base64.TrimEnd((byte)'=').Length * 3L / 4;

    private static bool Repeats(ContentBlock block, JsonElement structured)
    {
        if (block is not TextContentBlock { Text: { Length: > 0 } text } || text[0] != structured.GetRawText()[0])
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonElement.DeepEquals(document.RootElement, structured);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
