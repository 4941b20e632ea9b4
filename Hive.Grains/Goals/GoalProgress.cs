using System.Collections.Immutable;
using Hive.Cognition;
using Hive.Planning;
using Hive.Spaces;

namespace Hive.Goals;

/// <summary>
/// A goal as its log tells it: nothing here comes from anywhere but <see cref="Apply"/>, so that a replayed log and a lived life end in the same state.
/// It knows no grain, no clock and no storage.
/// </summary>
internal sealed class GoalProgress
{
    /// <summary>How many winners that do not repeat are tried one after the other before the goal ends without one.</summary>
    public const int MaxDiscarded = 16;

    private readonly List<CandidateRecord> _discarded = [];
    private MetricPlanner _planner = null!;
    private ExplorationResult?[] _results = [];
    private IReadOnlyList<ExplorationTask>? _plan;
    private readonly Dictionary<string, long> _attempts = new(StringComparer.Ordinal);
    private string? _firstFailure;

    public GoalProgress(string id) => Id = id;

    public string Id { get; }

    public GoalSpec Spec { get; private set; } = null!;

    public string SpecJson { get; private set; } = "";

    public SearchSpace Space { get; private set; } = null!;

    /// <summary>What a goal for brains has lived through; absent for a goal that is judged by a metric.</summary>
    public CognitionProgress? Cognition { get; private set; }

    public bool IsAccepted { get; private set; }

    public GoalState State { get; private set; }

    public string? Reason { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The tasks of the round that is under way; empty between rounds.</summary>
    public IReadOnlyList<ExplorationTask> Round { get; private set; } = [];

    /// <summary>How many rounds were joined.</summary>
    public int Rounds { get; private set; }

    public double Seconds { get; private set; }

    public long Evaluations { get; private set; }

    public long AttemptsDone { get; private set; }

    public long AttemptsFailed { get; private set; }

    /// <summary>How many answers did not count.</summary>
    public long AnswersIgnored { get; private set; }

    /// <summary>What the goal waits for that is not here.</summary>
    public string? Waiting { get; private set; }

    /// <summary>The verified winner as the fresh evaluator measured it.</summary>
    public CandidateRecord? Winner { get; private set; }

    public OutcomeJoined? Outcome { get; private set; }

    public bool IsEnded => State.IsEnd();

    /// <summary>Whether an attempt of the round under way has been recorded.</summary>
    public bool HasResult(int index) => _results[index] is not null;

    /// <summary>The tasks that the round to come will have; none where the budget is used. The round counts from <see cref="RoundForked"/> on.</summary>
    public IReadOnlyList<ExplorationTask> PlanRound() => _plan ??= _planner.Fork();

    /// <summary>Whether the round under way uses the budget up: no agent will be asked to go on from it.</summary>
    public bool IsLastRound => Rounds + 1 >= Spec.Budget.Rounds || Evaluations + Round.Where(task => !HasResult(task.Index)).Sum(task => task.Evaluations) >= Spec.Budget.Evaluations;

    /// <summary>Whether another round may be forked: no end of the budget or of the goal stands against it.</summary>
    public bool MayFork => !(Spec.Budget.Rounds <= Rounds) && !_planner.IsDone;

    /// <summary>The best feasible candidate that was not discarded.</summary>
    public Elite? Best => _planner.Elites.FirstOrDefault(elite => elite.Violation == 0 && !IsDiscarded(elite));

    public void Apply(DateTimeOffset at, GoalEvent happened)
    {
        Cognition?.Apply(at, happened);
        switch (happened)
        {
            case GoalAccepted accepted:
                Accept(at, accepted.Spec);
                break;
            case StateChanged changed:
                (State, Reason, UpdatedAt) = (changed.State, changed.Reason, at);
                break;
            case RoundForked forked:
                Fork(forked);
                break;
            case AttemptFinished finished:
                Finish(finished);
                break;
            case AnswerIgnored:
                AnswersIgnored++;
                break;
            case GoalWaits waits:
                Waiting = waits.For;
                break;
            case RoundJoined joined:
                Join(joined);
                break;
            case CandidateVerified verified:
                Verify(verified);
                break;
            case OutcomeJoined outcome:
                Outcome = outcome;
                break;
        }
    }

    /// <summary>What is missing to what was asked for.</summary>
    public ImmutableArray<string> Missing()
    {
        var metric = Spec.Metric!;
        if (Waiting is { } lacking && !(Winner is { } reached && metric.Reaches(reached.Metric)))
        {
            return [$"{lacking}, and none joined before the deadline"];
        }

        if (Winner is null)
        {
            return [(AttemptsDone, _discarded.Count) switch
            {
                (0, _) when _firstFailure is { } failure => $"no attempt came back with a candidate; the first failure: {failure}",
                (_, > 0) => $"no candidate repeats when it is measured again ({_discarded.Count} discarded); a noisy evaluator needs check.metric.tolerance",
                _ => "no feasible candidate was found",
            }];
        }

        return metric.Target is { } target && !metric.Reaches(Winner.Metric)
            ? [FormattableString.Invariant($"target {target:R} of {metric.Name} is not reached; the best verified is {Winner.Metric:R}")]
            : [];
    }

    public GoalStatus ToStatus() => Cognition is { } cognition ? CognitionReport.Of(this, cognition) : Measured();

    /// <summary>A candidate as it is written to the log.</summary>
    public CandidateRecord Record(Elite elite) => new(Space.ToJson(elite.Point.AsSpan()), elite.Metric, elite.Violation);

    private GoalStatus Measured()
    {
        var best = Best;
        var value = Winner?.Metric ?? best?.Metric;
        return new GoalStatus
        {
            Id = Id,
            State = State,
            Reason = Reason,
            Objective = Spec.Objective,
            Metric = new MetricStatus(
                Spec.Metric!.Name,
                value,
                Spec.Metric.Direction == MetricDirection.Maximize ? "maximize" : "minimize",
                Spec.Metric.Target,
                value is { } reached && Spec.Metric.Reaches(reached)),
            Candidate = Winner?.Value ?? (best is null ? "null" : Space.ToJson(best.Point.AsSpan())),
            Verified = Winner is not null,
            Evaluations = Evaluations,
            Attempts = new AttemptCounts(AttemptsDone, AttemptsFailed, AnswersIgnored),
            Rounds = Rounds,
            Seconds = Seconds,
            Strategies = [.. _planner.Strategies.Select(strategy => new StrategyStatus(strategy.Name, _attempts.GetValueOrDefault(strategy.Name), strategy.Best))],
            Discarded = _discarded.Count,
            Missing = Outcome?.Missing ?? [],
            Waiting = IsEnded ? null : Waiting,
        };
    }

    private void Accept(DateTimeOffset at, string spec)
    {
        SpecJson = spec;
        Spec = GoalFile.Parse(spec);
        if (Spec.Cognition is null)
        {
            Space = SearchSpace.Of(Spec.Space);
            _planner = new MetricPlanner(Spec, Space);
        }
        else
        {
            Cognition = new CognitionProgress(Spec);
        }

        (IsAccepted, State, CreatedAt, UpdatedAt) = (true, GoalState.Accepted, at, at);
    }

    private void Fork(RoundForked forked)
    {
        Round = PlanRound();
        _plan = null;
        if (TaskDigest.Of(Round) != forked.Digest)
        {
            throw new GoalHistoryException(
                $"goal {Id}: round {forked.Round} was forked by another version of Hive, whose planner decides otherwise; finish it with that version, or submit the goal anew");
        }

        _results = new ExplorationResult?[Round.Count];
    }

    private void Finish(AttemptFinished finished)
    {
        var (round, index) = AttemptId.Parse(finished.Attempt);
        if (round != Rounds || index >= _results.Length || _results[index] is not null)
        {
            return;
        }

        _results[index] = finished.Result ?? ReadBack(index, finished);
        var strategy = Round[index].Strategy;
        _attempts[strategy] = _attempts.GetValueOrDefault(strategy) + 1;
        Evaluations += finished.Evaluations;
        if (finished.Failure is null)
        {
            AttemptsDone++;
        }
        else
        {
            AttemptsFailed++;
            _firstFailure ??= finished.Failure;
        }
    }

    private ExplorationResult ReadBack(int index, AttemptFinished finished) => new(
        index,
        finished.Evaluations,
        finished.Failures,
        [.. finished.Candidates.Select(candidate => new Elite([.. Space.FromJson(candidate.Value)], candidate.Metric, candidate.Violation))],
        finished.Failure);

    /// <summary>
    /// Tells the planner the results in the order of the tasks, not of their arrival, and only as far as the first that reached the target:
    /// so a goal repeats from its seed however its attempts were scheduled.
    /// </summary>
    private void Join(RoundJoined joined)
    {
        var reached = false;
        for (var index = 0; index < _results.Length; index++)
        {
            var result = reached ? null : _results[index];
            _planner.Record(result ?? new ExplorationResult(index, 0, 0, [], "not wanted any more"));
            reached |= result is not null && ReachesTarget(result);
        }

        Seconds += joined.Seconds;
        _planner.Close(joined.Seconds);
        Rounds++;
        Round = [];
        _results = [];
    }

    /// <summary>Whether a result holds a feasible candidate that reaches the target.</summary>
    public bool ReachesTarget(ExplorationResult result) =>
        result.Best.Any(elite => elite.Violation == 0 && Spec.Metric!.Reaches(elite.Metric) && !IsDiscarded(elite));

    private void Verify(CandidateVerified verified)
    {
        if (verified.Holds)
        {
            Winner = verified.Candidate with { Metric = verified.Metric!.Value, Violation = 0 };
        }
        else
        {
            _discarded.Add(verified.Candidate);
            _planner.Discard(new Elite([.. Space.FromJson(verified.Candidate.Value)], verified.Candidate.Metric, verified.Candidate.Violation));
        }
    }

    private bool IsDiscarded(Elite elite) =>
        _discarded.Count > 0 && Space.ToJson(elite.Point.AsSpan()) is var value && _discarded.Exists(discarded => discarded.Value == value);

    public bool MayDiscardMore => _discarded.Count < MaxDiscarded;
}
