using System.Globalization;
using Hive.Goals;

namespace Hive.Silo.Display;

/// <summary>A goal's log in the words of a person who watches: what is worth a line, and the sums that a picture shows.</summary>
/// <param name="goal">The goal's id.</param>
/// <param name="options">What another command needs beside the id to find the goal.</param>
internal sealed class GoalStory(string goal, string options = "")
{
    private DateTimeOffset _began;
    private MetricCheck? _metric;

    /// <summary>What brains do for it.</summary>
    public CognitionStory Cognition { get; } = new(goal, options);

    /// <summary>The goal, once it was accepted.</summary>
    public GoalSpec? Spec { get; private set; }

    public GoalState State { get; private set; }

    public int Round { get; private set; }

    public long Evaluations { get; private set; }

    public long AttemptsDone { get; private set; }

    public long AttemptsFailed { get; private set; }

    public double? Best { get; private set; }

    public string? LastFailure { get; private set; }

    /// <summary>What the goal waits for; absent where it waits for nothing.</summary>
    public string? Waiting { get; private set; }

    /// <summary>The best value by the evaluations it took, each improvement once.</summary>
    public List<(long Evaluations, double Best)> Curve { get; } = [];

    /// <summary>Takes an entry in.</summary>
    /// <returns>A line, where the entry is worth one.</returns>
    public string? Tell(GoalEntry entry, GoalEvent happened) => happened switch
    {
        GoalAccepted accepted => Accept(entry, accepted),
        StateChanged changed => Move(entry, changed),
        RoundForked forked => Fork(entry, forked),
        AttemptFinished finished => Finish(entry, finished),
        GoalWaits waits => Wait(entry, waits),
        AnswerIgnored ignored => At(entry, $"an answer of {ignored.Agent} to attempt {ignored.Attempt} does not count: {ignored.Reason}"),
        RoundJoined => null,
        CandidateVerified verified => At(entry, verified.Holds
            ? $"verified: a fresh evaluator measures {Number(verified.Metric)}"
            : $"discarded a winner of {Number(verified.Candidate.Metric)}: {verified.Reason}"),
        _ => Cognition.Tell(entry.At, happened) is { } line ? At(entry, line) : null,
    };

    internal static string Number(double? value) => value is { } number ? number.ToString("G10", CultureInfo.InvariantCulture) : "nothing";

    private string Accept(GoalEntry entry, GoalAccepted accepted)
    {
        _began = entry.At;
        Spec = GoalFile.Parse(accepted.Spec);
        (_metric, Cognition.Spec) = (Spec.Metric, Spec);
        return At(entry, Spec.Objective);
    }

    private string? Move(GoalEntry entry, StateChanged changed)
    {
        State = changed.State;
        return State.IsEnd() || changed.Reason is not null
            ? At(entry, changed.Reason is { } reason ? $"{State.ToString().ToLowerInvariant()}: {reason}" : State.ToString().ToLowerInvariant())
            : null;
    }

    private string Wait(GoalEntry entry, GoalWaits waits)
    {
        Waiting = waits.For;
        return At(entry, waits.For is { } what ? $"waits: {what}" : "goes on");
    }

    private string? Fork(GoalEntry entry, RoundForked forked)
    {
        Round = forked.Round + 1;
        return At(entry, string.Create(CultureInfo.InvariantCulture, $"round {Round}: {forked.Tasks} attempts; {Evaluations:N0} evaluations so far, best {Number(Best)}"));
    }

    private string? Finish(GoalEntry entry, AttemptFinished finished)
    {
        Evaluations += finished.Evaluations;
        if (finished.Failure is { } failure)
        {
            AttemptsFailed++;
            var isNews = LastFailure != failure;
            LastFailure = failure;
            return isNews ? At(entry, $"attempt {finished.Attempt} failed: {failure}") : null;
        }

        AttemptsDone++;
        var improved = finished.Candidates.FirstOrDefault(candidate => candidate.Violation == 0 && (Best is not { } best || _metric!.IsBetter(candidate.Metric, best)));
        if (improved is null)
        {
            return null;
        }

        Best = improved.Metric;
        Curve.Add((Evaluations, improved.Metric));
        return At(entry, $"{_metric!.Name} {Number(Best)}  (attempt {finished.Attempt}, {finished.Agent})");
    }

    private string At(GoalEntry entry, string text) => string.Create(CultureInfo.InvariantCulture, $"{(entry.At - _began).TotalSeconds,7:F1} s  {text}");
}
