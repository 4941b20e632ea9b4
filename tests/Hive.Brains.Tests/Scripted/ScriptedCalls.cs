using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hive.Brains.Scripted;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Tests.Scripted;

/// <summary>Asks scripted brains, in this process and over HTTP, as plainly as can be.</summary>
internal static class ScriptedCalls
{
    public static readonly BrainScript Perfect = BrainScript.OfTiers(accuracy: 1);

    public static BrainScript With(ScriptedFaults faults) => Perfect with { Faults = faults };

    /// <summary>So many idempotency keys.</summary>
    public static IEnumerable<string> Keys(int count) => Enumerable.Range(0, count).Select(i => $"key-{i}");

    /// <summary>The first key whose call is decided in a certain way.</summary>
    public static string KeyWhere(BrainScript script, string prompt, Func<ScriptedAnswer, bool> decided, string? schema = null)
    {
        var mind = new ScriptedMind(script);
        return Keys(1_000).First(key => decided(mind.Decide("fake-edge", new ScriptedRequest([new ScriptedMessage("user", prompt)], schema, maxTokens: null, key))));
    }

    /// <summary>Asks in this process.</summary>
    public static Task<ChatResponse> AskAsync(this ScriptedBrains brains, string prompt, string? key = null, string? schema = null, string model = "fake-edge", int? maxTokens = null)
    {
        var options = new ChatOptions { MaxOutputTokens = maxTokens };
        if (key is not null)
        {
            options.AdditionalProperties = new AdditionalPropertiesDictionary { [BrainHeaders.IdempotencyKeyProperty] = key };
        }

        if (schema is not null)
        {
            options.ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("{}"), schema);
        }

        return brains.Open(model).GetResponseAsync([new ChatMessage(ChatRole.User, prompt)], options);
    }

    /// <summary>Asks in this process and returns the answer's text.</summary>
    public static async Task<string> TextAsync(this ScriptedBrains brains, string prompt, string? key = null, string? schema = null, string model = "fake-edge") =>
        (await brains.AskAsync(prompt, key, schema, model)).Text;

    /// <summary>A request as it goes over HTTP.</summary>
    public static HttpRequestMessage Request(
        this ScriptedBrainServer server, string prompt, string? key = null, string? schema = null, string model = "fake-edge", int? maxTokens = null, bool stream = false)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt }),
            ["stream"] = stream,
        };
        if (stream)
        {
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        if (maxTokens is not null)
        {
            body["max_tokens"] = maxTokens;
        }

        if (schema is not null)
        {
            body["response_format"] = new JsonObject { ["type"] = "json_schema", ["json_schema"] = new JsonObject { ["name"] = schema, ["schema"] = new JsonObject() } };
        }

        var request = new HttpRequestMessage(HttpMethod.Post, $"{server.Endpoint}/chat/completions")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.Add(BrainHeaders.IdempotencyKey, key);
        }

        return request;
    }

    /// <summary>The whole answer of a reply that is one JSON object.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpClient http, HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The text that a reply answers.</summary>
    public static string Text(this JsonElement reply) => reply.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
}
