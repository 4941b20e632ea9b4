using System.Collections.Concurrent;

namespace Hive.Brains.Scripted;

/// <summary>
/// Decides what scripted models answer. What is right, how long it takes and how it is judged depends on seed, model and idempotency key alone; whether a call
/// goes wrong depends also on how often the same key was tried, so that a retry may succeed. Calls without a key are numbered in the order of their arrival.
/// </summary>
internal sealed class ScriptedMind
{
    private const int MostKeys = 1_000_000;
    private const int OverlongTokens = 4_096;

    private readonly BrainScript _script;
    private readonly ScriptedKnowledge _knowledge;
    private readonly Dictionary<string, ModelState> _models;
    private readonly long[] _ruleCalls;
    private readonly ConcurrentDictionary<string, int> _tries = new();
    private readonly double _faults;

    public ScriptedMind(BrainScript script)
    {
        _script = script;
        _knowledge = new ScriptedKnowledge(script);
        _models = script.Models.ToDictionary(model => model.Name, model => new ModelState(model));
        _ruleCalls = new long[script.Rules.Length];
        _faults = script.Faults.Sum;
    }

    public BrainScript Script => _script;

    /// <summary>A model by its name.</summary>
    public ScriptedModel? Find(string model) => _models.GetValueOrDefault(model)?.Model;

    /// <summary>Decides what a model answers.</summary>
    /// <exception cref="KeyNotFoundException">There is no such model.</exception>
    public ScriptedAnswer Decide(string name, ScriptedRequest request)
    {
        var state = _models[name];
        var model = state.Model;
        var draw = Draw.Of(_script.Seed, state.Hash, request.Key is { } key ? Draw.Hash(key) : (ulong)state.NextCall());
        var tried = _faults > 0 ? draw.Try(TryOf(name, request.Key)) : draw;
        var fault = _faults > 0 ? FaultOf(tried.Uniform(DrawFor.Fault)) : ScriptedFault.None;
        var variant = fault == ScriptedFault.None ? 0 : tried.Bits(DrawFor.FaultVariant);
        var (text, tool) = Reply(model, request, draw, fault == ScriptedFault.Injecting);
        var breaksProtocol = fault == ScriptedFault.MalformedJson && (!request.WantsJson || variant % 2 == 0);
        if (fault == ScriptedFault.MalformedJson && !breaksProtocol)
        {
            text = text[..(text.Length / 2)];
        }
        else if (fault == ScriptedFault.Overlong)
        {
            text = RunOn(text, request.MaxTokens ?? OverlongTokens);
        }

        var limited = request.MaxTokens is { } most && tool is null ? TokenCount.Limit(text, most) : text;
        return new ScriptedAnswer
        {
            Text = limited,
            Tool = tool,
            Fault = fault,
            Variant = variant,
            Latency = LatencyOf(model, draw),
            CutByLength = limited.Length < text.Length || fault == ScriptedFault.Overlong,
            PromptTokens = request.PromptTokens(),
            CompletionTokens = tool is null ? TokenCount.Of(limited) : Math.Min(TokenCount.Of(tool.Name + tool.Arguments), request.MaxTokens ?? long.MaxValue),
            BreaksProtocol = breaksProtocol,
        };
    }

    private (string Text, ScriptedToolCall? Tool) Reply(ScriptedModel model, ScriptedRequest request, Draw draw, bool injecting)
    {
        for (var i = 0; i < _script.Rules.Length; i++)
        {
            var rule = _script.Rules[i];
            if (!rule.When.Applies(model.Name, request, out var match))
            {
                continue;
            }

            if (rule.ToolCall is { } tool && !request.HasToolResult)
            {
                return ("", tool);
            }

            if (rule.Right is not null)
            {
                var right = draw.Uniform(DrawFor.Correctness) < model.Accuracy;
                return (Finish(right ? rule.Right : rule.Wrong[(int)(draw.Bits(DrawFor.WrongAnswer) % (ulong)rule.Wrong.Length)]), null);
            }

            if (!rule.Replies.IsEmpty)
            {
                var call = Interlocked.Increment(ref _ruleCalls[i]) - 1;
                return (Finish(rule.Replies[(int)(rule.Cycle ? call % rule.Replies.Length : Math.Min(call, rule.Replies.Length - 1))]), null);
            }

            string Finish(string reply) => ReplyTemplate.Fill(reply, match, request.LastAsked) + (injecting ? "\n" + ScriptedKnowledge.Injection : "");
        }

        return (_knowledge.Answer(model, request, draw, injecting), null);
    }

    private ScriptedFault FaultOf(double drawn)
    {
        var faults = _script.Faults;
        ReadOnlySpan<double> rates = [faults.MalformedJson, faults.Busy429, faults.Error500, faults.Stall, faults.CutStream, faults.WrongUsage, faults.Overlong, faults.Injecting];
        for (var i = 0; i < rates.Length; i++)
        {
            if (drawn < rates[i])
            {
                return (ScriptedFault)(i + 1);
            }

            drawn -= rates[i];
        }

        return ScriptedFault.None;
    }

    /// <summary>How often a call was tried before. Beyond a million keys it is not remembered, and a retry goes as the first try went.</summary>
    private int TryOf(string model, string? key)
    {
        if (key is null)
        {
            return 0;
        }

        var call = $"{model}\n{key}";
        return _tries.Count < MostKeys || _tries.ContainsKey(call) ? _tries.AddOrUpdate(call, 0, (_, tries) => tries + 1) : 0;
    }

    private static TimeSpan LatencyOf(ScriptedModel model, Draw draw) => model.LatencyMs == 0
        ? TimeSpan.Zero
        : TimeSpan.FromMilliseconds(model.LatencyMs * (1 + (model.LatencyJitter * ((2 * draw.Uniform(DrawFor.Latency)) - 1))));

    private static string RunOn(string text, int tokens)
    {
        const string More = " And there is more to say about this.";
        return TokenCount.Limit(text + string.Concat(Enumerable.Repeat(More, (tokens * 4 / More.Length) + 1)), tokens);
    }

    private sealed class ModelState(ScriptedModel model)
    {
        private long _calls;

        public ScriptedModel Model => model;

        public ulong Hash { get; } = Draw.Hash(model.Name);

        public long NextCall() => Interlocked.Increment(ref _calls);
    }
}
