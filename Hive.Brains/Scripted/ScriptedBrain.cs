using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Scripted;

/// <summary>
/// A scripted model in this process: no socket, no model. It answers exactly as <see cref="ScriptedBrainServer"/> does with the same script for the same model and idempotency key;
/// what goes wrong on the wire is a <see cref="BrainException"/> here.
/// </summary>
public sealed class ScriptedBrain : IChatClient
{
    private readonly ScriptedMind _mind;
    private readonly ScriptedModel _model;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _places;

    internal ScriptedBrain(ScriptedMind mind, ScriptedModel model, TimeProvider time)
    {
        (_mind, _model, _time) = (mind, model, time);
        _places = new SemaphoreSlim(model.MaxConcurrency);
    }

    /// <inheritdoc/>
    /// <exception cref="BrainException">The script lets this call fail.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var answer = await AnswerAsync(messages, options, cancellationToken).ConfigureAwait(false);
        if (answer.Fault == ScriptedFault.CutStream)
        {
            throw Failure(BrainFault.CutOff, mayHaveBeenPaid: true, "cut its answer off in the middle");
        }

        return new ChatResponse(new ChatMessage(ChatRole.Assistant, [Content(answer)]))
        {
            ModelId = _model.Name,
            FinishReason = Reason(answer),
            Usage = Usage(answer),
        };
    }

    /// <inheritdoc/>
    /// <exception cref="BrainException">The script lets this call fail.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = await AnswerAsync(messages, options, cancellationToken).ConfigureAwait(false);
        if (answer.Fault == ScriptedFault.CutStream)
        {
            yield return Update(new TextContent(answer.Text[..(answer.Text.Length / 2)]));
            throw Failure(BrainFault.CutOff, mayHaveBeenPaid: true, "cut its answer off in the middle");
        }

        if (answer.Tool is not null)
        {
            yield return Update(Content(answer));
        }
        else
        {
            foreach (var piece in TextPieces.Of(answer.Text))
            {
                yield return Update(new TextContent(piece));
            }
        }

        var last = new ChatResponseUpdate { Role = ChatRole.Assistant, ModelId = _model.Name, FinishReason = Reason(answer) };
        if (Usage(answer) is { } usage)
        {
            last.Contents.Add(new UsageContent(usage));
        }

        yield return last;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted", defaultModelId: _model.Name)
            : serviceKey is null && serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Does nothing: a brain belongs to the <see cref="ScriptedBrains"/> it came from.</summary>
    public void Dispose()
    {
    }

    private async ValueTask<ScriptedAnswer> AnswerAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var answer = _mind.Decide(_model.Name, Request(messages, options));
            if (answer.Latency > TimeSpan.Zero)
            {
                await Task.Delay(answer.Latency, _time, cancellation).ConfigureAwait(false);
            }

            return answer.Fault switch
            {
                ScriptedFault.Busy429 => throw Failure(BrainFault.Busy, mayHaveBeenPaid: false, "has no room (429)"),
                ScriptedFault.Error500 => throw Failure(BrainFault.Broken, mayHaveBeenPaid: true, "failed (500)"),
                ScriptedFault.Stall => throw Failure(BrainFault.TimedOut, mayHaveBeenPaid: true, "took too long"),
                ScriptedFault.MalformedJson when answer.BreaksProtocol => throw Failure(BrainFault.Malformed, mayHaveBeenPaid: true, "answered with broken JSON"),
                _ => answer,
            };
        }
        finally
        {
            _places.Release();
        }
    }

    private static ScriptedRequest Request(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var first = options?.Instructions is null ? 0 : 1;
        var read = new ScriptedMessage[list.Count + first];
        if (first == 1)
        {
            read[0] = new ScriptedMessage("system", options!.Instructions!);
        }

        for (var i = 0; i < list.Count; i++)
        {
            read[first + i] = new ScriptedMessage(list[i].Role.Value, TextOf(list[i]));
        }

        var schema = options?.ResponseFormat is ChatResponseFormatJson format ? format.SchemaName ?? "json" : null;
        var key = options?.AdditionalProperties?.TryGetValue(BrainHeaders.IdempotencyKeyProperty, out var value) == true ? value as string : null;
        return new ScriptedRequest(read, schema, options?.MaxOutputTokens, key);
    }

    private static string TextOf(ChatMessage message) => message.Role == ChatRole.Tool
        ? string.Join('\n', message.Contents.Select(content => content is FunctionResultContent result ? result.Result?.ToString() : (content as TextContent)?.Text))
        : message.Text;

    private ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content]) { ModelId = _model.Name };

    private static AIContent Content(ScriptedAnswer answer) => answer.Tool is { } tool
        ? new FunctionCallContent("call_1", tool.Name, JsonSerializer.Deserialize<Dictionary<string, object?>>(tool.Arguments))
        : new TextContent(answer.Text);

    private static ChatFinishReason Reason(ScriptedAnswer answer) =>
        answer.Tool is not null ? ChatFinishReason.ToolCalls : answer.CutByLength ? ChatFinishReason.Length : ChatFinishReason.Stop;

    private static UsageDetails? Usage(ScriptedAnswer answer) => answer.Usage is { } told
        ? new UsageDetails { InputTokenCount = told.Prompt, OutputTokenCount = told.Completion, TotalTokenCount = told.Prompt + told.Completion }
        : null;

    private BrainException Failure(BrainFault fault, bool mayHaveBeenPaid, string what) =>
        new(fault, mayHaveBeenPaid, $"The scripted brain '{_model.Name}' {what}, as its script lets it.");
}
