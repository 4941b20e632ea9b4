using System.Collections.Immutable;

namespace Hive.Goals;

/// <summary>What a goal for brains says beyond its objective: how an answer is judged, what brains may know and use, and how much stands on it.</summary>
public sealed record CognitionSpec
{
    /// <summary>Independent agents judge; absent: none do.</summary>
    public CriticsCheck? Critics { get; init; }

    /// <summary>Independent agents answer, and answers are compared; absent: they are not.</summary>
    public VotesCheck? Votes { get; init; }

    /// <summary>A program judges; absent: none does.</summary>
    public TestsCheck? Tests { get; init; }

    /// <summary>What brains are given to read, in the author's order; at most <see cref="MaxContextCharacters"/> in all.</summary>
    public ImmutableArray<ContextText> Context { get; init; } = [];

    /// <summary>The tasks, where the author has made the plan; empty: an architect makes it. At most 1,000.</summary>
    public ImmutableArray<string> Tasks { get; init; } = [];

    /// <summary>The tools that the goal may use: <c>server.tool</c> or <c>server.*</c>.</summary>
    public ImmutableArray<string> Tools { get; init; } = [];

    /// <summary>How much stands on the outcome. High stakes need critics, and a person's approval at the end.</summary>
    public Stakes Stakes { get; init; } = Stakes.Normal;

    /// <summary>What the agents that work on the goal may see and how freely they choose.</summary>
    public PolicySpec Policy { get; init; } = new();

    /// <summary>How many attempts a task gets where the plan does not say; 1 to 16.</summary>
    public int Width { get; init; } = 3;

    /// <summary>How many tokens an answer may have, 16 to 131,072.</summary>
    public int AnswerTokens { get; init; } = 1_024;

    /// <summary>A chain of dependent steps; absent: the goal is none.</summary>
    public StepsSpec? Steps { get; init; }

    /// <summary>A change to a git repository; absent: the goal is none.</summary>
    public BuildSpec? Build { get; init; }

    /// <summary>How long the context may be, in characters.</summary>
    public const int MaxContextCharacters = 200_000;
}

/// <summary>What agents may see, and how freely they choose.</summary>
public sealed record PolicySpec
{
    /// <summary>The lowest temperature of an attempt, 0 to 2; attempts at one task are spread from here to <see cref="HighTemperature"/>.</summary>
    public double LowTemperature { get; init; } = 0.2;

    /// <summary>The highest temperature of an attempt, at least <see cref="LowTemperature"/>, at most 2.</summary>
    public double HighTemperature { get; init; } = 1;

    /// <summary>How many characters of context a task may see, 0 to <see cref="CognitionSpec.MaxContextCharacters"/>; what is longer is cut, and that is said.</summary>
    public int ContextCharacters { get; init; } = CognitionSpec.MaxContextCharacters;

    /// <summary>Whether a task may see the objective that it is part of.</summary>
    public bool SeesObjective { get; init; } = true;

    /// <summary>Whether agents heed what they learnt from earlier tasks.</summary>
    public bool UsesLessons { get; init; } = true;
}

/// <summary>How much stands on an outcome.</summary>
public enum Stakes
{
    /// <summary>Little: what the cheapest check says is enough.</summary>
    Low,

    /// <summary>The usual.</summary>
    Normal,

    /// <summary>Much: critics judge and a person approves.</summary>
    High,
}

/// <summary>A text that brains are given to read.</summary>
/// <param name="Name">What it is called, such as its file's name.</param>
/// <param name="Text">The text.</param>
public sealed record ContextText(string Name, string Text);

/// <summary>A check by critics: agents that did not write a candidate judge it.</summary>
/// <param name="Quorum">How many verdicts it takes at least; 1 to 15.</param>
/// <param name="Threshold">The score from which a candidate is good, above 0 to 1.</param>
public sealed record CriticsCheck(int Quorum, double Threshold)
{
    /// <summary>How sure the critics must be together, by their reputations: the probability that their majority is right. Above 0.5, below 1; the surer, the more of them are asked.</summary>
    public double Confidence { get; init; } = 0.98;
}

/// <summary>A check by votes: attempts go on until one answer leads by <c>k</c> (Meyerson et al., arXiv:2511.09030).</summary>
/// <param name="Answer">What an answer looks like; others are thrown away.</param>
/// <param name="Reliability">The probability asked for that all answers of the goal are right; above 0, below 1.</param>
public sealed record VotesCheck(AnswerSpec Answer, double Reliability)
{
    /// <summary>By how much an answer must lead, 1 to 64; absent: as far as <see cref="Reliability"/> and the measured accuracy ask.</summary>
    public int? Lead { get; init; }

    /// <summary>How often the author thinks a brain to be right, above 0.5, below 1; what is measured counts more the more there is of it.</summary>
    public double Accuracy { get; init; } = 0.8;

    /// <summary>How many votes one question gets at most at one tier, 1 to 10,000.</summary>
    public int Most { get; init; } = 64;
}

/// <summary>What an answer looks like.</summary>
/// <param name="Pattern">A regular expression that the whole answer matches. What is compared is its group <c>answer</c>, or all of it; its group <c>state</c>, or all of it, is the next step's state.</param>
/// <param name="MaxCharacters">How long an answer may be; a longer one is thrown away. 1 to 40,000.</param>
public sealed record AnswerSpec(string Pattern, int MaxCharacters);

/// <summary>A check by a program: it gets the outcome on its standard input and says by its exit status whether it is good. For a build it runs in the changed work tree.</summary>
/// <param name="Command">The program and its arguments, run without a shell; empty where <see cref="Wasm"/> judges.</param>
/// <param name="TimeoutSeconds">How long it may take, above 0.</param>
public sealed record TestsCheck(ImmutableArray<string> Command, double TimeoutSeconds)
{
    /// <summary>A WebAssembly program that judges in the sandbox; absent: the command does.</summary>
    public WasmEvaluatorSpec? Wasm { get; init; }
}

/// <summary>A chain of steps, each of which begins where the one before it ended.</summary>
/// <param name="State">The state before the first step.</param>
/// <param name="Instruction">What one step does.</param>
/// <param name="Count">How many steps there are at most, 1 to 2⁵³.</param>
public sealed record StepsSpec(string State, string Instruction, long Count)
{
    /// <summary>A regular expression: a state that it matches is the last one; absent: all steps are taken.</summary>
    public string? Until { get; init; }
}

/// <summary>A change to a git repository.</summary>
/// <param name="Repository">Its folder.</param>
public sealed record BuildSpec(string Repository);

/// <summary>How many calls each tier may have; absent: as many as the rest of the budget pays for.</summary>
/// <param name="Edge">Calls at tier edge.</param>
/// <param name="Worker">Calls at tier worker.</param>
/// <param name="Core">Calls at tier core.</param>
public readonly record struct TierCalls(long? Edge, long? Worker, long? Core)
{
    /// <summary>The bound of one tier.</summary>
    /// <param name="tier">The tier.</param>
    public long? Of(string tier) => tier switch { Silos.Tiers.Edge => Edge, Silos.Tiers.Worker => Worker, Silos.Tiers.Core => Core, _ => null };
}
