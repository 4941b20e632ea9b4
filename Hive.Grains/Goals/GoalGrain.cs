using System.Runtime.CompilerServices;
using System.Text;
using Hive.Cognition;
using Hive.Placement;
using Hive.Storage;
using Microsoft.Extensions.Logging;

namespace Hive.Goals;

/// <summary>
/// One goal, the authority over its own life. What it is stands in its log and nowhere else: a new activation reads the log and goes on.
/// The work itself is a <see cref="GoalRun"/>; this grain accepts, calls off, resumes and tells.
/// </summary>
/// <param name="log">Where the goal's life is written down.</param>
/// <param name="locks">Keeps two processes from running one goal.</param>
/// <param name="cognition">What the hub has for goals of brains.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where trouble is told.</param>
[HubPlacement]
public sealed partial class GoalGrain(IGoalLog log, GoalLocks locks, CognitionParts cognition, TimeProvider time, ILogger<GoalGrain> logger) : Grain, IGoalGrain
{
    private static readonly TimeSpan RequestsEvery = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private GoalProgress _goal = null!;
    private GoalJournal _journal = null!;
    private Task? _run;
    private Exception? _trouble;
    private string? _callOff;

    private bool IsAtWork => _run is { IsCompleted: false };

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _goal = new GoalProgress(this.GetPrimaryKeyString());
        _journal = new GoalJournal(_goal, log, time);
        await _journal.ReplayAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_run is { } run)
        {
            await run.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<GoalStatus> SubmitAsync(string spec)
    {
        var canonical = Canonical(spec);
        await ReadAgainAfterFailureAsync();
        if (_goal.IsAccepted)
        {
            return _goal.SpecJson == canonical
                ? Status()
                : throw new ArgumentException($"another goal has the id {_goal.Id}; submit this one under an id of its own", nameof(spec));
        }

        await StartAfterAsync(() => _journal.RecordAsync(new GoalAccepted(canonical)));
        return Status();
    }

    /// <inheritdoc/>
    public async Task<GoalStatus> ResumeAsync()
    {
        RequireGoal();
        if (!_goal.IsEnded && !IsAtWork)
        {
            // Another process may have gone on with the goal since this activation read its log.
            await ReadAgainAfterFailureAsync();
            await StartAfterAsync(() => _journal.ReplayAsync(CancellationToken.None));
        }

        return Status();
    }

    /// <inheritdoc/>
    public async Task<GoalStatus> CancelAsync(string reason)
    {
        RequireGoal();
        await ReadAgainAfterFailureAsync();
        await CallOffAsync(reason);
        return Status();
    }

    /// <inheritdoc/>
    public async Task<GoalStatus> ApproveAsync(GoalApproval approval)
    {
        RequireGoal();
        await ReadAgainAfterFailureAsync();
        await AnswerAsync(approval);
        return Status();
    }

    /// <inheritdoc/>
    public async Task<GoalStatus> AddBudgetAsync(string budget)
    {
        RequireGoal();
        if (_goal.Cognition is null)
        {
            throw new ArgumentException("more budget can be given to goals for brains; submit a goal that is judged by a metric anew, with a larger budget", nameof(budget));
        }

        if (_goal.State is GoalState.Done or GoalState.Cancelled)
        {
            throw new ArgumentException($"goal {_goal.Id} has ended: {_goal.State.ToString().ToLowerInvariant()}; more budget changes nothing", nameof(budget));
        }

        var added = Budgets.Read(budget);
        await ReadAgainAfterFailureAsync();
        var isRecorded = IsAtWork && !_goal.IsEnded;
        if (isRecorded)
        {
            await _journal.RecordAsync(added);
        }

        if (isRecorded && !_goal.IsEnded)
        {
            return Status();
        }

        if (_run is { } ending)
        {
            // Its end is on disk; it is about to let the goal go.
            await ending;
        }

        await StartAfterAsync(async () =>
        {
            await _journal.ReplayAsync(CancellationToken.None);
            if (!isRecorded)
            {
                await _journal.RecordAsync(added);
            }

            if (_goal.IsEnded)
            {
                await _journal.RecordAsync(new StateChanged(GoalState.Exploring, "more may be spent"));
            }
        });
        return Status();
    }

    /// <inheritdoc/>
    public Task<GoalStatus> GetStatusAsync()
    {
        RequireGoal();
        return Task.FromResult(Status());
    }

    /// <inheritdoc/>
    public async Task<GoalStatus> WaitAsync(CancellationToken cancellation)
    {
        RequireGoal();
        if (_run is { } run)
        {
            await run.WaitAsync(cancellation);
        }

        return Status();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<GoalEntry> WatchAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        RequireGoal();
        while (true)
        {
            var changed = _journal.Changed;
            var mayChange = IsAtWork;
            await foreach (var entry in log.ReadAsync(_goal.Id, after, cancellation))
            {
                after = entry.Sequence;
                yield return new GoalEntry(entry.Sequence, entry.At, entry.Kind, Encoding.UTF8.GetString(entry.Body.Span));
            }

            if (!mayChange)
            {
                yield break;
            }

            await Task.WhenAny(changed, _run!).WaitAsync(cancellation);
        }
    }

    private static string Canonical(string spec)
    {
        try
        {
            return GoalFile.Write(GoalFile.Parse(spec));
        }
        catch (GoalSpecException e)
        {
            throw new ArgumentException(string.Join("; ", e.Mistakes), nameof(spec));
        }
    }

    /// <summary>A journal that could not write stays shut; once nobody works with it any more, the log is read anew, with whatever of the last write has reached it.</summary>
    private async Task ReadAgainAfterFailureAsync()
    {
        if (IsAtWork || !await _journal.HasFailedAsync())
        {
            return;
        }

        var goal = new GoalProgress(_goal.Id);
        var journal = new GoalJournal(goal, log, time);
        await journal.ReplayAsync(CancellationToken.None);
        (_goal, _journal) = (goal, journal);
    }

    /// <summary>Takes the goal's lock, does what comes first under it, and goes to work. What fails on the way lets the lock go.</summary>
    /// <exception cref="GoalBusyException">Another process is at work on the goal.</exception>
    private async Task StartAfterAsync(Func<Task> first)
    {
        var held = await locks.TryAcquireAsync(_goal.Id, CancellationToken.None);
        if (!held.IsHeld)
        {
            throw new GoalBusyException($"goal {_goal.Id} is being worked on by {held.Holder}");
        }

        await held.BeginAsync(first);

        // A goal that works is not idle, however long nobody asks for it.
        DelayDeactivation(TimeSpan.MaxValue);
        _trouble = null;
        _run = RunAsync(held);
    }

    private async Task RunAsync(GoalLock held)
    {
        using var requests = this.RegisterGrainTimer(HeedRequestsAsync, new GrainTimerCreationOptions(RequestsEvery, RequestsEvery) { Interleave = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, held.Lost);
        try
        {
            await (_goal.Cognition is null
                ? new GoalRun(_goal, _journal, GrainFactory, time, logger).RunAsync(stop.Token)
                : new CognitionRun(_goal, _journal, cognition, GrainFactory, time, logger).RunAsync(stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped, not ended, unless somebody called it off: the log lets the goal go on later.
            await RecordCallOffAsync();
        }
        catch (Exception e)
        {
            _trouble = e;
            LogStopped(e, _goal.Id);
        }
        finally
        {
            await held.DisposeAsync();
            DelayDeactivation(TimeSpan.FromTicks(-1));
        }
    }

    /// <summary>What other processes ask of this goal by way of the database.</summary>
    private async Task HeedRequestsAsync(CancellationToken cancellation)
    {
        foreach (var request in await log.TakeRequestsAsync(_goal.Id, cancellation))
        {
            switch (request.Kind)
            {
                case GoalRequests.Cancel:
                    await CallOffAsync("called off from another process");
                    break;
                case GoalRequests.Approve when GoalRequests.ReadApproval(request.Body) is { } approval:
                    await AnswerAsync(approval);
                    break;
            }
        }
    }

    /// <summary>Records a person's answer to whatever it answers; what nobody asked, or somebody answered before, is left alone.</summary>
    private async Task AnswerAsync(GoalApproval approval)
    {
        foreach (var asked in _goal.Cognition?.Waiting.Where(asked => approval.What is null || approval.What == asked.Id).ToArray() ?? [])
        {
            await _journal.RecordAsync(new ApprovalGiven(asked.Id, approval.IsApproved, approval.By, approval.Reason));
        }
    }

    private async Task CallOffAsync(string reason)
    {
        _callOff ??= reason;
        await _stop.CancelAsync();
        await (_run is { IsCompleted: false } run ? run : RecordCallOffAsync());
    }

    private async Task RecordCallOffAsync()
    {
        if (_callOff is { } reason && !_goal.IsEnded)
        {
            await _journal.RecordAsync(new StateChanged(GoalState.Cancelled, reason));
        }
    }

    private void RequireGoal()
    {
        if (!_goal.IsAccepted)
        {
            throw new KeyNotFoundException($"there is no goal {_goal.Id}");
        }
    }

    private GoalStatus Status() => _goal.ToStatus() with { IsAtWork = IsAtWork, Trouble = _trouble?.Message };

    [LoggerMessage(Level = LogLevel.Error, Message = "Goal {Goal} stopped; what is recorded stays, and it can be resumed")]
    private partial void LogStopped(Exception e, string goal);
}
