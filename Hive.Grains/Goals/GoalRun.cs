using System.Collections.Immutable;
using System.Globalization;
using Hive.Agents;
using Hive.Silos;
using Microsoft.Extensions.Logging;

namespace Hive.Goals;

/// <summary>
/// Takes a goal from where its log ends to its end: forks rounds, judges the winner, joins the outcome. It decides nothing that the planner or the check should,
/// records before anything counts, and runs inside the turns of the goal's grain.
/// </summary>
internal sealed partial class GoalRun(GoalProgress goal, GoalJournal journal, IGrainFactory grains, TimeProvider time, ILogger logger)
{
    /// <summary>How many silos may be lost under one attempt before it counts as failed.</summary>
    private const int MaxLostSilos = 5;

    /// <summary>The most characters of candidates that one attempt's entry in the log carries.</summary>
    private const int MaxCandidateText = 900_000;

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
        await AttemptAllAsync(stop);
        stop.ThrowIfCancellationRequested();
        var best = goal.Best;
        await journal.RecordAsync(new RoundJoined(goal.Rounds, time.GetElapsedTime(began).TotalSeconds, best is null ? null : goal.Record(best)));
    }

    /// <summary>Dispatches what the round lacks and waits for all of it.</summary>
    private async Task AttemptAllAsync(CancellationToken stop)
    {
        using var round = new RoundDispatch(await SilosAsync(stop), goal, time, stop);
        try
        {
            foreach (var task in goal.Round)
            {
                if (goal.HasResult(task.Index))
                {
                    continue;
                }

                await round.Window.WaitAsync(stop);
                await journal.MakeRoomAsync();
                round.Begin();
                _ = AttemptAsync(task, round);
            }
        }
        finally
        {
            // Also where dispatching stops half-way: nothing of a round outlives it.
            await round.WhenAllEndedAsync();
        }
    }

    /// <summary>One attempt, to its end. What it brings back is recorded and not waited for: the round's join is recorded after it, and so counts after it.</summary>
    private async Task AttemptAsync(ExplorationTask task, RoundDispatch round)
    {
        try
        {
            var attempt = AttemptId.Of(task);
            for (var lost = 0; round.IsWanted(task); lost++)
            {
                var agent = round.AgentOf(task);
                journal.Record(new AttemptStarted(attempt, agent, task.Strategy));
                try
                {
                    var result = await grains.GetGrain<IAgentGrain>(agent).ExploreAsync(round.AttemptFor(task), round.CancellationOf(task));
                    round.Heed(task, result);
                    Record(attempt, agent, result);
                    return;
                }
                catch (OperationCanceledException)
                {
                    // It is not wanted any more.
                    return;
                }
                catch (OrleansException e) when (lost < MaxLostSilos)
                {
                    // The agent went with its silo; the attempt goes to another, under the same id.
                    LogLost(e, goal.Id, attempt, agent);
                    await round.LoseAsync(agent, SilosAsync);
                }
                catch (Exception e)
                {
                    // Whatever goes wrong in one attempt is that attempt's failure alone.
                    Record(attempt, agent, new ExplorationResult(task.Index, 0, 0, [], $"{e.GetType().Name}: {e.Message}"));
                    return;
                }
            }
        }
        catch (Exception e)
        {
            round.Fail(e);
        }
        finally
        {
            round.End();
        }
    }

    private void Record(string attempt, string agent, ExplorationResult result)
    {
        var kept = result;
        var candidates = ImmutableArray.CreateBuilder<CandidateRecord>();
        var text = 0;
        foreach (var elite in result.Best)
        {
            var candidate = goal.Record(elite);
            text += candidate.Value.Length;
            if (candidates.Count > 0 && text > MaxCandidateText)
            {
                // What does not fit the log must not count either: a replay would not know of it.
                kept = result with { Best = result.Best[..candidates.Count] };
                break;
            }

            candidates.Add(candidate);
        }

        journal.Record(new AttemptFinished(attempt, agent, result.Evaluations, result.Failures, candidates.ToImmutable(), result.Failure) { Result = kept });
    }

    /// <summary>Has the best candidate measured again by a fresh evaluator, and the next best where it does not repeat.</summary>
    private async Task JudgeAsync(CancellationToken stop)
    {
        if (goal.Winner is null && goal.Best is { } best && goal.MayDiscardMore)
        {
            await VerifyAsync(goal.Record(best), stop);
            if (goal.Winner is null)
            {
                // What looked like the end of the search was not one: search on with what is left of the budget.
                await MoveAsync(GoalState.Exploring, "the winner did not repeat and is discarded");
            }

            return;
        }

        await MoveAsync(GoalState.Joining);
    }

    private async Task VerifyAsync(CandidateRecord candidate, CancellationToken stop)
    {
        var measured = await MeasureAsync(candidate.Value, stop);
        var reason = measured switch
        {
            { Failure: { } failure } => $"it could not be measured again: {failure}",
            { Violation: not 0 } => string.Create(CultureInfo.InvariantCulture, $"measured again, it violates its constraints by {measured.Violation:R}"),
            _ when !goal.Spec.Metric.Repeats(candidate.Metric, measured.Metric) =>
                string.Create(CultureInfo.InvariantCulture, $"measured again, {goal.Spec.Metric.Name} is {measured.Metric:R} and not {candidate.Metric:R}"),
            _ => null,
        };
        await journal.RecordAsync(new CandidateVerified(
            candidate,
            measured.Failure is null ? measured.Metric : null,
            measured.Failure is null ? measured.Violation : null,
            reason is null,
            reason));
    }

    private async Task<FreshMeasurement> MeasureAsync(string candidate, CancellationToken stop)
    {
        for (var lost = 0; ; lost++)
        {
            var silos = await SilosAsync(stop);
            var silo = silos[lost % silos.Length];
            try
            {
                var judge = grains.GetGrain<IAgentGrain>(new AgentKey(silo.Tier, silo.Name, $"{goal.Id}-judge").ToString());
                return await judge.MeasureAsync(new GoalBrief(goal.Id, goal.SpecJson), candidate, stop);
            }
            catch (OrleansException e) when (lost < MaxLostSilos)
            {
                LogLost(e, goal.Id, "judge", silo.Name);
            }
        }
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

    /// <summary>The silos of the cheapest tier that is here.</summary>
    private async Task<SiloAnnouncement[]> SilosAsync(CancellationToken stop)
    {
        while (true)
        {
            var silos = await grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).ListAsync();
            foreach (var tier in Tiers.All)
            {
                var ofTier = silos.Where(silo => silo.Tier == tier).ToArray();
                if (ofTier.Length > 0)
                {
                    return ofTier;
                }
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time, stop);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Goal {Goal}: attempt {Attempt} was lost with {Agent}")]
    private partial void LogLost(Exception e, string goal, string attempt, string agent);
}
