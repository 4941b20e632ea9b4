using Hive.Cognition.Votes;
using Hive.Goals;

namespace Hive.Cognition.Steps;

/// <summary>By how much an answer has to lead: as the author says, or as the reliability asks for, given how often answers were right so far.</summary>
/// <param name="check">The check.</param>
/// <param name="steps">How many steps the goal has at most.</param>
/// <param name="measured">What the decided steps show.</param>
internal sealed class LeadRule(VotesCheck check, long steps, StepsProgress measured)
{
    /// <summary>The lead of a step at a tier. The votes on the step itself are evidence too: where they disagree more than those before, its answer must lead by more.</summary>
    public int At(string tier, VoteTally votes) =>
        check.Lead ?? measured.AccuracyAt(tier).With(votes.Leading, votes.Votes).LeadFor(steps, check.Reliability);

    /// <summary>The lead of a step without votes.</summary>
    public int At(string tier) => check.Lead ?? measured.AccuracyAt(tier).LeadFor(steps, check.Reliability);
}
