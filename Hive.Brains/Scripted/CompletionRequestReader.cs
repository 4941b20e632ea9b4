using System.Text;
using System.Text.Json;

namespace Hive.Brains.Scripted;

/// <summary>A request for a chat completion, as it came over HTTP.</summary>
/// <param name="Model">The model that is asked.</param>
/// <param name="Stream">Whether the answer is wanted as a stream of events.</param>
/// <param name="IncludeUsage">Whether such a stream ends with the usage.</param>
/// <param name="Request">What is asked.</param>
internal sealed record CompletionRequest(string Model, bool Stream, bool IncludeUsage, ScriptedRequest Request);

/// <summary>
/// Reads requests for chat completions: the part of the OpenAI API (platform.openai.com/docs/api-reference/chat/create) that decides what a scripted brain answers.
/// Members that do not matter here are ignored, as servers of this kind do.
/// </summary>
internal static class CompletionRequestReader
{
    private const int MostMessages = 10_000;
    private const int MostKeyLength = 255;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };

    /// <summary>Reads a request.</summary>
    /// <exception cref="FormatException">It is none; the message says what is wrong and how to mend it.</exception>
    public static CompletionRequest Read(ReadOnlyMemory<byte> body, string? key)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return Read(document.RootElement, key);
        }
        catch (JsonException e)
        {
            throw new FormatException($"The request is no JSON: {e.Message}");
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"The request has a text that is no valid Unicode: {e.Message}");
        }
    }

    private static CompletionRequest Read(JsonElement root, string? key)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("The request must be a JSON object.");
        }

        if (key?.Length > MostKeyLength)
        {
            throw new FormatException($"The header Idempotency-Key has {key.Length:N0} characters; at most {MostKeyLength} are allowed.");
        }

        var model = Text(root, "model") ?? throw new FormatException("The member model is missing; it names one of those at /v1/models.");
        if (!root.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() is 0 or > MostMessages)
        {
            throw new FormatException($"The member messages must be an array of 1 to {MostMessages:N0} messages.");
        }

        if (Number(root, "n") is { } n and not 1)
        {
            throw new FormatException($"The member n is {n}; a scripted brain gives one answer a call.");
        }

        var most = Number(root, "max_completion_tokens") ?? Number(root, "max_tokens");
        if (most is < 1)
        {
            throw new FormatException($"The member max_tokens is {most}; it must be at least 1.");
        }

        var request = new ScriptedRequest([.. messages.EnumerateArray().Select(Message)], Schema(root), most, key);
        var includeUsage = root.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object && True(options, "include_usage");
        return new CompletionRequest(model, True(root, "stream"), includeUsage, request);
    }

    private static ScriptedMessage Message(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object || Text(message, "role") is not { } role)
        {
            throw new FormatException("A message must be an object with the member role.");
        }

        return new ScriptedMessage(role == "developer" ? "system" : role, message.TryGetProperty("content", out var content) ? Content(content) : "");
    }

    private static string Content(JsonElement content)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return content.GetString()!;
            case JsonValueKind.Null:
                return "";
            case JsonValueKind.Array:
                var text = new StringBuilder();
                foreach (var part in content.EnumerateArray())
                {
                    text.Append(part.ValueKind == JsonValueKind.Object ? Text(part, "text") : throw new FormatException("A part of a message's content must be an object."));
                }

                return text.ToString();
            default:
                throw new FormatException("The content of a message must be a string, null, or an array of parts.");
        }
    }

    /// <summary>The name of the schema that is asked for; <c>json</c> where any JSON is.</summary>
    private static string? Schema(JsonElement root)
    {
        if (!root.TryGetProperty("response_format", out var format) || format.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return Text(format, "type") switch
        {
            "json_schema" => format.TryGetProperty("json_schema", out var schema) && schema.ValueKind == JsonValueKind.Object ? Text(schema, "name") ?? "json" : "json",
            "json_object" => "json",
            _ => null,
        };
    }

    private static string? Text(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var child) || child.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return child.ValueKind == JsonValueKind.String ? child.GetString() : throw new FormatException($"The member {name} must be a string.");
    }

    private static int? Number(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var child) || child.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return child.ValueKind == JsonValueKind.Number && child.TryGetInt32(out var number) ? number : throw new FormatException($"The member {name} must be a whole number.");
    }

    private static bool True(JsonElement parent, string name) => parent.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.True;
}
