using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Hive.Goals;

/// <summary>A call to a brain is about to be made; the most that it may cost is set aside. A call without this entry is never made.</summary>
/// <param name="Call">The call's id; each is made once.</param>
/// <param name="Agent">The agent that makes it.</param>
/// <param name="Brain">The brain that is asked.</param>
/// <param name="Tier">The brain's tier.</param>
/// <param name="Tokens">The most tokens, asked and answered together.</param>
/// <param name="Money">The most money.</param>
public sealed record CallReserved(string Call, string Agent, string Brain, string Tier, long Tokens, decimal Money) : GoalEvent
{
    /// <summary>The brain's model.</summary>
    public string Model { get; init; } = "";
}

/// <summary>A call to a brain is over.</summary>
/// <param name="Call">The call's id.</param>
/// <param name="TokensIn">What the question counts for.</param>
/// <param name="TokensOut">What the answer counts for.</param>
/// <param name="Money">What it cost.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record CallSettled(string Call, long TokensIn, long TokensOut, decimal Money, double Seconds) : GoalEvent
{
    /// <summary>What the brain answered, as <c>BrainReply</c> writes it; absent where it did not.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Reply { get; init; }

    /// <summary>Why there is no answer; absent where there is one.</summary>
    public string? Failure { get; init; }

    /// <summary>The <see cref="Failure"/> of a call that was called off, because another's answer was enough.</summary>
    public const string NotWanted = "not wanted any more";

    /// <summary>Whether what it cost is not known, so that it counts for all that was set aside.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsWrittenOff { get; init; }
}

/// <summary>Something else that the goal's further life rests on, so that it is never done twice: a test's result, a tool's words.</summary>
/// <param name="Id">What it is, such as <c>r0.t1.a0.tests</c>.</param>
/// <param name="Kind">Which kind of thing it is.</param>
/// <param name="Json">The thing.</param>
public sealed record FactRecorded(string Id, string Kind, [property: JsonConverter(typeof(RawJsonConverter))] string Json) : GoalEvent;

/// <summary>The objective has become tasks.</summary>
/// <param name="Round">The round, from 0.</param>
/// <param name="Tasks">The tasks.</param>
/// <param name="Note">What is to be said of the plan, such as that no valid one could be had; absent where nothing is.</param>
public sealed record PlanMade(int Round, ImmutableArray<TaskRecord> Tasks, string? Note) : GoalEvent;

/// <summary>A task in the log.</summary>
/// <param name="Id">The task's id.</param>
/// <param name="Instruction">What is to be done.</param>
/// <param name="Tier">The tier that it begins at; absent: the cheapest.</param>
/// <param name="Width">How many attempts it gets.</param>
public sealed record TaskRecord(string Id, string Instruction, string? Tier, int Width);

/// <summary>A candidate was judged.</summary>
/// <param name="Candidate">The candidate's id.</param>
/// <param name="Task">Its task.</param>
/// <param name="Author">The agent that wrote it.</param>
/// <param name="Score">Its score, 0 to 1.</param>
/// <param name="Disagreement">The probability that the judges' majority is wrong; 0 where a program judged.</param>
/// <param name="IsAccepted">Whether it is accepted.</param>
public sealed record CandidateJudged(string Candidate, string Task, string Author, double Score, double Disagreement, bool IsAccepted) : GoalEvent
{
    /// <summary>What is wrong with it.</summary>
    public ImmutableArray<string> Faults { get; init; } = [];

    /// <summary>Who judged, and how.</summary>
    public ImmutableArray<CriticRecord> Critics { get; init; } = [];

    /// <summary>Whether the judges stayed of two minds at the highest tier, so that a person is to decide.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsContested { get; init; }
}

/// <summary>A critic's verdict in the log.</summary>
/// <param name="Critic">The agent.</param>
/// <param name="Score">Its score, 0 to 1.</param>
public sealed record CriticRecord(string Critic, double Score);

/// <summary>The answer of the goal was joined from what was accepted, and judged once more.</summary>
/// <param name="Round">The round.</param>
/// <param name="Text">The answer; for a build the diff.</param>
/// <param name="IsAccepted">Whether the last check accepts it.</param>
public sealed record AnswerJoined(int Round, string Text, bool IsAccepted) : GoalEvent
{
    /// <summary>Where the answer comes from.</summary>
    public ImmutableArray<EvidenceRecord> Evidence { get; init; } = [];

    /// <summary>Where accepted candidates contradicted each other, and what was made of it.</summary>
    public ImmutableArray<string> Contradictions { get; init; } = [];

    /// <summary>What the last check found wrong.</summary>
    public ImmutableArray<string> Faults { get; init; } = [];

    /// <summary>The score of the last check.</summary>
    public double Score { get; init; }

    /// <summary>The branch that carries the change, for a build.</summary>
    public string? Branch { get; init; }
}

/// <summary>What one candidate gave to an answer.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Author">The agent that wrote it.</param>
/// <param name="IsUsed">Whether something of it is in the answer.</param>
/// <param name="Reason">Why.</param>
/// <param name="Score">Its score.</param>
/// <param name="Critics">The critics that were for it.</param>
/// <param name="Tokens">What writing it cost, in tokens.</param>
/// <param name="Money">What writing it cost, in money.</param>
[GenerateSerializer, Immutable, Alias("hive.evidence")]
public sealed record EvidenceRecord(
    [property: Id(0)] string Candidate,
    [property: Id(1)] string Author,
    [property: Id(2)] bool IsUsed,
    [property: Id(3)] string Reason,
    [property: Id(4)] double Score,
    [property: Id(5)] ImmutableArray<string> Critics,
    [property: Id(6)] long Tokens,
    [property: Id(7)] decimal Money);

/// <summary>Votes on a step are about to be asked for; the most that they may cost is set aside.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Batch">The how-many-th asking for this step, from 0.</param>
/// <param name="Tier">The tier that is asked.</param>
/// <param name="Votes">How many votes.</param>
/// <param name="Tokens">The most tokens.</param>
/// <param name="Money">The most money.</param>
public sealed record VotesReserved(long Step, int Batch, string Tier, int Votes, long Tokens, decimal Money) : GoalEvent;

/// <summary>Votes came in that did not decide the step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Batch">The asking that is settled by this.</param>
/// <param name="Answers">The answers that count, in order; absent ones were thrown away.</param>
/// <param name="Thrown">How many were thrown away or failed.</param>
/// <param name="Tokens">What they cost in tokens.</param>
/// <param name="Money">What they cost in money.</param>
public sealed record VotesCounted(long Step, int Batch, ImmutableArray<string> Answers, int Thrown, long Tokens, decimal Money) : GoalEvent
{
    /// <summary>The states that come with the answers, in the same order; absent where the answers are the states.</summary>
    public ImmutableArray<string>? States { get; init; }
}

/// <summary>A step was decided.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Answer">The answer.</param>
/// <param name="State">The state after it; absent: the answer is the state.</param>
/// <param name="Votes">How many votes counted for this step.</param>
/// <param name="Agreed">How many of them were for the answer.</param>
/// <param name="Thrown">How many were thrown away or failed.</param>
/// <param name="Batch">The last asking, settled by this.</param>
/// <param name="Tokens">What the last asking cost in tokens.</param>
/// <param name="Money">What the last asking cost in money.</param>
/// <param name="Lead">By how much an answer had to lead.</param>
public sealed record StepDecided(long Step, string Answer, string? State, int Votes, int Agreed, int Thrown, int Batch, long Tokens, decimal Money, int Lead) : GoalEvent;

/// <summary>More may be spent.</summary>
/// <param name="Tokens">So many more tokens.</param>
/// <param name="Money">So much more money.</param>
/// <param name="Calls">So many more calls at each tier.</param>
/// <param name="Seconds">So many more seconds.</param>
/// <param name="Rounds">So many more rounds.</param>
public sealed record BudgetAdded(long Tokens, decimal Money, TierCalls Calls, double Seconds, int Rounds) : GoalEvent;

/// <summary>A person is asked.</summary>
/// <param name="Id">What for: a candidate, an effect, the outcome.</param>
/// <param name="What">The question, in a sentence.</param>
/// <param name="Details">What there is to know.</param>
public sealed record ApprovalAsked(string Id, string What, string Details) : GoalEvent;

/// <summary>A person, or the owner's policy, answered.</summary>
/// <param name="Id">What was asked.</param>
/// <param name="IsApproved">Whether it is approved.</param>
/// <param name="By">Who answered.</param>
/// <param name="Reason">Why; absent where nothing was said.</param>
public sealed record ApprovalGiven(string Id, bool IsApproved, string By, string? Reason) : GoalEvent;

/// <summary>A tool with side effects was asked for. Nothing has happened yet.</summary>
/// <param name="Id">The effect.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">Its arguments, as the brain wrote them.</param>
/// <param name="Candidate">The attempt that asked.</param>
public sealed record EffectRequested(string Id, string Tool, string Arguments, string Candidate) : GoalEvent;

/// <summary>A requested effect is about to be carried out; it is never begun twice.</summary>
/// <param name="Id">The effect.</param>
public sealed record EffectBegun(string Id) : GoalEvent;

/// <summary>A requested effect is over.</summary>
/// <param name="Id">The effect.</param>
/// <param name="Result">What the tool said, or why it was not run.</param>
/// <param name="IsError">Whether it failed, or was not run.</param>
public sealed record EffectEnded(string Id, string Result, bool IsError) : GoalEvent;
