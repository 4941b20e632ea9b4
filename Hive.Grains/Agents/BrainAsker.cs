using System.Collections.Immutable;
using System.Text.Json;
using Hive.Brains;
using Hive.Tools;
using Microsoft.Extensions.AI;

namespace Hive.Agents;

/// <summary>Carries one call to one brain of this silo and says what came of it, whatever that is.</summary>
/// <param name="brains">The silo's brains.</param>
/// <param name="time">The clock.</param>
public sealed class BrainAsker(IBrains brains, TimeProvider time)
{
    /// <summary>How long an answer may be, in characters, whatever the server sends.</summary>
    private const int MaxAnswer = 400_000;

    private const int MaxRequests = 64;
    private const int MaxName = 256;

    /// <summary>The brains as they are offered to the hub.</summary>
    public ImmutableArray<BrainOffer> Offers => [.. brains.All.Select(brain =>
        new BrainOffer(brain.Name, brain.Model, brain.Tier, brain.MaxConcurrency, brain.ContextTokens, brain.PricePerMillionIn, brain.PricePerMillionOut))];

    /// <summary>Asks.</summary>
    /// <param name="call">The call.</param>
    /// <param name="lessons">What the agent has learnt, to be heard before the task; empty where nothing.</param>
    /// <param name="cancellation">Ends the call, on the wire too.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<BrainReply> AskAsync(BrainCall call, string lessons, CancellationToken cancellation)
    {
        IChatClient client;
        try
        {
            client = brains.Open(call.Brain);
        }
        catch (KeyNotFoundException)
        {
            return new BrainReply { Failure = $"there is no brain '{call.Brain}' here any more" };
        }

        var began = time.GetTimestamp();
        try
        {
            var response = await client.GetResponseAsync(Messages(call, lessons), Options(call), cancellation);
            return Reply(response, call.Tools) with { Seconds = time.GetElapsedTime(began).TotalSeconds };
        }
        catch (BrainException e)
        {
            return new BrainReply
            {
                Failure = e.Message,
                MayHaveBeenPaid = e.MayHaveBeenPaid,
                IsRefused = e.Fault == BrainFault.Refused,
                Seconds = time.GetElapsedTime(began).TotalSeconds,
            };
        }
    }

    private static List<ChatMessage> Messages(BrainCall call, string lessons)
    {
        var messages = new List<ChatMessage>(call.Messages.Length);
        foreach (var message in call.Messages)
        {
            // In one message with the task: not every model takes two in a row.
            var isFirst = messages.Count == 0 && message.Speaker == Speaker.User && lessons.Length > 0;
            messages.Add(Message(isFirst ? message with { Text = $"{lessons}\n\n{message.Text}" } : message));
        }

        return messages;
    }

    private static ChatMessage Message(BrainMessage message) => message switch
    {
        { Speaker: Speaker.Tool, RequestId: { } request } => new ChatMessage(ChatRole.Tool, [new FunctionResultContent(request, message.Text)]),
        { Speaker: Speaker.Assistant, Requests.IsEmpty: false } => new ChatMessage(
            ChatRole.Assistant,
            [new TextContent(message.Text), .. message.Requests.Select(request => new FunctionCallContent(request.Id, WireNames.Of(request.Tool), Arguments(request.Arguments)))]),
        { Speaker: Speaker.Assistant } => new ChatMessage(ChatRole.Assistant, message.Text),
        { Speaker: Speaker.System } => new ChatMessage(ChatRole.System, message.Text),
        _ => new ChatMessage(ChatRole.User, message.Text),
    };

    private static ChatOptions Options(BrainCall call)
    {
        var options = new ChatOptions
        {
            Temperature = (float)call.Temperature,
            MaxOutputTokens = call.MaxTokens,
            Seed = call.Seed,
            AdditionalProperties = new AdditionalPropertiesDictionary { [BrainHeaders.IdempotencyKeyProperty] = call.Id },
        };
        if (call is { SchemaName: { } name, Schema: { } schema })
        {
            options.ResponseFormat = ChatResponseFormat.ForJsonSchema(Json(schema), name);
        }

        if (!call.Tools.IsEmpty)
        {
            options.Tools = [.. call.Tools.Select(tool => AIFunctionFactory.CreateDeclaration(WireNames.Of(tool.Name), tool.Description, Json(tool.InputSchema)))];
        }

        return options;
    }

    private static BrainReply Reply(ChatResponse response, ImmutableArray<ToolOffer> tools)
    {
        var requests = ImmutableArray<ToolRequest>.Empty;
        foreach (var message in response.Messages)
        {
            foreach (var content in message.Contents)
            {
                if (content is FunctionCallContent request && requests.Length < MaxRequests)
                {
                    requests = requests.Add(new ToolRequest(
                        Cut(request.CallId, MaxName), Cut(WireNames.Read(request.Name, tools), MaxName), Cut(JsonSerializer.Serialize(request.Arguments ?? new Dictionary<string, object?>()), ToolArguments.MaxBytes + 1)));
                }
            }
        }

        var text = response.Text;
        return new BrainReply
        {
            Text = Cut(text, MaxAnswer),
            Requests = requests,
            TokensIn = response.Usage?.InputTokenCount,
            TokensOut = response.Usage?.OutputTokenCount,
            IsCut = response.FinishReason == ChatFinishReason.Length,
        };
    }

    /// <summary>What is cut is no JSON any more, and refused as such.</summary>
    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];

    private static Dictionary<string, object?> Arguments(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, object?>>(json) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
