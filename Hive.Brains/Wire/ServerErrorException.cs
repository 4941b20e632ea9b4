using System.Text.Json;

namespace Hive.Brains.Wire;

/// <summary>A server answered that it failed.</summary>
/// <param name="message">In its words.</param>
internal sealed class ServerErrorException(string message) : Exception(message)
{
    /// <summary>Throws if an answer is an error: <c>{"error": {"message": …}}</c>, or <c>{"error": "…"}</c>.</summary>
    /// <exception cref="ServerErrorException">It is.</exception>
    public static void ThrowIfTold(JsonElement root)
    {
        if (MessageOf(root) is { } message)
        {
            throw new ServerErrorException(message);
        }
    }

    /// <summary>What an answer tells of an error; absent where it is none.</summary>
    public static string? MessageOf(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error"u8, out var error) || error.ValueKind is JsonValueKind.Null or JsonValueKind.False)
        {
            return null;
        }

        return Json.Text(error, "message"u8) ?? Json.Text(root, "error"u8) ?? "it did not say why";
    }
}
