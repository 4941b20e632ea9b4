using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Hive.Goals;

/// <summary>What a goal for brains has come to.</summary>
[GenerateSerializer, Immutable, Alias("hive.cognition-status")]
public sealed record CognitionStatus
{
    /// <summary>The answer that was joined last; absent where there is none yet. For a build the diff.</summary>
    [Id(0), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Answer { get; init; }

    /// <summary>Whether the last check accepts it.</summary>
    [Id(1)]
    public bool IsAccepted { get; init; }

    /// <summary>The score of the last check, 0 to 1.</summary>
    [Id(2)]
    public double Score { get; init; }

    /// <summary>Where the answer comes from.</summary>
    [Id(3)]
    public ImmutableArray<EvidenceRecord> Evidence { get; init; } = [];

    /// <summary>Where accepted candidates contradicted each other, and what was made of it.</summary>
    [Id(4)]
    public ImmutableArray<string> Contradictions { get; init; } = [];

    /// <summary>The tasks.</summary>
    [Id(5)]
    public ImmutableArray<TaskStatusLine> Tasks { get; init; } = [];

    /// <summary>What is to be said of the plan; absent where nothing is.</summary>
    [Id(6)]
    public string? PlanNote { get; init; }

    /// <summary>What was spent.</summary>
    [Id(7)]
    public LedgerStatus Ledger { get; init; } = new();

    /// <summary>How far a chain of steps has come; absent for other goals.</summary>
    [Id(8)]
    public StepsStatus? Steps { get; init; }

    /// <summary>What a person is asked.</summary>
    [Id(9)]
    public ImmutableArray<ApprovalStatus> Approvals { get; init; } = [];

    /// <summary>The effects that were asked for.</summary>
    [Id(10)]
    public ImmutableArray<EffectStatus> Effects { get; init; } = [];

    /// <summary>The branch that carries a build; absent where there is none.</summary>
    [Id(11)]
    public string? Branch { get; init; }

    /// <summary>How many calls came back with an answer.</summary>
    [Id(12)]
    public long CallsDone { get; init; }

    /// <summary>How many calls failed.</summary>
    [Id(13)]
    public long CallsFailed { get; init; }
}

/// <summary>A task as it stands.</summary>
/// <param name="Id">The task.</param>
/// <param name="Instruction">What is to be done.</param>
/// <param name="Candidates">How many different candidates were judged.</param>
/// <param name="IsDone">Whether one holds.</param>
/// <param name="Score">The best score.</param>
[GenerateSerializer, Immutable, Alias("hive.task-status")]
public sealed record TaskStatusLine(
    [property: Id(0)] string Id, [property: Id(1)] string Instruction, [property: Id(2)] int Candidates, [property: Id(3)] bool IsDone, [property: Id(4)] double Score);

/// <summary>What was spent, and what may be.</summary>
[GenerateSerializer, Immutable, Alias("hive.ledger-status")]
public sealed record LedgerStatus
{
    /// <summary>Tokens spent, those written off included.</summary>
    [Id(0)]
    public long Tokens { get; init; }

    /// <summary>Of those, the ones that count because nobody knows whether they were spent.</summary>
    [Id(1)]
    public long TokensWrittenOff { get; init; }

    /// <summary>The most tokens; absent: no bound.</summary>
    [Id(2)]
    public long? TokensAllowed { get; init; }

    /// <summary>Money spent.</summary>
    [Id(3)]
    public decimal Money { get; init; }

    /// <summary>The most money; absent: no bound.</summary>
    [Id(4)]
    public decimal? MoneyAllowed { get; init; }

    /// <summary>Calls and tokens by tier.</summary>
    [Id(5)]
    public ImmutableArray<TierSpent> Tiers { get; init; } = [];
}

/// <summary>What one tier was asked.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Tokens">How many tokens.</param>
[GenerateSerializer, Immutable, Alias("hive.tier-spent")]
public sealed record TierSpent([property: Id(0)] string Tier, [property: Id(1)] long Calls, [property: Id(2)] long Tokens);

/// <summary>How far a chain of steps has come.</summary>
/// <param name="Done">How many steps are decided.</param>
/// <param name="Count">How many there are at most.</param>
/// <param name="Votes">Votes that counted.</param>
/// <param name="Agreed">Of those, the ones that agreed with what was decided.</param>
/// <param name="Thrown">Answers that were thrown away, and calls that failed.</param>
/// <param name="Lead">By how much an answer has to lead.</param>
[GenerateSerializer, Immutable, Alias("hive.steps-status")]
public sealed record StepsStatus(
    [property: Id(0)] long Done, [property: Id(1)] long Count, [property: Id(2)] long Votes, [property: Id(3)] long Agreed, [property: Id(4)] long Thrown, [property: Id(5)] int Lead);

/// <summary>What a person is asked.</summary>
/// <param name="Id">What it is about.</param>
/// <param name="What">The question.</param>
/// <param name="Details">What there is to know.</param>
[GenerateSerializer, Immutable, Alias("hive.approval-status")]
public sealed record ApprovalStatus([property: Id(0)] string Id, [property: Id(1)] string What, [property: Id(2)] string Details);

/// <summary>An effect that was asked for.</summary>
/// <param name="Id">The effect.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Result">What came of it; absent while nothing has.</param>
/// <param name="IsError">Whether it failed or was not run.</param>
[GenerateSerializer, Immutable, Alias("hive.effect-status")]
public sealed record EffectStatus(
    [property: Id(0)] string Id, [property: Id(1)] string Tool, [property: Id(2)] string Arguments, [property: Id(3)] string? Result, [property: Id(4)] bool IsError);
