using System.Collections.Immutable;

namespace Hive.Cognition.Join;

/// <summary>A candidate to be joined with others.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">What it says.</param>
/// <param name="Score">How well it was judged, 0 to 1.</param>
/// <param name="Task">The task it answers, in words fit for a heading.</param>
public sealed record JoinCandidate(string Id, string Text, double Score, string Task);

/// <summary>What was made of candidates.</summary>
/// <param name="Outcome">The outcome's text.</param>
/// <param name="Sources">What became of each candidate, the best first.</param>
/// <param name="Contradictions">Where candidates contradicted one another.</param>
public sealed record Joined(string Outcome, ImmutableArray<JoinSource> Sources, ImmutableArray<Contradiction> Contradictions);

/// <summary>What became of a candidate.</summary>
/// <param name="Candidate">The candidate's id.</param>
/// <param name="Use">Whether the outcome rests on it.</param>
/// <param name="Rank">Its rank, 1 for the best; candidates may share one.</param>
/// <param name="Reason">Why.</param>
public sealed record JoinSource(string Candidate, SourceUse Use, int Rank, string Reason);

/// <summary>Whether an outcome rests on a candidate.</summary>
public enum SourceUse
{
    /// <summary>It does.</summary>
    Used,

    /// <summary>It does not.</summary>
    Discarded,
}

/// <summary>A point on which accepted candidates contradict one another, and how it was resolved.</summary>
/// <param name="Candidates">The ids of those that do, at least two.</param>
/// <param name="About">The point.</param>
/// <param name="Resolution">What the outcome says of it.</param>
/// <param name="Reason">Why that and nothing else.</param>
public sealed record Contradiction(ImmutableArray<string> Candidates, string About, string Resolution, string Reason);
