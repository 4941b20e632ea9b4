using System.Collections.Immutable;
using Hive.Brains;
using Hive.Cognition.Agents;
using Hive.Cognition.Plans;
using Hive.Cognition.Prompts;
using Hive.Cognition.Votes;
using Hive.Goals;

namespace Hive.Cognition;

/// <summary>
/// One task of one round whose answers can be compared, as its plan says: answers are asked for until one leads by k, at the cheapest tier first. What is empty, over-long or cut off is
/// thrown away.
/// </summary>
internal sealed class TaskVote(Desk desk, int round, PlannedTask task)
{
    /// <summary>How often a brain is taken to be right where nothing is measured.</summary>
    private const double Accuracy = 0.8;

    private const double UsualConfidence = 0.98;
    private const int MostPerTier = 24;
    private const int MaxAnswer = 2_000;

    private string Id => FormattableString.Invariant($"r{round}.{task.Id}");

    /// <summary>Works on the task to its end: an answer that leads, or none.</summary>
    /// <param name="faults">What was wrong in the round before.</param>
    /// <param name="stop">The task is not wanted any more.</param>
    public async Task<TaskEnd> RunAsync(ImmutableArray<string> faults, CancellationToken stop)
    {
        var lead = VoteMathematics.LeadFor(Accuracy, 1, desk.Spec.Critics?.Confidence ?? UsualConfidence);
        var (asked, standing) = (0, "");
        try
        {
            await desk.Brains.WaitForAnyAsync(stop);
            for (var tier = desk.Brains.Resolve(task.Tier); tier is not null; tier = desk.Brains.Above(tier))
            {
                var (tally, first, here) = (new VoteTally(lead), new Dictionary<string, Candidate>(StringComparer.Ordinal), 0);
                while (tally.Winner is null && tally.Needed <= MostPerTier - here)
                {
                    var (from, at) = (asked, tier);
                    here += tally.Needed;
                    asked += tally.Needed;
                    foreach (var vote in await Together.AllAsync(tally.Needed, (i, all) => AskAsync(at, from + i, all), stop))
                    {
                        if (vote is { } given && tally.Winner is null)
                        {
                            var answer = Comparable(given.Text);
                            tally.Add(answer);
                            first.TryAdd(answer, given);
                        }
                    }
                }

                if (tally.Winner is { } winner)
                {
                    return await TakeAsync(first[winner], (double)tally.Leading / tally.Votes, 1 - VoteMathematics.StepReliability(Accuracy, tally.Margin), faults);
                }

                standing = FormattableString.Invariant($"{tally.Votes} votes, {tally.Counts.Count} different answers, the first {tally.Margin} ahead of the second, {lead} needed");
            }
        }
        catch (BudgetExhaustedException e)
        {
            return new TaskEnd(task, null, null, null, faults, e.Message);
        }

        return new TaskEnd(task, null, null, null, [$"no answer leads: {standing}"], null);
    }

    /// <summary>Answers are the same but for white space.</summary>
    private static string Comparable(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<TaskEnd> TakeAsync(Candidate taken, double share, double doubt, ImmutableArray<string> faults)
    {
        var id = $"{Id}.votes";
        if (desk.Progress.Verdict(id) is null)
        {
            await desk.Journal.RecordAsync(new CandidateJudged(id, task.Id, taken.Author, share, doubt, IsAccepted: true));
        }

        return new TaskEnd(task, taken with { Score = share }, null, null, faults, null);
    }

    /// <returns>The answer; absent where it is thrown away, or no brain gave one.</returns>
    private async Task<Candidate?> AskAsync(string tier, int vote, CancellationToken stop)
    {
        var id = FormattableString.Invariant($"{Id}.v{vote}");
        var context = task.Context.Length == 0 ? desk.Context : $"{Fence.Wrap("context", task.Context)}\n\n{desk.Context}".TrimEnd();
        var prompt = desk.Parts.Prompts.Render("vote", ("question", task.Instruction), ("context", context), ("answer-format", ""));
        try
        {
            var answer = await desk.Caller.AskAsync(desk.Ask(id, tier, "vote", prompt) with { Temperature = Roles.Temperature(vote, desk.Policy.TemperatureRange) }, stop);
            var text = answer.Reply.Text.Trim();
            return answer.Reply.IsCut || text.Length is 0 or > MaxAnswer ? null : new Candidate(id, task.Id, text, answer.Agent, answer.Model) { Attempt = vote };
        }
        catch (NoAnswerException)
        {
            return null;
        }
    }
}
