using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hive.Brains.Scripted;

/// <summary>
/// Writes replies as the OpenAI API has them: one object, or a stream of server-sent events, each <c>data: JSON</c> and an empty line, that ends with
/// <c>data: [DONE]</c>.
/// </summary>
internal static class CompletionReplyWriter
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The event that ends a stream.</summary>
    public static ReadOnlySpan<byte> Done => "data: [DONE]\n\n"u8;

    /// <summary>The whole reply as one object.</summary>
    public static byte[] Whole(string model, long id, DateTimeOffset now, ScriptedAnswer answer) => Object(writer =>
    {
        Head(writer, "chat.completion", model, id, now);
        Choice(writer, "message", () =>
        {
            writer.WriteString("role", "assistant");
            if (answer.Tool is { } tool)
            {
                writer.WriteNull("content");
                Tool(writer, id, tool);
            }
            else
            {
                writer.WriteString("content", answer.Text);
            }
        }, Reason(answer));
        if (answer.Usage is { } usage)
        {
            Usage(writer, usage);
        }
    });

    /// <summary>The reply as events, without that which ends the stream.</summary>
    public static List<byte[]> Events(string model, long id, DateTimeOffset now, ScriptedAnswer answer, bool includeUsage)
    {
        var events = new List<byte[]> { Delta(writer => { writer.WriteString("role", "assistant"); writer.WriteString("content", ""); }, null) };
        if (answer.Tool is { } tool)
        {
            events.Add(Delta(writer => Tool(writer, id, tool), null));
        }
        else
        {
            events.AddRange(TextPieces.Of(answer.Text).Select(piece => Delta(writer => writer.WriteString("content", piece), null)));
        }

        events.Add(Delta(_ => { }, Reason(answer)));
        if (includeUsage && answer.Usage is { } usage)
        {
            events.Add(Event(writer =>
            {
                Head(writer, "chat.completion.chunk", model, id, now);
                writer.WriteStartArray("choices");
                writer.WriteEndArray();
                Usage(writer, usage);
            }));
        }

        return events;

        byte[] Delta(Action<Utf8JsonWriter> write, string? reason) => Event(writer =>
        {
            Head(writer, "chat.completion.chunk", model, id, now);
            Choice(writer, "delta", () => write(writer), reason);
        });
    }

    /// <summary>A refusal.</summary>
    public static byte[] Error(string type, string message) => Object(writer =>
    {
        writer.WriteStartObject("error");
        writer.WriteString("message", message);
        writer.WriteString("type", type);
        writer.WriteNull("param");
        writer.WriteNull("code");
        writer.WriteEndObject();
    });

    /// <summary>The list of models.</summary>
    public static byte[] Models(BrainScript script) => Object(writer =>
    {
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var model in script.Models)
        {
            writer.WriteStartObject();
            writer.WriteString("id", model.Name);
            writer.WriteString("object", "model");
            writer.WriteNumber("created", 0);
            writer.WriteString("owned_by", "hive-scripted-no-model");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>What was counted.</summary>
    public static byte[] Ledger(ScriptedLedger ledger) => Object(writer =>
    {
        writer.WriteNumber("requests", ledger.Requests);
        writer.WriteNumber("billed", ledger.Billed);
        writer.WriteNumber("promptTokens", ledger.PromptTokens);
        writer.WriteNumber("completionTokens", ledger.CompletionTokens);
        writer.WriteNumber("refused", ledger.Refused);
        writer.WriteNumber("aborted", ledger.Aborted);
        writer.WriteNumber("concurrentMaximum", ledger.ConcurrentMaximum);
        writer.WriteStartObject("billedByKey");
        foreach (var (key, times) in ledger.BilledByKey)
        {
            writer.WriteNumber(key, times);
        }

        writer.WriteEndObject();
        writer.WriteNumber("billedWithoutKey", ledger.BilledWithoutKey);
        writer.WriteStartObject("models");
        foreach (var (model, bill) in ledger.Models)
        {
            writer.WriteStartObject(model);
            writer.WriteNumber("calls", bill.Calls);
            writer.WriteNumber("promptTokens", bill.PromptTokens);
            writer.WriteNumber("completionTokens", bill.CompletionTokens);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });

    private static void Head(Utf8JsonWriter writer, string kind, string model, long id, DateTimeOffset now)
    {
        writer.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"chatcmpl-scripted-{id}"));
        writer.WriteString("object", kind);
        writer.WriteNumber("created", now.ToUnixTimeSeconds());
        writer.WriteString("model", model);
    }

    private static void Choice(Utf8JsonWriter writer, string member, Action write, string? reason)
    {
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        writer.WriteStartObject(member);
        write();
        writer.WriteEndObject();
        writer.WriteString("finish_reason", reason);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void Tool(Utf8JsonWriter writer, long id, ScriptedToolCall tool)
    {
        writer.WriteStartArray("tool_calls");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        writer.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"call_{id}"));
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", tool.Name);
        writer.WriteString("arguments", tool.Arguments);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void Usage(Utf8JsonWriter writer, ToldUsage usage)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", usage.Prompt);
        writer.WriteNumber("completion_tokens", usage.Completion);
        writer.WriteNumber("total_tokens", usage.Prompt + usage.Completion);
        writer.WriteEndObject();
    }

    private static string Reason(ScriptedAnswer answer) => answer.Tool is not null ? "tool_calls" : answer.CutByLength ? "length" : "stop";

    private static byte[] Event(Action<Utf8JsonWriter> write) => [.. "data: "u8, .. Object(write), .. "\n\n"u8];

    private static byte[] Object(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
