using System.Collections.Immutable;
using System.Text.Json;
using Hive.Brains;
using Hive.Cognition.Prompts;
using Hive.Goals;
using Hive.Swarm;
using Hive.Tools;

namespace Hive.Cognition;

/// <summary>
/// Asks a question whose answer may ask for tools. A tool that only reads is run here; one with side effects is requested and written down, and nothing happens before it is
/// approved; one that the goal does not allow is refused. What a tool says goes back to the brain as data in a fence.
/// </summary>
internal sealed class ToolLoop(Desk desk, ImmutableArray<ToolSpec> tools)
{
    private const int MaxTurns = 8;

    /// <summary>How many tools an answer may ask for at once; what is beyond is not heard.</summary>
    public const int MaxRequests = 8;

    private readonly ImmutableArray<ToolSpec> _allowed = [.. tools.Where(tool => desk.Policy.Allows(tool.Name))];

    /// <summary>What a brain is told of tools; empty where the goal has none.</summary>
    public string Telling => _allowed.IsEmpty
        ? ""
        : "You may call the tools that are offered. Those that change something are only requested when you call them: they run after your answer was accepted and the change was approved.";

    /// <summary>The last answer, in which no tool is asked for.</summary>
    /// <exception cref="NoAnswerException">No brain answered, or it asked for tools without end.</exception>
    public async Task<Answer> AskAsync(Question question, CancellationToken stop)
    {
        if (_allowed.IsEmpty)
        {
            return await desk.Caller.AskAsync(question, stop);
        }

        var messages = question.Messages;
        var offers = _allowed.Select(tool => new ToolOffer(tool.Name, tool.Description, tool.InputSchema)).ToImmutableArray();
        for (var turn = 0; turn < MaxTurns; turn++)
        {
            var id = turn == 0 ? question.Id : FormattableString.Invariant($"{question.Id}.u{turn}");
            var answer = await desk.Caller.AskAsync(question with { Id = id, Messages = messages, Tools = offers }, stop);
            if (answer.Reply.Requests.IsEmpty)
            {
                return answer;
            }

            var asked = answer.Reply.Requests.Take(MaxRequests).ToImmutableArray();
            messages = messages.Add(new BrainMessage(Speaker.Assistant, answer.Reply.Text) { Requests = asked });
            for (var i = 0; i < asked.Length; i++)
            {
                var result = await RunAsync(FormattableString.Invariant($"{id}.x{i}"), question.Id, asked[i], stop);
                var told = desk.Parts.Prompts.Render("tool-result", ("tool", Printable(asked[i].Tool)), ("result", Fence.Wrap("result", result)));
                messages = messages.Add(new BrainMessage(Speaker.Tool, told) { RequestId = asked[i].Id });
            }
        }

        throw new NoAnswerException($"it asked for tools {MaxTurns} times without an answer");
    }

    private async Task<string> RunAsync(string id, string candidate, ToolRequest request, CancellationToken stop)
    {
        switch (ToolPolicy.Decide(request.Tool, request.Arguments, tools, desk.Policy.Tools))
        {
            case ToolDecision.RunNow:
                var json = await desk.FactAsync(id, "tool", async () =>
                {
                    var result = await desk.Parts.Tools.CallAsync(request.Tool, request.Arguments, stop);
                    return Json(request, result.Text, result.IsError);
                });
                return Text(json);
            case ToolDecision.Request:
                if (!desk.Progress.Effects.ContainsKey(id))
                {
                    await desk.Journal.RecordAsync(new EffectRequested(id, request.Tool, request.Arguments, candidate));
                }

                return "Requested. It will run if your answer is accepted and the change is approved; there is no result yet.";
            case ToolDecision.Refuse refused:
                await desk.FactAsync(id, "tool-refused", () => Task.FromResult(Json(request, refused.Reason, isError: true)));
                return $"Refused: {refused.Reason}";
            default:
                return "Refused.";
        }
    }

    private static string Json(ToolRequest request, string text, bool isError) => JsonObjects.Write(writer =>
    {
        writer.WriteString("tool", Printable(request.Tool));
        writer.WriteString("arguments", request.Arguments.Length <= 10_000 ? request.Arguments : request.Arguments[..10_000]);
        writer.WriteString("text", EntryText.Cut(text));
        writer.WriteBoolean("isError", isError);
    });

    private static string Text(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("text").GetString() ?? "";
    }

    private static string Printable(string name) => new([.. name.Take(128).Select(character => char.IsControl(character) ? '?' : character)]);
}
