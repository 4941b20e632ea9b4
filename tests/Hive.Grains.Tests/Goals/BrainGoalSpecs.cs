using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Hive.Goals;

namespace Hive.Grains.Tests.Goals;

/// <summary>Random valid goals for brains.</summary>
internal static class BrainGoalSpecs
{
    private static readonly Gen<string> Texts = Gen.Elements("What is 17 × 24?", "a \"quoted\" text", "größer\nals", "<<<fence", "x");

    private static readonly Gen<string> Patterns = Gen.Elements("-?[0-9]+", "(?<answer>[a-z]+) (?<state>.*)", ".", "yes|no");

    public static Arbitrary<GoalSpec> Arbitrary { get; } = Any().ToArbitrary();

    private static Gen<T?> Maybe<T>(Gen<T> some)
        where T : struct => Gen.OneOf(Gen.Constant((T?)null), some.Select(value => (T?)value));

    private static Gen<CriticsCheck> Critics { get; } =
        from quorum in Gen.Choose(1, 15)
        from threshold in Gen.Choose(1, 100)
        from confidence in Gen.Choose(501, 999)
        select new CriticsCheck(quorum, threshold / 100.0) { Confidence = confidence / 1000.0 };

    private static Gen<VotesCheck> Votes { get; } =
        from pattern in Patterns
        from length in Gen.Choose(1, 40_000)
        from reliability in Gen.Choose(1, 999)
        from lead in Maybe(Gen.Choose(1, 64))
        from accuracy in Gen.Choose(501, 999)
        from most in Gen.Choose(1, 10_000)
        select new VotesCheck(new AnswerSpec(pattern, length), reliability / 1000.0) { Lead = lead, Accuracy = accuracy / 1000.0, Most = most };

    private static Gen<TestsCheck> Command { get; } =
        from arguments in Texts.NonEmptyListOf() from timeout in Gen.Choose(1, 86_400) select new TestsCheck([.. arguments], timeout / 4.0);

    private static Gen<TestsCheck> Wasm { get; } =
        from fuel in Maybe(Gen.Choose(1, 1_000_000)) from timeout in Gen.Choose(1, 100) select new TestsCheck([], timeout) { Wasm = new WasmEvaluatorSpec("check.wasm", fuel) };

    /// <summary>What judges, with what must or must not be beside it.</summary>
    private static Gen<CognitionSpec> Checks { get; } = Gen.OneOf<CognitionSpec>(
        from critics in Critics
        from stakes in Gen.Elements(Stakes.Low, Stakes.Normal, Stakes.High)
        from tests in Gen.OneOf(Gen.Constant((TestsCheck?)null), Command.Select(test => (TestsCheck?)test))
        from tools in Gen.Elements("files.read", "files.*").ListOf(2)
        select new CognitionSpec { Critics = critics, Stakes = stakes, Tests = tests, Tools = [.. tools] },
        from votes in Votes select new CognitionSpec { Votes = votes },
        from votes in Votes
        from state in Texts
        from count in Gen.Choose(1, int.MaxValue)
        from until in Gen.OneOf(Gen.Constant((string?)null), Patterns.Select(pattern => (string?)pattern))
        select new CognitionSpec { Votes = votes, Steps = new StepsSpec(state, "Do one step", count) { Until = until } },
        from tests in Gen.OneOf(Command, Wasm) from stakes in Gen.Elements(Stakes.Low, Stakes.Normal) select new CognitionSpec { Tests = tests, Stakes = stakes },
        from tests in Command select new CognitionSpec { Tests = tests, Build = new BuildSpec("../repository") });

    private static Gen<GoalBudget> Budgets { get; } =
        from tokens in Maybe(Gen.Choose(1, int.MaxValue))
        from money in Maybe(Gen.Choose(0, 100_000))
        from seconds in Maybe(Gen.Choose(1, 10_000))
        from rounds in Maybe(Gen.Choose(1, 1_000))
        from edge in Maybe(Gen.Choose(0, 1_000))
        from worker in Maybe(Gen.Choose(0, 1_000))
        from core in Gen.Choose(0, 1_000)
        let isBounded = tokens is not null || money is not null || seconds is not null
        select new GoalBudget(null, seconds / 4.0, rounds)
        {
            Tokens = tokens,
            Money = money / 100m,
            Calls = isBounded ? new TierCalls(edge, worker, null) : new TierCalls(edge ?? 1, worker ?? 1, core),
        };

    private static Gen<GoalSpec> Any() =>
        from objective in Texts
        from checks in Checks
        from context in Texts.ListOf(2)
        from tasks in Texts.ListOf(3)
        from width in Gen.Choose(1, 16)
        from answer in Gen.Choose(16, 131_072)
        from budget in Budgets
        from seed in Gen.Choose(0, int.MaxValue)
        select new GoalSpec
        {
            Objective = objective,
            Space = [],
            Cognition = checks with
            {
                Context = [.. context.Select((text, i) => new ContextText($"text {i}", text))],
                Tasks = seed % 3 == 0 ? [] : [.. tasks],
                Policy = new PolicySpec
                {
                    LowTemperature = width / 16.0,
                    HighTemperature = 1 + (width / 16.0),
                    ContextCharacters = answer,
                    SeesObjective = seed % 2 == 0,
                    UsesLessons = seed % 5 == 0,
                },
                Width = width,
                AnswerTokens = answer,
            },
            Budget = budget,
            Agents = (seed % 100) + 1,
            Seed = seed,
            Tiers = [.. Hive.Silos.Tiers.All.Where((_, i) => (seed >> i & 1) == 1)],
            Directory = seed % 2 == 0 ? null : "/goals",
        };
}
