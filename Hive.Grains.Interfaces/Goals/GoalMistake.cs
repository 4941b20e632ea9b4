namespace Hive.Goals;

/// <summary>One mistake in a goal: where it is, and what would mend it.</summary>
/// <param name="Path">Where in the JSON document, like <c>check.metric.direction</c> or <c>space.x.real[1]</c>; <c>$</c> is the document itself.</param>
/// <param name="Message">What is wrong and how to mend it, in one sentence.</param>
[GenerateSerializer, Immutable, Alias("hive.goal-mistake")]
public sealed record GoalMistake([property: Id(0)] string Path, [property: Id(1)] string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>A goal that cannot be accepted as it is stated.</summary>
/// <param name="mistakes">Every mistake found, at least one.</param>
public sealed class GoalSpecException(IReadOnlyList<GoalMistake> mistakes)
    : Exception(mistakes.Count == 1 ? mistakes[0].ToString() : $"{mistakes[0]} (and {mistakes.Count - 1} more)")
{
    /// <summary>Every mistake found, in the order of the document.</summary>
    public IReadOnlyList<GoalMistake> Mistakes { get; } = mistakes;
}
