using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Hive.Goals;

/// <summary>What happened to a goal. The log of these is the truth: the goal's state is a function of them.</summary>
public abstract record GoalEvent
{
    private protected GoalEvent()
    {
    }
}

/// <summary>The goal was accepted.</summary>
/// <param name="Spec">The goal as its canonical JSON.</param>
public sealed record GoalAccepted([property: JsonConverter(typeof(RawJsonConverter))] string Spec) : GoalEvent;

/// <summary>The goal moved on.</summary>
/// <param name="State">Where to.</param>
/// <param name="Reason">Why; absent where it is the usual way.</param>
public sealed record StateChanged(GoalState State, string? Reason) : GoalEvent;

/// <summary>A round was forked. Its tasks follow from the log before it; the digest tells whether they still do after an upgrade.</summary>
/// <param name="Round">The round, from 0.</param>
/// <param name="Tasks">How many tasks it has.</param>
/// <param name="Digest">SHA-256 over the tasks, the first 16 hexadecimal digits.</param>
public sealed record RoundForked(int Round, int Tasks, string Digest) : GoalEvent;

/// <summary>An attempt was given to an agent. A second one of the same attempt means that the first was lost with its process.</summary>
/// <param name="Attempt">The attempt, <c>round.index</c>.</param>
/// <param name="Agent">The agent's key, which names tier and silo.</param>
/// <param name="Strategy">What it explores with.</param>
public sealed record AttemptStarted(string Attempt, string Agent, string Strategy) : GoalEvent;

/// <summary>An attempt came back. It counts once, whatever arrives later under its name.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Agent">The agent's key.</param>
/// <param name="Evaluations">How many points it had measured.</param>
/// <param name="Failures">How many of those could not be measured.</param>
/// <param name="Candidates">Its best candidates, best first.</param>
/// <param name="Failure">Why it failed as a whole; absent where it did not.</param>
public sealed record AttemptFinished(
    string Attempt, string Agent, long Evaluations, long Failures, ImmutableArray<CandidateRecord> Candidates, string? Failure) : GoalEvent
{
    /// <summary>The same as it came, where it need not be read back from the candidates; not stored.</summary>
    [JsonIgnore]
    public ExplorationResult? Result { get; init; }

    /// <summary>Which life of the silo says that it ran the attempt; absent where none does.</summary>
    public string? Incarnation { get; init; }
}

/// <summary>An answer that does not count: it came after another of the same attempt, or from a silo that was not given the attempt, or it is no answer.</summary>
/// <param name="Attempt">The attempt that was asked for.</param>
/// <param name="Agent">The agent that was asked.</param>
/// <param name="Reason">Why it does not count.</param>
public sealed record AnswerIgnored(string Attempt, string Agent, string Reason) : GoalEvent;

/// <summary>The goal waits for something that is not here, or goes on.</summary>
/// <param name="For">What it waits for; absent: it goes on.</param>
public sealed record GoalWaits(string? For) : GoalEvent;

/// <summary>A round was joined: every attempt of it that counts was recorded before.</summary>
/// <param name="Round">The round.</param>
/// <param name="Seconds">How long the round took.</param>
/// <param name="Best">The best candidate so far; absent where there is none.</param>
public sealed record RoundJoined(int Round, double Seconds, CandidateRecord? Best) : GoalEvent;

/// <summary>A winner was measured again by a fresh evaluator.</summary>
/// <param name="Candidate">The candidate with its first measurement.</param>
/// <param name="Metric">What the fresh evaluator says; absent where it could not measure.</param>
/// <param name="Violation">The fresh evaluator's violation.</param>
/// <param name="Holds">Whether it repeats. One that does not is discarded.</param>
/// <param name="Reason">Why it does not hold; absent where it does.</param>
public sealed record CandidateVerified(CandidateRecord Candidate, double? Metric, double? Violation, bool Holds, string? Reason) : GoalEvent;

/// <summary>The outcome was joined.</summary>
/// <param name="Candidate">The verified winner; absent where nothing held.</param>
/// <param name="Missing">What is missing to what was asked for; empty where nothing is.</param>
public sealed record OutcomeJoined(CandidateRecord? Candidate, ImmutableArray<string> Missing) : GoalEvent;

/// <summary>A candidate in the log.</summary>
/// <param name="Value">The candidate as JSON: the names of the space with their values.</param>
/// <param name="Metric">Its metric.</param>
/// <param name="Violation">How far from feasible; 0 is feasible.</param>
public sealed record CandidateRecord([property: JsonConverter(typeof(RawJsonConverter))] string Value, double Metric, double Violation);
