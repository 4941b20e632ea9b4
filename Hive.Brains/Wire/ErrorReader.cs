using System.Text;
using System.Text.Json;

namespace Hive.Brains.Wire;

/// <summary>Reads why a server refused: from OpenAI's form of an error, or from whatever text it sent.</summary>
internal static class ErrorReader
{
    private const int MaxText = 300;

    /// <summary>The reason; empty where there is none.</summary>
    /// <param name="body">The beginning of the answer.</param>
    public static string Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return ServerErrorException.MessageOf(document.RootElement) ?? Json.Text(document.RootElement, "message"u8) ?? Json.Text(document.RootElement, "detail"u8) ?? "";
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            var text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MaxText)]);
            return text.TrimStart().StartsWith('<') ? "" : text;
        }
    }
}
