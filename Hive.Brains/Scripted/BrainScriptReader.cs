using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hive.Brains.Discovery;
using Hive.Goals;

namespace Hive.Brains.Scripted;

/// <summary>Reads a <see cref="BrainScript"/> and finds all that is wrong with it. What it accepts is described in docs/scripted-brains.md.</summary>
internal static class BrainScriptReader
{
    private const int MostBytes = 1024 * 1024;
    private const int MostModels = 64;
    private const int MostRules = 1_000;
    private const int MostReplies = 1_000;
    private const int MostReplyLength = 65_536;
    private const int MostPatternLength = 1_000;
    private const int MostLatencyMs = 600_000;
    private const double MostPrice = 1_000_000;
    private const double SumTolerance = 1e-9;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <exception cref="BrainScriptException">The script has mistakes.</exception>
    public static BrainScript Read(string json)
    {
        if (Encoding.UTF8.GetByteCount(json) > MostBytes)
        {
            throw new BrainScriptException([string.Create(CultureInfo.InvariantCulture, $"$: the script is too long; at most {MostBytes:N0} bytes are allowed")]);
        }

        var mistakes = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var script = Script(new ElementReader(document.RootElement, "", (path, message) => mistakes.Add($"{path}: {message}")));
            return mistakes.Count == 0 ? script : throw new BrainScriptException([.. mistakes]);
        }
        catch (JsonException e)
        {
            throw new BrainScriptException([$"$: this is no JSON: {e.Message}"]);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new BrainScriptException([$"$: this holds half of a surrogate pair: {e.Message}"]);
        }
    }

    private static BrainScript Script(ElementReader root)
    {
        if (!root.IsObject("models", "faults", "seed", "rules", "plan"))
        {
            return new BrainScript { Models = [] };
        }

        var models = ImmutableArray<ScriptedModel>.Empty;
        if (root.Required("models", "list at least one, like {\"name\": \"fake\", \"accuracy\": 0.9}") is { } listed)
        {
            models = [.. Items(listed, 1, MostModels).Select(Model)];
            foreach (var twice in models.GroupBy(model => model.Name).Where(group => group.Count() > 1))
            {
                listed.Wrong($"the name '{twice.Key}' is there {twice.Count()} times; names must be unique");
            }
        }

        return new BrainScript
        {
            Models = models,
            Faults = root.Optional("faults") is { } faults ? Faults(faults) : new ScriptedFaults(),
            Seed = root.Optional("seed")?.WholeNumber(0, long.MaxValue) ?? 1,
            Rules = root.Optional("rules") is { } rules ? [.. Items(rules, 0, MostRules).Select(Rule)] : [],
            Plan = root.Optional("plan") is { } plan ? Plan(plan) : new ScriptedPlan(),
        };
    }

    private static ScriptedModel Model(ElementReader element)
    {
        if (!element.IsObject("name", "tier", "accuracy", "latencyMs", "latencyJitter", "critic", "maxConcurrency", "contextTokens", "pricePerMillionIn", "pricePerMillionOut"))
        {
            return new ScriptedModel { Name = "" };
        }

        return new ScriptedModel
        {
            Name = element.Required("name", "requests ask for it by this name") is { } name ? Name(name) : "",
            Tier = element.Optional("tier") is { } tier ? Tier(tier) : ModelTiers.Worker,
            Accuracy = element.Optional("accuracy")?.Number(0, 1) ?? 1,
            LatencyMs = (int)(element.Optional("latencyMs")?.WholeNumber(0, MostLatencyMs) ?? 0),
            LatencyJitter = element.Optional("latencyJitter")?.Number(0, 1) ?? 0,
            Critic = element.Optional("critic") is { } critic ? Critic(critic) : null,
            MaxConcurrency = (int)(element.Optional("maxConcurrency")?.WholeNumber(1, 100_000) ?? 64),
            ContextTokens = (int)(element.Optional("contextTokens")?.WholeNumber(1, 100_000_000) ?? 32_768),
            PricePerMillionIn = Price(element.Optional("pricePerMillionIn")),
            PricePerMillionOut = Price(element.Optional("pricePerMillionOut")),
        };
    }

    private static string Name(ElementReader element)
    {
        var name = element.Text(most: 64);
        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':')))
        {
            element.Wrong("a name has letters, digits, '-', '_', '.' and ':' only");
        }

        return name;
    }

    private static CriticRates Critic(ElementReader element)
    {
        if (!element.IsObject("truePositive", "falsePositive"))
        {
            return new CriticRates(1, 0);
        }

        return new CriticRates(element.Optional("truePositive")?.Number(0, 1) ?? 1, element.Optional("falsePositive")?.Number(0, 1) ?? 0);
    }

    private static ScriptedFaults Faults(ElementReader element)
    {
        if (!element.IsObject(
            "malformedJson", "busy429", "retryAfterSeconds", "error500", "error500Billed", "stall", "cutStream", "wrongUsage", "overlong", "injecting"))
        {
            return new ScriptedFaults();
        }

        var faults = new ScriptedFaults
        {
            MalformedJson = Rate("malformedJson"),
            Busy429 = Rate("busy429"),
            RetryAfterSeconds = (int)(element.Optional("retryAfterSeconds")?.WholeNumber(0, 3_600) ?? 1),
            Error500 = Rate("error500"),
            Error500Billed = element.Optional("error500Billed") is { } billed && Flag(billed),
            Stall = Rate("stall"),
            CutStream = Rate("cutStream"),
            WrongUsage = Rate("wrongUsage"),
            Overlong = Rate("overlong"),
            Injecting = Rate("injecting"),
        };
        if (faults.Sum > 1 + SumTolerance)
        {
            element.Wrong(string.Create(CultureInfo.InvariantCulture, $"the rates sum up to {faults.Sum}; they must be at most 1 together"));
        }

        return faults;

        double Rate(string name) => element.Optional(name)?.Number(0, 1) ?? 0;
    }

    private static ScriptedPlan Plan(ElementReader element)
    {
        if (!element.IsObject("tier", "width", "check"))
        {
            return new ScriptedPlan();
        }

        return new ScriptedPlan
        {
            Tier = element.Optional("tier") is { } tier ? Tier(tier) : null,
            Width = (int?)element.Optional("width")?.WholeNumber(1, 16),
            Check = element.Optional("check")?.Text(most: 64) ?? "critics",
        };
    }

    private static ScriptedRule Rule(ElementReader element)
    {
        if (!element.IsObject("when", "replies", "cycle", "right", "wrong", "toolCall"))
        {
            return new ScriptedRule();
        }

        var rule = new ScriptedRule
        {
            When = element.Optional("when") is { } when ? Condition(when) : new RuleCondition(),
            Replies = element.Optional("replies") is { } replies ? Replies(replies) : [],
            Cycle = element.Optional("cycle") is { } cycle && Flag(cycle),
            Right = element.Optional("right") is { } right ? Reply(right) : null,
            Wrong = element.Optional("wrong") is { } wrong ? Replies(wrong) : [],
            ToolCall = element.Optional("toolCall") is { } tool ? Tool(tool) : null,
        };
        if (!rule.Replies.IsEmpty && rule.Right is not null)
        {
            element.Wrong("a rule has either replies, or right and wrong");
        }

        if ((rule.Right is null) != rule.Wrong.IsEmpty)
        {
            element.Wrong("right and wrong belong together: one right reply, and at least one wrong one");
        }

        if (rule.Replies.IsEmpty && rule.Right is null && rule.ToolCall is null)
        {
            element.Wrong("this rule says nothing; give it replies, or right and wrong, or toolCall");
        }

        return rule;
    }

    private static ImmutableArray<string> Replies(ElementReader element) => [.. Items(element, 1, MostReplies).Select(Reply)];

    private static RuleCondition Condition(ElementReader element)
    {
        if (!element.IsObject("role", "contains", "pattern", "model"))
        {
            return new RuleCondition();
        }

        return new RuleCondition
        {
            Role = element.Optional("role")?.Text(most: 64),
            Contains = element.Optional("contains")?.Text(MostReplyLength),
            Pattern = element.Optional("pattern") is { } pattern ? Pattern(pattern) : null,
            Model = element.Optional("model")?.Text(most: 64),
        };
    }

    private static Regex? Pattern(ElementReader element)
    {
        var pattern = element.Text(MostPatternLength);
        if (pattern.Length is 0 or > MostPatternLength)
        {
            return null;
        }

        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, RuleCondition.PatternTimeout);
        }
        catch (ArgumentException e)
        {
            element.Wrong($"this is no regular expression: {e.Message}");
            return null;
        }
    }

    private static ScriptedToolCall Tool(ElementReader element)
    {
        if (!element.IsObject("name", "arguments"))
        {
            return new ScriptedToolCall("", "{}");
        }

        var name = element.Required("name", "say which tool to ask for")?.Text(most: 128) ?? "";
        if (element.Optional("arguments") is not { } arguments)
        {
            return new ScriptedToolCall(name, "{}");
        }

        if (arguments.Element.ValueKind != JsonValueKind.Object)
        {
            arguments.Wrong("this must be an object: the tool's arguments by their names");
        }

        return new ScriptedToolCall(name, arguments.Element.GetRawText());
    }

    private static string Tier(ElementReader element)
    {
        var tier = element.Text(most: 64);
        if (!ScriptedModel.Tiers.Contains(tier))
        {
            element.Wrong($"this is {ElementReader.Kind(element.Element)}; it must be one of {string.Join(", ", ScriptedModel.Tiers)}");
        }

        return tier;
    }

    private static decimal Price(ElementReader? price) => price is { } given ? (decimal)Math.Clamp(given.Number(0, MostPrice), 0, MostPrice) : 0;

    private static bool Flag(ElementReader element)
    {
        if (element.Element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            element.Wrong($"this is {ElementReader.Kind(element.Element)}; it must be true or false");
        }

        return element.Element.ValueKind == JsonValueKind.True;
    }

    /// <summary>A reply, which may be empty as answers of models may.</summary>
    private static string Reply(ElementReader element) => element.Element.ValueKind == JsonValueKind.String && element.Element.ValueEquals("") ? "" : element.Text(MostReplyLength);

    private static IEnumerable<ElementReader> Items(ElementReader list, int least, int most) => list.Array(least, most).Select((item, i) => list.At(i, item));
}
