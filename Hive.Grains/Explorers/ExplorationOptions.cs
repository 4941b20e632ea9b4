using Hive.Goals;

namespace Hive.Explorers;

/// <summary>What bounds and watches an explorer's slice besides its task.</summary>
public sealed record ExplorationOptions
{
    /// <summary>The clock of the task's seconds.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Ends the slice gently: what was found so far is its result.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Told of the progress a few times a second at most; absent: nobody is.</summary>
    public Action<ExplorationProgress>? Progress { get; init; }
}

/// <summary>How far a slice has come.</summary>
/// <param name="Evaluations">How many points were measured.</param>
/// <param name="Best">The best of them; absent while none was measured.</param>
public readonly record struct ExplorationProgress(long Evaluations, Elite? Best);
