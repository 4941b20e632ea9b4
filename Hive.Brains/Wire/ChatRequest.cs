using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Wire;

/// <summary>Writes a call in the form of OpenAI's chat completions (<c>POST /v1/chat/completions</c>), which every server of models understands.</summary>
internal static class ChatRequest
{
    // Text is written as it is, not as escapes, which servers and their logs show unreadable; it never becomes part of a page.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a call.</summary>
    /// <param name="output">Receives the JSON.</param>
    /// <param name="model">The model's name at its server.</param>
    /// <param name="maxTokensMember">What this server calls the bound of an answer's tokens.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">How to answer; its model name is not regarded, because a brain is one model.</param>
    /// <param name="isStreamed">Whether the answer is to come token by token.</param>
    /// <exception cref="NotSupportedException">A message holds what cannot be said in this form.</exception>
    public static void Write(IBufferWriter<byte> output, string model, string maxTokensMember, IEnumerable<ChatMessage> messages, ChatOptions? options, bool isStreamed)
    {
        using var json = new Utf8JsonWriter(output, Plain);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteStartArray("messages"u8);
        if (options?.Instructions is { Length: > 0 } instructions)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "system"u8);
            json.WriteString("content"u8, instructions);
            json.WriteEndObject();
        }

        foreach (var message in messages)
        {
            MessageWriter.Write(json, message);
        }

        json.WriteEndArray();
        if (options is not null)
        {
            WriteSampling(json, options, maxTokensMember);
            WriteFormat(json, options.ResponseFormat);
            WriteTools(json, options);
        }

        if (isStreamed)
        {
            json.WriteBoolean("stream"u8, true);
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteSampling(Utf8JsonWriter json, ChatOptions options, string maxTokensMember)
    {
        if (options.MaxOutputTokens is { } most) json.WriteNumber(maxTokensMember, most);
        if (options.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (options.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (options.TopK is { } topK) json.WriteNumber("top_k"u8, topK);
        if (options.FrequencyPenalty is { } frequency) json.WriteNumber("frequency_penalty"u8, frequency);
        if (options.PresencePenalty is { } presence) json.WriteNumber("presence_penalty"u8, presence);
        if (options.Seed is { } seed) json.WriteNumber("seed"u8, seed);
        if (options.StopSequences is { Count: > 0 } stops)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in stops)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatResponseFormat? format)
    {
        if (format is not ChatResponseFormatJson wanted)
        {
            return;
        }

        json.WriteStartObject("response_format"u8);
        if (wanted.Schema is { } schema)
        {
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, wanted.SchemaName ?? "answer");
            if (wanted.SchemaDescription is { } description) json.WriteString("description"u8, description);
            json.WritePropertyName("schema"u8);
            schema.WriteTo(json);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("type"u8, "json_object"u8);
        }

        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            var function = tool as AIFunctionDeclaration
                ?? throw new NotSupportedException($"the tool '{tool.Name}' is no function; a brain is offered functions alone");
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, function.Name);
            if (function.Description is { Length: > 0 } description) json.WriteString("description"u8, description);
            json.WritePropertyName("parameters"u8);
            function.JsonSchema.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteToolChoice(json, options.ToolMode);
        if (options.AllowMultipleToolCalls is { } several) json.WriteBoolean("parallel_tool_calls"u8, several);
    }

    private static void WriteToolChoice(Utf8JsonWriter json, ChatToolMode? mode)
    {
        switch (mode)
        {
            case NoneChatToolMode:
                json.WriteString("tool_choice"u8, "none"u8);
                break;
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case RequiredChatToolMode:
                json.WriteString("tool_choice"u8, "required"u8);
                break;
            default:
                // Left to the model, which is what servers do by themselves.
                break;
        }
    }
}
