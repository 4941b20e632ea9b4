using System.Collections.Immutable;

namespace Hive.Cognition.Steps;

/// <summary>The life of a goal that is decided by votes: one question, or a chain of dependent steps.</summary>
internal sealed class StepRun(Desk desk)
{
    /// <summary>Works on the goal to its end.</summary>
    /// <param name="stop">Stops where it is.</param>
    /// <returns>What is missing to what was asked for; empty where nothing is.</returns>
    public Task<ImmutableArray<string>> RunAsync(CancellationToken stop) => Task.FromResult(ImmutableArray.Create($"votes are not counted by this build ({desk.Goal.Id})"));
}
