using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

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
            var script = Script(new ScriptElement(document.RootElement, "", mistakes));
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

    private static BrainScript Script(ScriptElement root)
    {
        if (!root.IsObject("models", "faults", "seed", "rules", "plan"))
        {
            return new BrainScript { Models = [] };
        }

        var models = ImmutableArray<ScriptedModel>.Empty;
        if (root.Member("models") is { } listed)
        {
            models = [.. listed.Items(1, MostModels).Select(Model)];
            foreach (var twice in models.GroupBy(model => model.Name).Where(group => group.Count() > 1))
            {
                listed.Wrong($"the name '{twice.Key}' is there {twice.Count()} times; names must be unique");
            }
        }
        else
        {
            root.Wrong("the member models is missing; it lists at least one model, like {\"name\": \"fake\", \"accuracy\": 0.9}");
        }

        return new BrainScript
        {
            Models = models,
            Faults = root.Member("faults") is { } faults ? Faults(faults) : new ScriptedFaults(),
            Seed = root.Member("seed")?.WholeNumber(0, long.MaxValue) ?? 1,
            Rules = root.Member("rules") is { } rules ? [.. rules.Items(0, MostRules).Select(Rule)] : [],
            Plan = root.Member("plan") is { } plan ? Plan(plan) : new ScriptedPlan(),
        };
    }

    private static ScriptedModel Model(ScriptElement element)
    {
        if (!element.IsObject("name", "tier", "accuracy", "latencyMs", "latencyJitter", "critic", "maxConcurrency", "contextTokens", "pricePerMillionIn", "pricePerMillionOut"))
        {
            return new ScriptedModel { Name = "" };
        }

        return new ScriptedModel
        {
            Name = element.Member("name") is { } name ? Name(name) : Missing(element, "name"),
            Tier = element.Member("tier")?.OneOf([.. ScriptedModel.Tiers]) ?? "worker",
            Accuracy = element.Member("accuracy")?.Number(0, 1) ?? 1,
            LatencyMs = (int)(element.Member("latencyMs")?.WholeNumber(0, MostLatencyMs) ?? 0),
            LatencyJitter = element.Member("latencyJitter")?.Number(0, 1) ?? 0,
            Critic = element.Member("critic") is { } critic ? Critic(critic) : null,
            MaxConcurrency = (int)(element.Member("maxConcurrency")?.WholeNumber(1, 100_000) ?? 64),
            ContextTokens = (int)(element.Member("contextTokens")?.WholeNumber(1, 100_000_000) ?? 32_768),
            PricePerMillionIn = (decimal)(element.Member("pricePerMillionIn")?.Number(0, 1e6) ?? 0),
            PricePerMillionOut = (decimal)(element.Member("pricePerMillionOut")?.Number(0, 1e6) ?? 0),
        };
    }

    private static string Name(ScriptElement element)
    {
        var name = element.Text(most: 64);
        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':')))
        {
            element.Wrong("a name has letters, digits, '-', '_', '.' and ':' only");
        }

        return name;
    }

    private static CriticRates Critic(ScriptElement element)
    {
        if (!element.IsObject("truePositive", "falsePositive"))
        {
            return new CriticRates(1, 0);
        }

        return new CriticRates(element.Member("truePositive")?.Number(0, 1) ?? 1, element.Member("falsePositive")?.Number(0, 1) ?? 0);
    }

    private static ScriptedFaults Faults(ScriptElement element)
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
            RetryAfterSeconds = (int)(element.Member("retryAfterSeconds")?.WholeNumber(0, 3_600) ?? 1),
            Error500 = Rate("error500"),
            Error500Billed = element.Member("error500Billed")?.Flag() ?? false,
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

        double Rate(string name) => element.Member(name)?.Number(0, 1) ?? 0;
    }

    private static ScriptedPlan Plan(ScriptElement element)
    {
        if (!element.IsObject("tier", "width", "check"))
        {
            return new ScriptedPlan();
        }

        return new ScriptedPlan
        {
            Tier = element.Member("tier")?.OneOf([.. ScriptedModel.Tiers]),
            Width = (int?)element.Member("width")?.WholeNumber(1, 16),
            Check = element.Member("check")?.Text(most: 64) ?? "critics",
        };
    }

    private static ScriptedRule Rule(ScriptElement element)
    {
        if (!element.IsObject("when", "replies", "cycle", "right", "wrong", "toolCall"))
        {
            return new ScriptedRule();
        }

        var rule = new ScriptedRule
        {
            When = element.Member("when") is { } when ? Condition(when) : new RuleCondition(),
            Replies = element.Member("replies") is { } replies ? Replies(replies) : [],
            Cycle = element.Member("cycle")?.Flag() ?? false,
            Right = element.Member("right")?.Text(MostReplyLength),
            Wrong = element.Member("wrong") is { } wrong ? Replies(wrong) : [],
            ToolCall = element.Member("toolCall") is { } tool ? Tool(tool) : null,
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

    private static ImmutableArray<string> Replies(ScriptElement element) => [.. element.Items(1, MostReplies).Select(reply => reply.Text(MostReplyLength, empty: true))];

    private static RuleCondition Condition(ScriptElement element)
    {
        if (!element.IsObject("role", "contains", "pattern", "model"))
        {
            return new RuleCondition();
        }

        return new RuleCondition
        {
            Role = element.Member("role")?.Text(most: 64),
            Contains = element.Member("contains")?.Text(MostReplyLength),
            Pattern = element.Member("pattern") is { } pattern ? Pattern(pattern) : null,
            Model = element.Member("model")?.Text(most: 64),
        };
    }

    private static Regex? Pattern(ScriptElement element)
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

    private static ScriptedToolCall Tool(ScriptElement element)
    {
        if (!element.IsObject("name", "arguments"))
        {
            return new ScriptedToolCall("", "{}");
        }

        var name = element.Member("name")?.Text(most: 128) ?? Missing(element, "name");
        if (element.Member("arguments") is not { } arguments)
        {
            return new ScriptedToolCall(name, "{}");
        }

        if (arguments.Element.ValueKind != JsonValueKind.Object)
        {
            arguments.Wrong("this must be an object: the tool's arguments by their names");
        }

        return new ScriptedToolCall(name, arguments.Element.GetRawText());
    }

    private static string Missing(ScriptElement element, string name)
    {
        element.Wrong($"the member {name} is missing");
        return "";
    }
}
