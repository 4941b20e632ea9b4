using System.Collections.Immutable;

namespace Hive.Goals;

/// <summary>A measured point worth keeping.</summary>
/// <param name="Point">The point in its space.</param>
/// <param name="Metric">Its metric.</param>
/// <param name="Violation">How far from feasible; 0 is feasible.</param>
[GenerateSerializer, Immutable, Alias("hive.elite")]
public sealed record Elite([property: Id(0)] ImmutableArray<double> Point, [property: Id(1)] double Metric, [property: Id(2)] double Violation);

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
[GenerateSerializer, Immutable, Alias("hive.exploration-task")]
public sealed record ExplorationTask(
    [property: Id(0)] int Round,
    [property: Id(1)] int Index,
    [property: Id(2)] int Agent,
    [property: Id(3)] string Strategy,
    [property: Id(4)] bool Fresh,
    [property: Id(5)] ulong Seed,
    [property: Id(6)] long Evaluations,
    [property: Id(7)] double? Seconds,
    [property: Id(8)] ImmutableArray<Elite> Elites)
{
    /// <summary>How many elites a task carries at most.</summary>
    public const int MaxElites = 8;

    /// <summary>The tier that it must run on; absent: the cheapest that is here.</summary>
    [Id(9)]
    public string? Tier { get; init; }
}

/// <summary>What an explorer agent brings back from one task.</summary>
/// <param name="Index">The task's place in the round.</param>
/// <param name="Evaluations">How many points were measured.</param>
/// <param name="Failures">How many of them could not be measured.</param>
/// <param name="Best">Its best points, best first; at most <see cref="ExplorationTask.MaxElites"/>, empty where nothing could be measured.</param>
/// <param name="Failure">Why the attempt failed as a whole; absent where it did not.</param>
[GenerateSerializer, Immutable, Alias("hive.exploration-result")]
public sealed record ExplorationResult(
    [property: Id(0)] int Index,
    [property: Id(1)] long Evaluations,
    [property: Id(2)] long Failures,
    [property: Id(3)] ImmutableArray<Elite> Best,
    [property: Id(4)] string? Failure)
{
    /// <summary>The task's round.</summary>
    [Id(5)]
    public int Round { get; init; }

    /// <summary>The key of the agent that ran it.</summary>
    [Id(6)]
    public string Agent { get; init; } = "";

    /// <summary>Which life of the silo it ran in.</summary>
    [Id(7)]
    public string Incarnation { get; init; } = "";

    /// <summary>How long it was at work, in seconds, the wait for a place not counted; below 0: not known.</summary>
    [Id(8)]
    public double SecondsAtWork { get; init; } = -1;
}
