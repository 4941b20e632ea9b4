using System.Globalization;
using Hive.Agents;
using Hive.Scheduling;
using Microsoft.Extensions.Logging;

namespace Hive.Goals;

/// <summary>
/// Takes a goal from where its log ends to its end: forks rounds, judges the winner, joins the outcome. It decides nothing that the planner or the check should,
/// records before anything counts, and runs inside the turns of the goal's grain.
/// </summary>
internal sealed partial class GoalRun(GoalProgress goal, GoalJournal journal, IGrainFactory grains, TimeProvider time, ILogger logger)
{
    /// <summary>How long after the goal's deadline its winner may still wait for a silo that measures it again, in seconds.</summary>
    private const double PatienceOfJudge = 10;

    private readonly SiloWatch _silos = new(goal, journal, grains, time);

    /// <summary>Runs to the end of the goal.</summary>
    /// <param name="stop">Stops the run where it is; the log lets it go on later.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!goal.IsEnded)
        {
            stop.ThrowIfCancellationRequested();
            switch (goal.State)
            {
                case GoalState.Accepted:
                    await MoveAsync(GoalState.Planning);
                    break;
                case GoalState.Planning:
                    await MoveAsync(GoalState.Exploring);
                    break;
                case GoalState.Exploring:
                    await ExploreAsync(stop);
                    break;
                case GoalState.Judging:
                    await JudgeAsync(stop);
                    break;
                default:
                    await JoinAsync();
                    break;
            }
        }
    }

    private async Task ExploreAsync(CancellationToken stop)
    {
        if (goal.Round.Count == 0)
        {
            var tasks = goal.MayFork ? goal.PlanRound() : [];
            if (tasks.Count == 0)
            {
                await MoveAsync(GoalState.Judging);
                return;
            }

            await journal.RecordAsync(new RoundForked(goal.Rounds, tasks.Count, TaskDigest.Of(tasks)));
        }

        var began = time.GetTimestamp();
        using (var round = new RoundDispatch(goal, journal, grains, _silos, logger, stop))
        {
            await round.RunAsync();
        }

        stop.ThrowIfCancellationRequested();
        var best = goal.Best;
        await journal.RecordAsync(new RoundJoined(goal.Rounds, time.GetElapsedTime(began).TotalSeconds, best is null ? null : goal.Record(best)));
    }

    /// <summary>Has the best candidate measured again by a fresh evaluator, and the next best where it does not repeat.</summary>
    private async Task JudgeAsync(CancellationToken stop)
    {
        if (goal.Winner is null && goal.Best is { } best && goal.MayDiscardMore)
        {
            if (!await VerifyAsync(goal.Record(best), stop))
            {
                await MoveAsync(GoalState.Joining);
            }
            else if (goal.Winner is null)
            {
                // What looked like the end of the search was not one: search on with what is left of the budget.
                await MoveAsync(GoalState.Exploring, "the winner did not repeat and is discarded");
            }

            return;
        }

        await MoveAsync(GoalState.Joining);
    }

    /// <returns>Whether anybody was here to measure.</returns>
    private async Task<bool> VerifyAsync(CandidateRecord candidate, CancellationToken stop)
    {
        if (await MeasureAsync(candidate.Value, stop) is not { } measured)
        {
            return false;
        }

        var reason = measured switch
        {
            { Failure: { } failure } => $"it could not be measured again: {failure}",
            { Violation: not 0 } => string.Create(CultureInfo.InvariantCulture, $"measured again, it violates its constraints by {measured.Violation:R}"),
            _ when !goal.Spec.Metric!.Repeats(candidate.Metric, measured.Metric) =>
                string.Create(CultureInfo.InvariantCulture, $"measured again, {goal.Spec.Metric!.Name} is {measured.Metric:R} and not {candidate.Metric:R}"),
            _ => null,
        };
        await journal.RecordAsync(new CandidateVerified(
            candidate,
            measured.Failure is null ? measured.Metric : null,
            measured.Failure is null ? measured.Violation : null,
            reason is null,
            reason));
        return true;
    }

    /// <summary>Asks an agent of a silo that is here; a silo that goes meanwhile is asked no longer. Absent where none was here until after the goal's deadline.</summary>
    private async Task<FreshMeasurement?> MeasureAsync(string candidate, CancellationToken stop)
    {
        var (began, waiting) = (_silos.Now, goal.Waiting);
        for (var lost = 0; ;)
        {
            await _silos.LookAsync();
            if (_silos.Idlest() is not { } silo)
            {
                _silos.TellWaiting(SiloWatch.NoSilo);
                if (_silos.SecondsLeft - (_silos.Now - began) < -PatienceOfJudge)
                {
                    return null;
                }

                await Task.Delay(SiloWatch.LookEvery, time, stop);
                continue;
            }

            _silos.TellWaiting(waiting);
            try
            {
                return await MeasureOnAsync(silo, candidate, stop);
            }
            catch (Exception e) when (e is OrleansException or TimeoutException or OperationCanceledException && !stop.IsCancellationRequested && ++lost < RoundDispatch.MaxLost)
            {
                silo.Pause(_silos.Now);
                LogLost(e, goal.Id, silo.Name);
            }
        }
    }

    private async Task<FreshMeasurement> MeasureOnAsync(SiloLoad silo, string candidate, CancellationToken stop)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var judge = grains.GetGrain<IAgentGrain>(new AgentKey(silo.Silo.Tier, silo.Name, $"{goal.Id}-judge").ToString());
        var measuring = judge.MeasureAsync(new GoalBrief(goal.Id, goal.SpecJson), candidate, gone.Token);
        while (await Task.WhenAny(measuring, Task.Delay(SiloWatch.LookEvery, time, stop)) != measuring)
        {
            await _silos.LookAsync();
            if (silo.IsGone)
            {
                await gone.CancelAsync();
                break;
            }
        }

        return await measuring;
    }

    private async Task JoinAsync()
    {
        var missing = goal.Missing();
        if (goal.Outcome is null)
        {
            await journal.RecordAsync(new OutcomeJoined(goal.Winner, missing));
        }

        var nothingWorked = goal.AttemptsDone == 0 && goal.AttemptsFailed > 0;
        await MoveAsync(
            missing.IsEmpty ? GoalState.Done : nothingWorked ? GoalState.Failed : GoalState.Exhausted,
            missing.IsEmpty ? null : missing[0]);
    }

    private Task MoveAsync(GoalState state, string? reason = null) => journal.RecordAsync(new StateChanged(state, reason));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Goal {Goal}: its winner was not measured again on {Silo}")]
    private partial void LogLost(Exception e, string goal, string silo);
}
