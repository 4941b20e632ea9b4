using System.Collections.Immutable;

namespace Hive.Brains.Scripted;

/// <summary>A script for brains that cannot be used as it is.</summary>
/// <param name="mistakes">Every mistake found, at least one: where it is, what is wrong, and how to mend it.</param>
public sealed class BrainScriptException(ImmutableArray<string> mistakes)
    : Exception(mistakes.Length == 1 ? mistakes[0] : $"{mistakes[0]} (and {mistakes.Length - 1} more)")
{
    /// <summary>Every mistake found, in the order of the document.</summary>
    public ImmutableArray<string> Mistakes { get; } = mistakes;
}
