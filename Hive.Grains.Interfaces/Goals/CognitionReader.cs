using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Hive.Goals;

/// <summary>Reads what a goal for brains says beyond its objective.</summary>
internal static class CognitionReader
{
    private const long MaxWhole = 1L << 53;
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(1);

    /// <summary>Reads the members that goals for brains have; the check's object has been checked for unknown ones.</summary>
    /// <param name="goal">The goal.</param>
    /// <param name="check">Its check.</param>
    /// <param name="files">The folder that the context's files are read from; absent: none are.</param>
    public static CognitionSpec Read(ElementReader goal, ElementReader check, string? files)
    {
        var spec = new CognitionSpec
        {
            Critics = check.Optional("critics") is { } critics ? Critics(critics) : null,
            Votes = check.Optional("votes") is { } votes ? Votes(votes) : null,
            Tests = check.Optional("tests") is { } tests ? Tests(tests) : null,
            Context = ContextReader.Read(goal.Optional("context"), files),
            Tasks = Texts(goal.Optional("tasks"), 1_000, 8_000, least: 1),
            Tools = Texts(goal.Optional("tools"), 100, 200),
            Stakes = Stakes(goal.Optional("stakes")),
            Policy = Policy(goal.Optional("policy")),
            Width = (int)(goal.Optional("width")?.WholeNumber(1, 16) ?? 3),
            AnswerTokens = (int)(goal.Optional("answerTokens")?.WholeNumber(16, 131_072) ?? 1_024),
            Steps = goal.Optional("steps") is { } steps ? Steps(steps) : null,
            Build = goal.Optional("build") is { } build && build.IsObject("repository")
                ? new BuildSpec(build.Required("repository", "name the folder of a git repository, such as \".\"")?.Text(4096) ?? "")
                : null,
        };
        Agree(goal, check, spec);
        return spec;
    }

    /// <summary>What cannot be together, or not without another.</summary>
    private static void Agree(ElementReader goal, ElementReader check, CognitionSpec spec)
    {
        if (goal.Optional("space") is { } space)
        {
            space.Wrong("goals for brains vary nothing; leave this out");
        }

        if (spec.Votes is not null && (spec.Critics is not null || spec.Tests is not null))
        {
            check.Wrong("votes decide by themselves; leave critics and tests out");
        }

        if (spec.Steps is not null && spec.Votes is null)
        {
            check.Wrong("steps are decided by votes; write {\"votes\": {\"answer\": {\"pattern\": …}}}");
        }

        if (spec.Build is not null && spec.Tests is not { Command.IsEmpty: false })
        {
            check.Wrong("a build is judged by a test command; write {\"tests\": {\"command\": [\"dotnet\", \"test\"]}}");
        }

        if (spec is { Stakes: Goals.Stakes.High, Critics: null })
        {
            check.Wrong("a goal with high stakes needs critics; write {\"critics\": {}}");
        }

        if (spec is { Votes: not null, Tools.IsEmpty: false })
        {
            goal.Optional("tools")!.Value.Wrong("votes use no tools; leave this out");
        }
    }

    private static PolicySpec Policy(ElementReader? reader)
    {
        var usual = new PolicySpec();
        if (reader is not { } policy || !policy.IsObject("temperature", "contextCharacters", "seesObjective", "lessons"))
        {
            return usual;
        }

        var (low, high) = (usual.LowTemperature, usual.HighTemperature);
        if (policy.Optional("temperature") is { } temperature && temperature.Array(2, 2) is [var from, var to])
        {
            (low, high) = (temperature.At(0, from).Number(0, 2), temperature.At(1, to).Number(0, 2));
            if (low > high)
            {
                temperature.Wrong("the lower temperature comes first");
            }
        }

        return new PolicySpec
        {
            LowTemperature = low,
            HighTemperature = high,
            ContextCharacters = (int)(policy.Optional("contextCharacters")?.WholeNumber(0, CognitionSpec.MaxContextCharacters) ?? usual.ContextCharacters),
            SeesObjective = policy.Optional("seesObjective") is not { } sees || Flag(sees),
            UsesLessons = policy.Optional("lessons") is not { } lessons || Flag(lessons),
        };
    }

    private static bool Flag(ElementReader reader)
    {
        if (reader.Element.ValueKind is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False)
        {
            return reader.Element.GetBoolean();
        }

        reader.Wrong($"this is {ElementReader.Kind(reader.Element)}; write true or false");
        return true;
    }

    private static CriticsCheck Critics(ElementReader critics)
    {
        critics.IsObject("quorum", "threshold", "confidence");
        return new CriticsCheck(
            (int)(Member(critics, "quorum")?.WholeNumber(1, 15) ?? 3),
            Member(critics, "threshold")?.Number(0, 1, above: true) ?? 0.6)
        {
            Confidence = Member(critics, "confidence")?.Number(0.5, 0.999_999, above: true) ?? 0.98,
        };
    }

    private static VotesCheck Votes(ElementReader votes)
    {
        votes.IsObject("answer", "reliability", "lead", "accuracy", "most");
        var reliability = Member(votes, "reliability")?.Number(0, 0.999_999_999, above: true) ?? 0.99;
        var answer = votes.Element.ValueKind == System.Text.Json.JsonValueKind.Object
            && votes.Required("answer", "say what an answer looks like, such as {\"pattern\": \"-?[0-9]+\", \"maxCharacters\": 20}") is { } reader
                ? Answer(reader)
                : new AnswerSpec(".*", 1);
        return new VotesCheck(answer, reliability)
        {
            Lead = (int?)Member(votes, "lead")?.WholeNumber(1, 64),
            Accuracy = Member(votes, "accuracy")?.Number(0.5, 0.999_999, above: true) ?? 0.8,
            Most = (int)(Member(votes, "most")?.WholeNumber(1, 10_000) ?? 64),
        };
    }

    private static AnswerSpec Answer(ElementReader answer)
    {
        if (!answer.IsObject("pattern", "maxCharacters"))
        {
            return new AnswerSpec(".*", 1);
        }

        var pattern = answer.Required("pattern", "give the regular expression that a whole answer matches, such as \"-?[0-9]+\"") is { } text ? Pattern(text) : ".*";
        return new AnswerSpec(pattern, (int)(answer.Optional("maxCharacters")?.WholeNumber(1, 40_000) ?? 1_000));
    }

    private static string Pattern(ElementReader reader)
    {
        var pattern = reader.Text(4_000);
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, PatternTime);
        }
        catch (ArgumentException e)
        {
            reader.Wrong($"this is no regular expression: {e.Message}");
        }
        catch (NotSupportedException)
        {
            reader.Wrong("this looks around or back (such as (?=…) or \\1), which could take for ever; write it without");
        }

        return pattern;
    }

    private static TestsCheck Tests(ElementReader tests)
    {
        if (!tests.IsObject("command", "timeoutSeconds", "wasm", "fuel"))
        {
            return new TestsCheck([""], 1);
        }

        var timeout = tests.Optional("timeoutSeconds")?.Number(0, 86_400, above: true) ?? 300;
        if (tests.Optional("wasm") is { } wasm)
        {
            if (tests.Optional("command") is { } both)
            {
                both.Wrong("either a command judges or a WebAssembly program; leave one out");
            }

            return new TestsCheck([], timeout) { Wasm = new WasmEvaluatorSpec(wasm.Text(4096), tests.Optional("fuel")?.WholeNumber(1, MaxWhole)) };
        }

        if (tests.Optional("fuel") is { } unused)
        {
            unused.Wrong("a command takes no fuel; bound it by timeoutSeconds");
        }

        var command = tests.Required("command", "name the program that judges, such as [\"python3\", \"check.py\"], or a \"wasm\" file");
        return new TestsCheck(Texts(command, 1000, 32_768, least: 1), timeout);
    }

    private static StepsSpec Steps(ElementReader steps)
    {
        if (!steps.IsObject("state", "instruction", "count", "until"))
        {
            return new StepsSpec("", "", 1);
        }

        return new StepsSpec(
            steps.Required("state", "give the state before the first step")?.Text(20_000) ?? "",
            steps.Required("instruction", "say what one step does")?.Text(20_000) ?? "",
            steps.Required("count", "say how many steps there are at most")?.WholeNumber(1, MaxWhole) ?? 1)
        {
            Until = steps.Optional("until") is { } until ? Pattern(until) : null,
        };
    }

    private static Stakes Stakes(ElementReader? reader)
    {
        if (reader is not { } stakes)
        {
            return Goals.Stakes.Normal;
        }

        switch (stakes.Text(100))
        {
            case "low":
                return Goals.Stakes.Low;
            case "normal":
                return Goals.Stakes.Normal;
            case "high":
                return Goals.Stakes.High;
            default:
                stakes.Wrong($"this is {ElementReader.Kind(stakes.Element)}; write \"low\", \"normal\" or \"high\"");
                return default;
        }
    }

    private static ImmutableArray<string> Texts(ElementReader? reader, int most, int length, int least = 0) =>
        reader is { } texts ? [.. texts.Array(least, most).Select((item, i) => texts.At(i, item).Text(length))] : [];

    private static ElementReader? Member(ElementReader of, string name) => of.Element.ValueKind == System.Text.Json.JsonValueKind.Object ? of.Optional(name) : null;
}
