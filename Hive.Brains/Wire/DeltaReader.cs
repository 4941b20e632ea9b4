using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Wire;

/// <summary>Reads the pieces of a streamed answer. Calls of tools come in fragments and are given out whole, at the answer's end.</summary>
internal sealed class DeltaReader
{
    private readonly SortedDictionary<long, Fragments> _calls = [];
    private string? _id;
    private string? _model;

    /// <summary>Whether the answer has been told to be complete: by a finish reason, or by <c>[DONE]</c>.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether <c>[DONE]</c> was seen: nothing follows.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether there was any piece of an answer.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Reads one event.</summary>
    /// <param name="data">Its data.</param>
    /// <returns>What it adds to the answer; absent where it adds nothing.</returns>
    /// <exception cref="ServerErrorException">It tells of an error.</exception>
    /// <exception cref="FormatException">It is none that the protocol knows.</exception>
    public ChatResponseUpdate? Read(ReadOnlyMemory<byte> data)
    {
        if (data.Span.Trim((byte)' ').SequenceEqual("[DONE]"u8))
        {
            IsDone = IsComplete = true;
            return null;
        }

        using var document = ReplyReader.Parse(data);
        var root = document.RootElement;
        ServerErrorException.ThrowIfTold(root);
        if (!Json.TryGet(root, "choices"u8, JsonValueKind.Array, out var choices))
        {
            throw new FormatException("a piece of the answer has no \"choices\"");
        }

        _id ??= Json.Text(root, "id"u8);
        _model ??= Json.Text(root, "model"u8);
        var update = Update();
        update.CreatedAt = ReplyReader.Created(root);
        if (choices.GetArrayLength() > 0)
        {
            HasBegun = true;
            ReadChoice(update, choices[0]);
        }

        if (ReplyReader.Usage(root) is { } usage)
        {
            update.Contents.Add(new UsageContent(usage));
        }

        return update.Contents.Count > 0 || update.FinishReason is not null ? update : null;
    }

    /// <summary>The calls of tools that have come whole, once the answer is complete; absent where there are none.</summary>
    public ChatResponseUpdate? ToolCalls()
    {
        if (_calls.Count == 0)
        {
            return null;
        }

        var update = Update();
        foreach (var (index, call) in _calls)
        {
            update.Contents.Add(ReplyReader.ToolCall(
                call.Id ?? $"call_{index}", call.Name ?? throw new FormatException("the answer calls a tool without a name"), call.Arguments.ToString()));
        }

        return update;
    }

    private ChatResponseUpdate Update() => new() { Role = ChatRole.Assistant, ResponseId = _id, MessageId = _id, ModelId = _model };

    private void ReadChoice(ChatResponseUpdate update, JsonElement choice)
    {
        if (ReplyReader.Finish(choice) is { } reason)
        {
            update.FinishReason = reason;
            IsComplete = true;
        }

        if (!Json.TryGet(choice, "delta"u8, JsonValueKind.Object, out var delta))
        {
            return;
        }

        if (ReplyReader.Reasoning(delta) is { Length: > 0 } thought)
        {
            update.Contents.Add(new TextReasoningContent(thought));
        }

        if (ReplyReader.Content(delta) is { Length: > 0 } text)
        {
            update.Contents.Add(new TextContent(text));
        }

        if (Json.TryGet(delta, "tool_calls"u8, JsonValueKind.Array, out var calls))
        {
            foreach (var call in calls.EnumerateArray())
            {
                Gather(call);
            }
        }
    }

    private void Gather(JsonElement call)
    {
        // Some servers leave the index out and send each call in one piece.
        var index = Json.Whole(call, "index"u8) ?? _calls.Count;
        if (!_calls.TryGetValue(index, out var fragments))
        {
            if (_calls.Count == ReplyReader.MaxToolCalls)
            {
                throw new FormatException($"the answer calls more than {ReplyReader.MaxToolCalls} tools");
            }

            _calls[index] = fragments = new Fragments();
        }

        fragments.Id ??= Json.Text(call, "id"u8);
        if (Json.TryGet(call, "function"u8, JsonValueKind.Object, out var function))
        {
            fragments.Name ??= Json.Text(function, "name"u8) is { Length: > 0 } name ? name : null;
            fragments.Arguments.Append(Json.TextOrRaw(function, "arguments"u8));
        }
    }

    private sealed class Fragments
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
