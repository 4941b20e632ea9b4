using Hive.Evaluators;
using Hive.Goals;

namespace Hive.Research.Domains;

/// <summary>A user's domain as its file states it.</summary>
/// <param name="Name">What the command line and leaderboards call it.</param>
/// <param name="Goal">The space, the metric and the evaluator; its budget says nothing.</param>
internal sealed record DomainSpec(string Name, GoalSpec Goal)
{
    /// <summary>The name by which an evaluator is given its seed.</summary>
    public const string SeedName = "seed";

    /// <summary>What measures on held-back data; absent: the same as during the search.</summary>
    public EvaluatorSpec? TestEvaluator { get; init; }

    /// <summary>Where everybody starts, as a candidate's JSON; absent: the middle of the space.</summary>
    public string? Baseline { get; init; }

    /// <summary>Whether the evaluator is given a seed beside the candidate.</summary>
    public bool TakesSeed { get; init; }

    /// <summary>How much worse a unit of violation makes the metric; absent: an infeasible candidate has no value.</summary>
    public double? Penalty { get; init; }
}

/// <summary>A domain that cannot be made.</summary>
/// <param name="message">What is wrong, where, and how to mend it.</param>
/// <param name="inner">What lay beneath.</param>
[GenerateSerializer, Alias("hive.domain-exception")]
public sealed class DomainException(string message, Exception? inner = null) : Exception(message, inner);
