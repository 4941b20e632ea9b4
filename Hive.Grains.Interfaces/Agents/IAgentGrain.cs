using Hive.Brains;
using Hive.Goals;
using Orleans.Concurrency;

namespace Hive.Agents;

/// <summary>One agent: a brain or strategy with memory, on the silo that its key (<see cref="AgentKey"/>) names. It talks to nobody while an attempt runs.</summary>
[Alias("hive.agent")]
public interface IAgentGrain : IGrainWithStringKey
{
    /// <summary>Answers: the agent's silo is alive.</summary>
    [Alias("ping")]
    Task PingAsync();

    /// <summary>Explores for a slice of a goal's budget.</summary>
    /// <param name="attempt">What to explore.</param>
    /// <param name="cancellation">Stops the attempt; what it measured until then is lost.</param>
    /// <returns>What it brings back. An attempt that fails as a whole says so in <see cref="ExplorationResult.Failure"/>; it does not throw.</returns>
    [Alias("explore"), ResponseTimeout("7.00:00:00")]
    Task<ExplorationResult> ExploreAsync(ExplorationAttempt attempt, CancellationToken cancellation);

    /// <summary>Measures one candidate by an evaluator that has measured nothing before.</summary>
    /// <param name="goal">The goal.</param>
    /// <param name="candidate">The candidate as JSON.</param>
    /// <param name="cancellation">Stops the measurement.</param>
    [Alias("measure"), ResponseTimeout("1.00:00:00")]
    Task<FreshMeasurement> MeasureAsync(GoalBrief goal, string candidate, CancellationToken cancellation);

    /// <summary>Asks one of its silo's brains once.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Ends the call, on the wire too.</param>
    /// <returns>What the brain answered. A call that fails says so in <see cref="BrainReply.Failure"/>; it does not throw, unless it is cancelled.</returns>
    [Alias("think"), ResponseTimeout("1.00:00:00")]
    Task<BrainReply> ThinkAsync(BrainCall call, CancellationToken cancellation);

    /// <summary>Has a goal's test program judge a text.</summary>
    /// <param name="goal">The goal.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellation">Stops it.</param>
    [Alias("test"), ResponseTimeout("1.00:00:00")]
    Task<TextTestResult> TestAsync(GoalBrief goal, string text, CancellationToken cancellation);

    /// <summary>Gives the agent a lesson to remember.</summary>
    /// <param name="lesson">The lesson, in a sentence.</param>
    /// <param name="worth">How much it is worth, 0 to 1: the worth of those that are kept is the highest.</param>
    [Alias("learn"), AlwaysInterleave]
    Task LearnAsync(string lesson, double worth);
}

/// <summary>What a test program says of a text.</summary>
/// <param name="Passed">Whether it is good.</param>
/// <param name="Output">The end of what the program printed, or why it could not run.</param>
[GenerateSerializer, Immutable, Alias("hive.text-test-result")]
public sealed record TextTestResult([property: Id(0)] bool Passed, [property: Id(1)] string Output);

/// <summary>What an agent may know of a goal.</summary>
/// <param name="Id">The goal's id.</param>
/// <param name="Spec">The goal as JSON.</param>
[GenerateSerializer, Immutable, Alias("hive.goal-brief")]
public sealed record GoalBrief([property: Id(0)] string Id, [property: Id(1)] string Spec);

/// <summary>One attempt as it is given to an agent.</summary>
/// <param name="Goal">The goal.</param>
/// <param name="Task">The task.</param>
/// <param name="Seconds">How long the goal has left, in seconds, when this was sent; absent: it has no deadline.</param>
/// <param name="IsLast">Whether the goal's budget ends with this round, so that nothing is worth remembering.</param>
[GenerateSerializer, Immutable, Alias("hive.exploration-attempt")]
public sealed record ExplorationAttempt(
    [property: Id(0)] GoalBrief Goal,
    [property: Id(1)] ExplorationTask Task,
    [property: Id(2)] double? Seconds,
    [property: Id(3)] bool IsLast);

/// <summary>What a fresh evaluator says of a candidate.</summary>
/// <param name="Metric">The metric; not a number where there is none.</param>
/// <param name="Violation">How far from feasible; 0 is feasible.</param>
/// <param name="Failure">Why there is no measurement; absent where there is one.</param>
[GenerateSerializer, Immutable, Alias("hive.fresh-measurement")]
public sealed record FreshMeasurement([property: Id(0)] double Metric, [property: Id(1)] double Violation, [property: Id(2)] string? Failure);
