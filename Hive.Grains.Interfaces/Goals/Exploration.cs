using System.Collections.Immutable;

namespace Hive.Goals;

/// <summary>A measured point worth keeping.</summary>
/// <param name="Point">The point in its space.</param>
/// <param name="Metric">Its metric.</param>
/// <param name="Violation">How far from feasible; 0 is feasible.</param>
public sealed record Elite(ImmutableArray<double> Point, double Metric, double Violation);

/// <summary>What a fork asks of one explorer agent in one round. It determines the attempt: the same slice from a fresh agent repeats exactly.</summary>
/// <param name="Round">The round, from 0.</param>
/// <param name="Index">Its place in the round, from 0.</param>
/// <param name="Agent">Which of the goal's agents, from 0.</param>
/// <param name="Strategy">The strategy's name.</param>
/// <param name="Fresh">Whether the agent starts the strategy anew from the elites, or goes on with what it remembers of its last slice (where it has forgotten, from the elites).</param>
/// <param name="Seed">Where the agent's random choices start from.</param>
/// <param name="Evaluations">The slice of the budget: how many points it may have measured.</param>
/// <param name="Seconds">How long the slice may take, in seconds of wall-clock time; absent: as long as it needs.</param>
/// <param name="Elites">The best points known when the round was forked, best first; at most <see cref="MaxElites"/>.</param>
public sealed record ExplorationTask(int Round, int Index, int Agent, string Strategy, bool Fresh, ulong Seed, long Evaluations, double? Seconds, ImmutableArray<Elite> Elites)
{
    /// <summary>How many elites a task carries at most.</summary>
    public const int MaxElites = 8;
}

/// <summary>What an explorer agent brings back from one task.</summary>
/// <param name="Index">The task's place in the round.</param>
/// <param name="Evaluations">How many points were measured.</param>
/// <param name="Failures">How many of them could not be measured.</param>
/// <param name="Best">Its best points, best first; at most <see cref="ExplorationTask.MaxElites"/>, empty where nothing could be measured.</param>
/// <param name="Failure">Why the attempt failed as a whole; absent where it did not.</param>
public sealed record ExplorationResult(int Index, long Evaluations, long Failures, ImmutableArray<Elite> Best, string? Failure);
