using System.Collections.Immutable;

namespace Hive.Cognition.Plans;

/// <summary>What a plan may ask for.</summary>
/// <param name="MaxTasks">How many tasks it may have.</param>
/// <param name="MaxWidth">How many attempts a task may get.</param>
/// <param name="MaxInstruction">How many characters an instruction may have.</param>
/// <param name="MaxContext">How many characters a task's context may have.</param>
/// <param name="DefaultWidth">How many attempts a task gets that does not say.</param>
/// <param name="Tiers">The tiers that a task may name; absent or empty: <c>edge</c>, <c>worker</c> and <c>core</c>.</param>
public sealed record PlanLimits(
    int MaxTasks = 64,
    int MaxWidth = 16,
    int MaxInstruction = 8_000,
    int MaxContext = 32_000,
    int DefaultWidth = 3,
    ImmutableArray<string> Tiers = default)
{
    private static readonly ImmutableArray<string> AllTiers = ["edge", "worker", "core"];

    /// <summary>The tiers that a task may name, never empty.</summary>
    public ImmutableArray<string> AllowedTiers => Tiers.IsDefaultOrEmpty ? AllTiers : Tiers;

    /// <summary>The limits as an architect is told them, a line each.</summary>
    public string Describe() =>
        $"""
        - tasks: 1 to {MaxTasks}
        - instruction: 1 to {MaxInstruction:N0} characters
        - context: at most {MaxContext:N0} characters
        - width: 1 to {MaxWidth}; where you do not say, {Math.Min(DefaultWidth, MaxWidth)}
        - tier: {string.Join(", ", AllowedTiers)}
        - check: critics, votes, none
        """;
}
