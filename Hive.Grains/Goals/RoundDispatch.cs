using System.Collections;
using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Hive.Agents;
using Hive.Scheduling;
using Microsoft.Extensions.Logging;

namespace Hive.Goals;

/// <summary>
/// One round while it is dispatched. The scheduler says which task goes where; each attempt is one call, recorded before it is made. What was under way on a silo that
/// is gone runs elsewhere too, under the same id, and the first answer counts. It runs inside the turns of the goal's grain.
/// </summary>
internal sealed partial class RoundDispatch : IDisposable
{
    /// <summary>How often one attempt may be lost with its silo before it counts as failed.</summary>
    public const int MaxLost = 16;

    /// <summary>The most characters of candidates that one attempt's entry in the log carries.</summary>
    private const int MaxCandidateText = 900_000;

    /// <summary>How long after the goal's deadline answers are still waited for, in seconds: every slice ends by itself before it.</summary>
    private const double Patience = 10;

    private readonly GoalProgress _goal;
    private readonly GoalJournal _journal;
    private readonly IGrainFactory _grains;
    private readonly SiloWatch _silos;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end;
    private readonly GoalBrief _brief;
    private readonly bool _isLast;
    private readonly BitArray _settled;
    private readonly Dictionary<int, int> _lost = [];
    private readonly Dictionary<int, CancellationTokenSource>? _cancellations;
    private int _open;
    private int _reached = int.MaxValue;
    private int _calls;
    private TaskCompletionSource? _changed;
    private Exception? _failure;

    public RoundDispatch(GoalProgress goal, GoalJournal journal, IGrainFactory grains, SiloWatch silos, ILogger logger, CancellationToken stop)
    {
        (_goal, _journal, _grains, _silos, _logger) = (goal, journal, grains, silos, logger);
        _end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _brief = new GoalBrief(goal.Id, goal.SpecJson);
        _isLast = goal.IsLastRound;
        _settled = new BitArray(goal.Round.Count);
        _cancellations = goal.Spec.Metric!.Target is null ? null : [];
        _silos.RoundBegan = _silos.Now;
    }

    private bool IsOpen => _open > 0 && _failure is null && !_end.IsCancellationRequested;

    private SiloScheduler Scheduler => _silos.Scheduler;

    /// <summary>Dispatches what the round lacks and waits until every task has its result, is not wanted any more, or cannot have one before the goal's deadline.</summary>
    public async Task RunAsync()
    {
        await _silos.LookAsync();
        Offer();
        var watching = WatchAsync();
        try
        {
            while (IsOpen)
            {
                if (Scheduler.Next(_silos.Now) is { } assignment)
                {
                    await _journal.MakeRoomAsync();
                    Begin(assignment);
                }
                else
                {
                    await ChangedAsync();
                }
            }
        }
        finally
        {
            await EndAsync(watching);
        }
    }

    public void Dispose()
    {
        foreach (var source in _cancellations?.Values ?? Enumerable.Empty<CancellationTokenSource>())
        {
            source.Dispose();
        }

        _end.Dispose();
    }

    private void Offer()
    {
        var tasks = new List<ScheduledTask>(_goal.Round.Count);
        foreach (var task in _goal.Round)
        {
            if (_goal.HasResult(task.Index))
            {
                _settled[task.Index] = true;
            }
            else
            {
                tasks.Add(ScheduledOf(task));
            }
        }

        _open = tasks.Count;
        Scheduler.Offer(tasks, _silos.Now);
        _silos.TellMissing(Scheduler.Missing);
    }

    private static ScheduledTask ScheduledOf(ExplorationTask task) => new(task.Index, task.Tier, task.Agent, !task.Fresh, Math.Max(1, task.Evaluations));

    /// <summary>Looks after the silos until the round is over: what was lost with one goes elsewhere, and a deadline that is over ends what waits in vain.</summary>
    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(SiloWatch.LookEvery, _silos.Time, _end.Token);
                var orphans = await _silos.LookAsync();
                foreach (var orphan in orphans.Where(orphan => !orphan.HasTwin && !_settled[orphan.Task.Index]))
                {
                    orphan.HasTwin = true;
                    Scheduler.OfferAgain(orphan, _silos.Now);
                }

                _silos.TellMissing(Scheduler.Missing);
                HeedDeadline();
                Tell();
            }
        }
        catch (OperationCanceledException)
        {
            Tell();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void HeedDeadline()
    {
        if (_silos.SecondsLeft is { } left && (left <= -Patience || (left <= 0 && Scheduler.Missing.Any() && Scheduler.UnderWay == 0)))
        {
            _open = 0;
        }
    }

    private void Begin(Assignment assignment)
    {
        var index = assignment.Task.Index;
        if (_settled[index] || index > _reached)
        {
            Scheduler.End(assignment, _silos.Now);
            Settle(index);
            return;
        }

        _calls++;
        _ = AttemptAsync(_goal.Round[index], assignment);
    }

    /// <summary>One attempt, to its end. What it brings back is recorded and not waited for: the round's join is recorded after it, and so counts after it.</summary>
    private async Task AttemptAsync(ExplorationTask task, Assignment assignment)
    {
        try
        {
            var attempt = AttemptId.Of(task);
            var agent = new AgentKey(assignment.Silo.Silo.Tier, assignment.Silo.Name, $"{_goal.Id}-{task.Agent}").ToString();
            _journal.Record(new AttemptStarted(attempt, agent, task.Strategy));
            try
            {
                var answer = await _grains.GetGrain<IAgentGrain>(agent).ExploreAsync(new ExplorationAttempt(_brief, task, SecondsLeft, _isLast), CancellationOf(task));
                Take(task, assignment, attempt, agent, answer);
            }
            catch (OperationCanceledException) when (CancellationOf(task).IsCancellationRequested)
            {
                // It is not wanted any more.
                Scheduler.End(assignment, _silos.Now);
                Settle(task.Index);
            }
            catch (Exception e) when (e is OrleansException or TimeoutException or OperationCanceledException)
            {
                Lose(task, assignment, attempt, agent, e);
            }
            catch (Exception e)
            {
                // Whatever goes wrong in one attempt is that attempt's failure alone.
                Scheduler.End(assignment, _silos.Now);
                Record(task, attempt, agent, Failed(task, $"{e.GetType().Name}: {e.Message}"));
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
        finally
        {
            _calls--;
            Tell();
        }
    }

    private void Take(ExplorationTask task, Assignment assignment, string attempt, string agent, ExplorationResult answer)
    {
        var fault = AnswerCheck.Fault(agent, task, _goal.Space, answer);
        if (fault is not null)
        {
            _journal.Record(new AnswerIgnored(attempt, agent, fault));
            Lose(task, assignment, attempt, agent, new OrleansException(fault));
            return;
        }

        Scheduler.Finish(assignment, answer.Evaluations, answer.SecondsAtWork, _silos.Now);
        if (_settled[task.Index])
        {
            _journal.Record(new AnswerIgnored(attempt, agent, "another answer to this attempt came first"));
            return;
        }

        Heed(task, answer);
        Record(task, attempt, agent, answer);
    }

    /// <summary>The agent went with its silo, or answered what it was not asked: the attempt goes to another, under the same id.</summary>
    private void Lose(ExplorationTask task, Assignment assignment, string attempt, string agent, Exception reason)
    {
        Scheduler.Lose(assignment, _silos.Now);
        LogLost(reason, _goal.Id, attempt, agent);
        if (assignment.HasTwin || _settled[task.Index])
        {
            return;
        }

        var lost = _lost[task.Index] = _lost.GetValueOrDefault(task.Index) + 1;
        if (lost < MaxLost)
        {
            Scheduler.OfferAgain(assignment, _silos.Now);
        }
        else
        {
            Record(task, attempt, agent, Failed(task, $"it was lost {lost} times, the last time because: {reason.Message}"));
        }
    }

    /// <summary>What the goal's deadline leaves, in seconds, as agents are told.</summary>
    private double? SecondsLeft => _silos.SecondsLeft is { } left ? Math.Max(0, left) : null;

    private static ExplorationResult Failed(ExplorationTask task, string failure) => new(task.Index, 0, 0, [], failure) { Round = task.Round };

    private void Record(ExplorationTask task, string attempt, string agent, ExplorationResult result)
    {
        if (_settled[task.Index])
        {
            return;
        }

        var kept = result;
        var candidates = ImmutableArray.CreateBuilder<CandidateRecord>();
        var text = 0;
        foreach (var elite in result.Best)
        {
            var candidate = _goal.Record(elite);
            text += candidate.Value.Length;
            if (candidates.Count > 0 && text > MaxCandidateText)
            {
                // What does not fit the log must not count either: a replay would not know of it.
                kept = result with { Best = result.Best[..candidates.Count] };
                break;
            }

            candidates.Add(candidate);
        }

        _journal.Record(new AttemptFinished(attempt, agent, result.Evaluations, result.Failures, candidates.ToImmutable(), result.Failure)
        {
            Result = kept,
            Incarnation = result.Incarnation.Length > 0 ? result.Incarnation : null,
        });
        Settle(task.Index);
    }

    private void Settle(int index)
    {
        if (!_settled[index])
        {
            _settled[index] = true;
            _open--;
        }
    }

    /// <summary>Cancels an attempt when the round is over, or when an attempt before it has reached the target.</summary>
    private CancellationToken CancellationOf(ExplorationTask task)
    {
        if (_cancellations is null)
        {
            return _end.Token;
        }

        if (!_cancellations.TryGetValue(task.Index, out var source))
        {
            _cancellations[task.Index] = source = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        }

        return source.Token;
    }

    /// <summary>
    /// Once an attempt reaches the target, those after it in the plan are not wanted any more. Those before it are: they would have come first
    /// had all run one after the other, and so the same seed yields the same winner however attempts are scheduled.
    /// </summary>
    private void Heed(ExplorationTask task, ExplorationResult result)
    {
        if (_cancellations is null || task.Index >= _reached || !_goal.ReachesTarget(result))
        {
            return;
        }

        _reached = task.Index;
        foreach (var (_, source) in _cancellations.Where(attempt => attempt.Key > _reached).ToArray())
        {
            source.Cancel();
        }
    }

    /// <summary>Something broke that is more than an attempt's own failure; the round ends with the first such thing.</summary>
    private void Fail(Exception failure)
    {
        _failure ??= failure;
        Tell();
    }

    private Task ChangedAsync() => (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Tell()
    {
        var changed = _changed;
        _changed = null;
        changed?.SetResult();
    }

    /// <summary>Nothing of a round outlives it: also where dispatching stops half-way, what waits is withdrawn and what is under way is called off.</summary>
    private async Task EndAsync(Task watching)
    {
        Scheduler.Withdraw();
        await _end.CancelAsync();
        while (_calls > 0)
        {
            await ChangedAsync();
        }

        await watching;
        _silos.RoundBegan = null;
        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Goal {Goal}: attempt {Attempt} was lost with {Agent}")]
    private partial void LogLost(Exception e, string goal, string attempt, string agent);
}
