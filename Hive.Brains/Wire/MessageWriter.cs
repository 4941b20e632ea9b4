using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Wire;

/// <summary>Writes one message of a conversation. A message with results of tools becomes one message a result, as the protocol has it.</summary>
internal static class MessageWriter
{
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <exception cref="NotSupportedException">It holds other content than text, calls of tools and their results.</exception>
    public static void Write(Utf8JsonWriter json, ChatMessage message)
    {
        var calls = 0;
        var others = 0;
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case FunctionResultContent result:
                    WriteResult(json, result);
                    break;
                case FunctionCallContent:
                    calls++;
                    break;
                case TextContent:
                    others++;
                    break;
                case TextReasoningContent or UsageContent or ErrorContent:
                    // What a model thought, cost or failed at is not told to it again.
                    break;
                default:
                    throw new NotSupportedException($"a message holds {content.GetType().Name}; a brain takes text, calls of tools and their results");
            }
        }

        if (calls == 0 && others == 0 && (message.Role == ChatRole.Tool || message.Contents.Count > 0))
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("role"u8, message.Role.Value);
        json.WriteString("content"u8, message.Text);
        if (calls > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in message.Contents.OfType<FunctionCallContent>())
            {
                WriteCall(json, call);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, FunctionCallContent call)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, call.CallId);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, call.Arguments is { } arguments ? Serialize(arguments) : "{}");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, FunctionResultContent result)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, result.CallId);
        json.WriteString("content"u8, result switch
        {
            { Result: string text } => text,
            { Result: { } value } => Serialize(value),
            { Exception: { } e } => $"error: {e.Message}",
            _ => "",
        });
        json.WriteEndObject();
    }

    private static string Serialize(object value) => JsonSerializer.Serialize(value, Compact.GetTypeInfo(value.GetType()));
}
