using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Wire;

/// <summary>
/// Reads a whole answer. Servers leave members out, or write null for them: what is absent is absent in the response, and nothing is made up.
/// </summary>
internal static class ReplyReader
{
    /// <summary>The most calls of tools in an answer.</summary>
    public const int MaxToolCalls = 128;

    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 64 };

    /// <summary>Reads an answer.</summary>
    /// <param name="json">The bytes of the body.</param>
    /// <exception cref="ServerErrorException">It tells of an error.</exception>
    /// <exception cref="FormatException">It is none that the protocol knows; the message says why.</exception>
    public static ChatResponse Read(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        var root = document.RootElement;
        ServerErrorException.ThrowIfTold(root);
        if (!Json.TryGet(root, "choices"u8, JsonValueKind.Array, out var choices) || choices.GetArrayLength() == 0)
        {
            throw new FormatException("the answer has no \"choices\"");
        }

        var choice = choices[0];
        if (!Json.TryGet(choice, "message"u8, JsonValueKind.Object, out var message))
        {
            throw new FormatException("the answer's choice has no \"message\"");
        }

        var id = Json.Text(root, "id"u8);
        var contents = new List<AIContent>(1);
        if (Reasoning(message) is { Length: > 0 } thought)
        {
            contents.Add(new TextReasoningContent(thought));
        }

        contents.Add(new TextContent(Content(message)));
        AddToolCalls(contents, message);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents) { MessageId = id })
        {
            ResponseId = id,
            ModelId = Json.Text(root, "model"u8),
            CreatedAt = Created(root),
            FinishReason = Finish(choice),
            Usage = Usage(root),
        };
    }

    /// <summary>Parses JSON from a server.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, Bounded);
        }
        catch (JsonException e)
        {
            throw new FormatException("the answer is not JSON", e);
        }
    }

    /// <summary>What the server says that the call cost, as it says it; absent where it does not.</summary>
    public static UsageDetails? Usage(JsonElement root)
    {
        if (!Json.TryGet(root, "usage"u8, JsonValueKind.Object, out var usage))
        {
            return null;
        }

        return new UsageDetails
        {
            InputTokenCount = Json.Whole(usage, "prompt_tokens"u8),
            OutputTokenCount = Json.Whole(usage, "completion_tokens"u8),
            TotalTokenCount = Json.Whole(usage, "total_tokens"u8),
            CachedInputTokenCount = Json.TryGet(usage, "prompt_tokens_details"u8, JsonValueKind.Object, out var input) ? Json.Whole(input, "cached_tokens"u8) : null,
            ReasoningTokenCount = Json.TryGet(usage, "completion_tokens_details"u8, JsonValueKind.Object, out var output) ? Json.Whole(output, "reasoning_tokens"u8) : null,
        };
    }

    /// <summary>Why an answer ended, where it says so.</summary>
    public static ChatFinishReason? Finish(JsonElement choice) => Json.Text(choice, "finish_reason"u8) switch
    {
        null or "" => null,
        "function_call" => ChatFinishReason.ToolCalls,
        var reason => new ChatFinishReason(reason),
    };

    /// <summary>The text of a message or of a piece of one; a refusal is its text, too.</summary>
    public static string? Content(JsonElement message) => Json.Text(message, "content"u8) ?? Parts(message) ?? Json.Text(message, "refusal"u8);

    /// <summary>What a model thought before it answered: llama.cpp, vLLM and DeepSeek name it so, Ollama otherwise.</summary>
    public static string? Reasoning(JsonElement message) => Json.Text(message, "reasoning_content"u8) ?? Json.Text(message, "reasoning"u8);

    /// <summary>A call of a tool. Arguments that are no JSON object are told by the content's exception, for the caller to hand back to the model.</summary>
    public static FunctionCallContent ToolCall(string id, string name, string arguments) =>
        FunctionCallContent.CreateFromParsedArguments(arguments, id, name, static text => Arguments(text));

    /// <summary>When an answer was made, where it says so.</summary>
    public static DateTimeOffset? Created(JsonElement root) =>
        Json.Whole(root, "created"u8) is > 0 and < 100_000_000_000 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static string? Parts(JsonElement message)
    {
        if (!Json.TryGet(message, "content"u8, JsonValueKind.Array, out var parts))
        {
            return null;
        }

        return string.Concat(parts.EnumerateArray().Select(part => Json.Text(part, "text"u8)));
    }

    private static void AddToolCalls(List<AIContent> contents, JsonElement message)
    {
        if (!Json.TryGet(message, "tool_calls"u8, JsonValueKind.Array, out var calls))
        {
            return;
        }

        if (calls.GetArrayLength() > MaxToolCalls)
        {
            throw new FormatException($"the answer calls {calls.GetArrayLength()} tools; at most {MaxToolCalls} are taken");
        }

        foreach (var call in calls.EnumerateArray())
        {
            if (!Json.TryGet(call, "function"u8, JsonValueKind.Object, out var function) || Json.Text(function, "name"u8) is not { Length: > 0 } name)
            {
                throw new FormatException("the answer calls a tool without a name");
            }

            contents.Add(ToolCall(Json.Text(call, "id"u8) ?? $"call_{contents.Count}", name, Json.TextOrRaw(function, "arguments"u8) ?? "{}"));
        }
    }

    private static Dictionary<string, object?> Arguments(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        using var document = JsonDocument.Parse(text, Bounded);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.Clone().EnumerateObject().DistinctBy(member => member.Name).ToDictionary(member => member.Name, member => (object?)member.Value)
            : throw new JsonException("a tool's arguments are an object");
    }
}
