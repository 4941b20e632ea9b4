using System.Collections.Immutable;

namespace Hive.Cognition.Plans;

/// <summary>A goal forked into tasks that need nothing of one another.</summary>
/// <param name="Tasks">The tasks, at least one, in the architect's order.</param>
public sealed record Plan(ImmutableArray<PlannedTask> Tasks);

/// <summary>One independent piece of a goal.</summary>
/// <param name="Id">What it is called: unique in its plan, 1 to 32 letters, digits, '-' and '_'.</param>
/// <param name="Instruction">What is to be done, complete in itself.</param>
/// <param name="Context">All that its attempts get to know besides; may be empty.</param>
/// <param name="Tier">The tier to begin at; absent: the cheapest there is.</param>
/// <param name="Width">How many attempts it gets.</param>
/// <param name="Check">How its candidates are judged.</param>
public sealed record PlannedTask(string Id, string Instruction, string Context, string? Tier, int Width, TaskCheck Check);

/// <summary>How a task's candidates are judged.</summary>
public enum TaskCheck
{
    /// <summary>A quorum of critics that did not write them.</summary>
    Critics,

    /// <summary>Answers are compared: the first to lead by k.</summary>
    Votes,

    /// <summary>Not by themselves; what they are joined to is.</summary>
    None,
}
