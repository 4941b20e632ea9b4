using System.Collections.Immutable;

namespace Hive.Goals;

/// <summary>A goal as its author states it: an objective, a check, what to vary and what may be spent.</summary>
/// <remarks>The JSON form is DESIGN.md section 10 and <c>docs/goal.schema.json</c>; <see cref="GoalFile"/> reads and writes it.</remarks>
public sealed record GoalSpec
{
    /// <summary>What is wanted, in the author's words; 1 to 20,000 characters.</summary>
    public required string Objective { get; init; }

    /// <summary>How an outcome is measured; absent for a goal for brains.</summary>
    public MetricCheck? Metric { get; init; }

    /// <summary>What to vary: names, in the author's order, to dimensions. At least one; none for a goal for brains.</summary>
    public ImmutableArray<NamedDimension> Space { get; init; } = [];

    /// <summary>What a goal for brains says; absent for a goal that is judged by a metric.</summary>
    public CognitionSpec? Cognition { get; init; }

    /// <summary>What may be spent.</summary>
    public required GoalBudget Budget { get; init; }

    /// <summary>How many explorer agents work side by side; 1 to 1,000,000.</summary>
    public int Agents { get; init; } = 16;

    /// <summary>Where every random choice of the goal starts from.</summary>
    public long Seed { get; init; }

    /// <summary>The tiers that the goal's tasks are spread over, each once; empty: all tasks go to the cheapest tier that is here.</summary>
    public ImmutableArray<string> Tiers { get; init; } = [];

    /// <summary>The folder that the evaluator's relative paths start from; that of the goal file where it came from one.</summary>
    public string? Directory { get; init; }
}

/// <summary>One name of a space.</summary>
/// <param name="Name">The name, unique in its space.</param>
/// <param name="Dimension">What its value may be.</param>
public sealed record NamedDimension(string Name, Dimension Dimension);

/// <summary>A check by measurement: an evaluator returns a number, and more (or less) of it is better.</summary>
/// <param name="Name">The metric's name, as the evaluator prints it.</param>
/// <param name="Direction">Which way is better.</param>
/// <param name="Target">The value at which the goal is done early; absent: the whole budget is used.</param>
/// <param name="Evaluator">What measures a candidate.</param>
public sealed record MetricCheck(string Name, MetricDirection Direction, double? Target, EvaluatorSpec Evaluator)
{
    /// <summary>
    /// How far the winner's metric may lie from itself when a fresh evaluator measures it again, in the metric's own unit; for noisy evaluators.
    /// Absent: 1e-9 of its size.
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>Whether a second measurement repeats a first one, within <see cref="Tolerance"/>.</summary>
    /// <param name="first">The one.</param>
    /// <param name="second">The other.</param>
    public bool Repeats(double first, double second) => Math.Abs(first - second) <= (Tolerance ?? (1e-9 * Math.Max(1, Math.Abs(first))));

    /// <summary>Whether a value is at least as good as the target.</summary>
    /// <param name="value">A metric's value.</param>
    public bool Reaches(double value) => Target is { } target && (value == target || IsBetter(value, target));

    /// <summary>Whether one value of the metric is strictly better than another.</summary>
    /// <param name="value">The one.</param>
    /// <param name="than">The other.</param>
    public bool IsBetter(double value, double than) => Direction == MetricDirection.Maximize ? value > than : value < than;
}

/// <summary>Which way a metric is better.</summary>
public enum MetricDirection
{
    /// <summary>Smaller is better.</summary>
    Minimize,

    /// <summary>Larger is better.</summary>
    Maximize,
}

/// <summary>What measures a candidate: a closed family of three.</summary>
public abstract record EvaluatorSpec
{
    private protected EvaluatorSpec()
    {
    }
}

/// <summary>An evaluator that comes with Hive.</summary>
/// <param name="Name">Its name; <c>hive evaluator list</c> shows them.</param>
/// <param name="Parameters">Its own settings: names to JSON texts.</param>
public sealed record BuiltinEvaluatorSpec(string Name, ImmutableSortedDictionary<string, string> Parameters) : EvaluatorSpec;

/// <summary>A program of the user's.</summary>
/// <param name="Command">The program and its arguments, at least one; run without a shell.</param>
/// <param name="Protocol">Whether it is started once a candidate or stays.</param>
/// <param name="TimeoutSeconds">How long one candidate may take, above 0.</param>
public sealed record CommandEvaluatorSpec(ImmutableArray<string> Command, EvaluatorProtocol Protocol, double TimeoutSeconds) : EvaluatorSpec
{
    /// <inheritdoc/>
    public bool Equals(CommandEvaluatorSpec? other) =>
        other is not null && Command.AsSpan().SequenceEqual(other.Command.AsSpan()) && Protocol == other.Protocol && TimeoutSeconds == other.TimeoutSeconds;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Command.Aggregate(0, HashCode.Combine), Protocol, TimeoutSeconds);
}

/// <summary>A WebAssembly module, run in the sandbox.</summary>
/// <param name="File">The module, <c>.wasm</c> or <c>.wat</c>.</param>
/// <param name="Fuel">How much work one candidate may cost; absent: a generous default.</param>
public sealed record WasmEvaluatorSpec(string File, long? Fuel) : EvaluatorSpec;

/// <summary>How a command evaluator is spoken to.</summary>
public enum EvaluatorProtocol
{
    /// <summary>One process a candidate: JSON on standard input, <c>name: value</c> lines or one JSON object on standard output.</summary>
    Once,

    /// <summary>The process stays and answers JSON lines.</summary>
    Lines,
}

/// <summary>What a goal may spend; at least one bound is set.</summary>
/// <param name="Evaluations">How many candidates may be measured, at least 1.</param>
/// <param name="Seconds">How long it may run, in seconds of wall-clock time, above 0.</param>
/// <param name="Rounds">How many times it may fork, at least 1.</param>
public sealed record GoalBudget(long? Evaluations, double? Seconds, int? Rounds)
{
    /// <summary>How many tokens brains may be asked and may answer, together; at least 1.</summary>
    public long? Tokens { get; init; }

    /// <summary>How much money brains may cost, in the owner's currency; 0 allows those alone that are free.</summary>
    public decimal? Money { get; init; }

    /// <summary>How many calls each tier may have.</summary>
    public TierCalls Calls { get; init; }
}
