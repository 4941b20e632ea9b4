using System.Collections.Immutable;
using System.Text.Json;

namespace Hive.Goals;

/// <summary>Reads a goal from a JSON element and collects every mistake with its path.</summary>
internal static class GoalReader
{
    private const long MaxWhole = 1L << 53;
    private static readonly string[] CognitionMembers = ["context", "tasks", "tools", "stakes", "policy", "width", "answerTokens", "steps", "build"];

    /// <exception cref="GoalSpecException">There are mistakes.</exception>
    public static GoalSpec Read(JsonElement root, string? directory, bool mayReadFiles)
    {
        var mistakes = new List<GoalMistake>();
        var goal = new ElementReader(root, "", (path, message) => mistakes.Add(new GoalMistake(path, message)));
        GoalSpec? spec = null;
        if (goal.IsObject(["$schema", "objective", "check", "space", "budget", "agents", "seed", "tiers", "directory", .. CognitionMembers]))
        {
            var check = Check(goal);
            var isMetric = check is not { } judged || judged.Optional("metric") is not null || !IsForBrains(judged);
            spec = new GoalSpec
            {
                Objective = goal.Required("objective", "say in a sentence what is wanted")?.Text(20_000) ?? "",
                Metric = isMetric ? Metric(goal, check) : null,
                Space = isMetric ? SpaceReader.Read(goal.Required("space", "name what to vary, such as {\"x\": {\"real\": [0, 1]}}")) : [],
                Cognition = isMetric ? null : CognitionReader.Read(goal, check!.Value, mayReadFiles ? directory : null),
                Budget = Budget(goal.Required("budget", "say what may be spent, such as {\"evaluations\": 10000} or {\"seconds\": 60}"), isMetric),
                Agents = (int)(goal.Optional("agents")?.WholeNumber(1, 1_000_000) ?? 16),
                Seed = goal.Optional("seed")?.WholeNumber(0, MaxWhole) ?? 0,
                Tiers = Tiers(goal.Optional("tiers")),
                Directory = goal.Optional("directory")?.Text(4096) is { } named ? Path.Combine(directory ?? "", named) : directory,
            };
        }

        return mistakes.Count == 0 ? spec! : throw new GoalSpecException(mistakes);
    }

    private static ImmutableArray<string> Tiers(ElementReader? reader)
    {
        if (reader is not { } tiers)
        {
            return [];
        }

        var named = ImmutableArray.CreateBuilder<string>();
        foreach (var (item, i) in tiers.Array(1, Silos.Tiers.All.Count).Select((item, i) => (item, i)))
        {
            var tier = tiers.At(i, item);
            var name = item.ValueKind == JsonValueKind.String ? item.GetString()! : "";
            if (!Silos.Tiers.All.Contains(name))
            {
                tier.Wrong($"this is {ElementReader.Kind(item)}; write one of {string.Join(", ", Silos.Tiers.All)}");
            }
            else if (named.Contains(name))
            {
                tier.Wrong($"'{name}' is here twice");
            }

            named.Add(name);
        }

        return named.ToImmutable();
    }

    /// <summary>The check's object; absent where there is none.</summary>
    private static ElementReader? Check(ElementReader goal) =>
        goal.Required("check", "say how an outcome is judged, such as {\"metric\": {…}} or {\"critics\": {}}") is { } check && check.IsObject("metric", "critics", "votes", "tests")
            ? check
            : null;

    private static bool IsForBrains(ElementReader check) =>
        check.Optional("critics") is not null || check.Optional("votes") is not null || check.Optional("tests") is not null;

    private static MetricCheck Metric(ElementReader goal, ElementReader? judged)
    {
        var nothing = new MetricCheck("", MetricDirection.Minimize, null, new BuiltinEvaluatorSpec("", ImmutableSortedDictionary<string, string>.Empty));
        foreach (var forBrains in CognitionMembers)
        {
            if (goal.Element.ValueKind == JsonValueKind.Object && goal.Optional(forBrains) is { } member)
            {
                member.Wrong("goals that are judged by a metric do not have this; it is for brains, whose check is critics, votes or tests");
            }
        }

        if (judged is not { } check)
        {
            return nothing;
        }

        if (IsForBrains(check))
        {
            check.Wrong("a metric decides by itself; leave critics, votes and tests out");
        }

        if (check.Required("metric", "say what is measured") is not { } metric
            || !metric.IsObject("name", "direction", "target", "tolerance", "evaluator"))
        {
            return nothing;
        }

        var name = metric.Required("name", "name the metric, such as \"loss\"")?.Text(200) ?? "";
        var direction = Direction(metric.Required("direction", "say \"maximize\" or \"minimize\""));
        var target = metric.Optional("target")?.Number();
        var tolerance = metric.Optional("tolerance")?.Number(0);
        var evaluator = metric.Required("evaluator", "say what measures a candidate, such as {\"builtin\": \"sphere\"}") is { } reader
            ? Evaluator(reader)
            : nothing.Evaluator;
        return new MetricCheck(name, direction, target, evaluator) { Tolerance = tolerance };
    }

    private static MetricDirection Direction(ElementReader? direction)
    {
        if (direction is not { } reader)
        {
            return default;
        }

        switch (reader.Text(100))
        {
            case "maximize":
                return MetricDirection.Maximize;
            case "minimize":
                return MetricDirection.Minimize;
            default:
                reader.Wrong($"this is {ElementReader.Kind(reader.Element)}; write \"maximize\" or \"minimize\"");
                return default;
        }
    }

    private static EvaluatorSpec Evaluator(ElementReader evaluator)
    {
        var nothing = new BuiltinEvaluatorSpec("", ImmutableSortedDictionary<string, string>.Empty);
        if (evaluator.Element.ValueKind == JsonValueKind.Object)
        {
            if (evaluator.Optional("builtin") is { } builtin)
            {
                var parameters = evaluator.Element.EnumerateObject().Where(member => member.Name != "builtin")
                    .ToImmutableSortedDictionary(member => member.Name, member => member.Value.GetRawText(), StringComparer.Ordinal);
                return new BuiltinEvaluatorSpec(builtin.Text(200), parameters);
            }

            if (evaluator.Optional("command") is { } command && evaluator.IsObject("command", "protocol", "timeoutSeconds"))
            {
                return Command(evaluator, command);
            }

            if (evaluator.Optional("wasm") is { } wasm && evaluator.IsObject("wasm", "fuel"))
            {
                return new WasmEvaluatorSpec(wasm.Text(4096), evaluator.Optional("fuel")?.WholeNumber(1, MaxWhole));
            }
        }

        if (evaluator.Optional("command") is null && evaluator.Optional("wasm") is null)
        {
            evaluator.Wrong("this names no evaluator; write {\"builtin\": NAME}, {\"command\": [PROGRAM, …]} or {\"wasm\": FILE}");
        }

        return nothing;
    }

    private static CommandEvaluatorSpec Command(ElementReader evaluator, ElementReader command)
    {
        var arguments = command.Array(1, 1000)
            .Select((item, i) => item.ValueKind == JsonValueKind.String && i > 0 ? item.GetString()! : command.At(i, item).Text(32_768))
            .ToImmutableArray();
        var protocol = EvaluatorProtocol.Once;
        if (evaluator.Optional("protocol") is { } named)
        {
            switch (named.Text(100))
            {
                case "once":
                    break;
                case "lines":
                    protocol = EvaluatorProtocol.Lines;
                    break;
                default:
                    named.Wrong($"this is {ElementReader.Kind(named.Element)}; write \"once\" or \"lines\"");
                    break;
            }
        }

        var timeout = evaluator.Optional("timeoutSeconds")?.Number(0, 86_400, above: true) ?? 60;
        return new CommandEvaluatorSpec(arguments, protocol, timeout);
    }

    private static GoalBudget Budget(ElementReader? reader, bool isMetric)
    {
        if (!isMetric)
        {
            return CognitionBudget(reader);
        }

        if (reader is not { } budget || !budget.IsObject("evaluations", "seconds", "rounds"))
        {
            return new GoalBudget(1, null, null);
        }

        var evaluations = budget.Optional("evaluations")?.WholeNumber(1, MaxWhole);
        var seconds = budget.Optional("seconds")?.Number(0, 31_536_000, above: true);
        var rounds = (int?)budget.Optional("rounds")?.WholeNumber(1, 1_000_000);
        if (evaluations is null && seconds is null)
        {
            budget.Wrong("this bounds nothing; give \"evaluations\", \"seconds\" or both, because every goal ends");
        }

        return new GoalBudget(evaluations, seconds, rounds);
    }

    private static GoalBudget CognitionBudget(ElementReader? reader)
    {
        if (reader is not { } budget)
        {
            return new GoalBudget(null, 1, null);
        }

        var spec = MoreBudget(budget);
        if (spec is { Tokens: null, Money: null, Seconds: null, Calls: not { Edge: not null, Worker: not null, Core: not null } })
        {
            budget.Wrong("this bounds nothing; give \"tokens\", \"money\", \"seconds\" or the \"calls\" of every tier, because every goal ends");
        }

        return spec;
    }

    /// <summary>The members of a budget for brains.</summary>
    public static GoalBudget MoreBudget(ElementReader budget)
    {
        if (!budget.IsObject("tokens", "money", "calls", "seconds", "rounds"))
        {
            return new GoalBudget(null, 1, null);
        }

        var calls = default(TierCalls);
        if (budget.Optional("calls") is { } tiers && tiers.IsObject([.. Silos.Tiers.All]))
        {
            calls = new TierCalls(
                tiers.Optional(Silos.Tiers.Edge)?.WholeNumber(0, MaxWhole),
                tiers.Optional(Silos.Tiers.Worker)?.WholeNumber(0, MaxWhole),
                tiers.Optional(Silos.Tiers.Core)?.WholeNumber(0, MaxWhole));
        }

        return new GoalBudget(null, budget.Optional("seconds")?.Number(0, 31_536_000, above: true), (int?)budget.Optional("rounds")?.WholeNumber(1, 1_000))
        {
            Tokens = budget.Optional("tokens")?.WholeNumber(1, MaxWhole),
            Money = budget.Optional("money") is { } money ? (decimal)money.Number(0, 1e9) : null,
            Calls = calls,
        };
    }
}
