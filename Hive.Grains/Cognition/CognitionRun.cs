using System.Collections.Immutable;
using Hive.Building;
using Hive.Cognition.Steps;
using Hive.Goals;
using Microsoft.Extensions.Logging;

namespace Hive.Cognition;

/// <summary>Takes a goal for brains from where its log ends to its end, inside the turns of the goal's grain.</summary>
internal sealed partial class CognitionRun(GoalProgress goal, GoalJournal journal, CognitionParts parts, IGrainFactory grains, TimeProvider time, ILogger logger)
{
    /// <summary>How long one wait for the deadline is at most: timers have a bound.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Why nothing could be done at all; absent where something could.</summary>
    private string? _failure;

    private CognitionProgress Progress => goal.Cognition!;

    /// <summary>Runs to the end of the goal.</summary>
    /// <param name="stop">Stops the run where it is; the log lets it go on later.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        await BeginAsync();
        var (began, before) = (time.GetTimestamp(), Progress.Seconds);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var ended = new CancellationTokenSource();
        var watching = WatchDeadlineAsync(began, before, deadline, ended.Token);
        try
        {
            ImmutableArray<string> missing;
            do
            {
                missing = await WorkAndEndAsync(stop, deadline.Token);
            }
            while (!goal.IsEnded);
            await TidyAsync(missing, stop);
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }
    }

    /// <summary>Calls that a process that died had under way are not known to be unpaid: they count in full, and are never made again under their ids.</summary>
    private async Task BeginAsync()
    {
        // First, so that the time for which nobody worked on the goal is not counted.
        var began = new FactRecorded(FormattableString.Invariant($"run.{Progress.Runs}"), CognitionProgress.RunBegan, "{}");
        var lost = Progress.Ledger.Open.Select(open => new CallSettled(open.Id, 0, open.Tokens, open.Money, 0) { Failure = BrainCaller.Lost, IsWrittenOff = true }).ToArray();
        await Task.WhenAll([journal.RecordAsync(began), .. lost.Select(journal.RecordAsync)]);
    }

    /// <summary>Ends the work when its time is over; that may come later than it was when the work began, where more time is given meanwhile.</summary>
    private async Task WatchDeadlineAsync(long began, double before, CancellationTokenSource deadline, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested && Progress.SecondsAllowed is { } allowed)
        {
            var left = TimeSpan.FromSeconds(allowed - before) - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                await deadline.CancelAsync();
                return;
            }

            await Task.Delay(left < LongestWait ? left : LongestWait, time, ended)
                .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ImmutableArray<string>> WorkAsync(CancellationToken stop, CancellationToken deadline)
    {
        var desk = new Desk(goal, journal, parts, grains, time, logger);
        ThoughtRun? thought = null;
        try
        {
            await desk.Brains.WaitForAnyAsync(deadline);
            await CriticRecords.TakeUpAsync(desk);
            if (desk.Spec.Votes is not null)
            {
                return await new StepRun(desk).RunAsync(deadline);
            }

            if (desk.Spec.Build is not { } build)
            {
                return await (thought = new ThoughtRun(desk, new TextCraft(desk))).RunAsync(deadline);
            }

            if (parts.Workshop is not { } workshop)
            {
                _failure = "this hub builds nothing: it has no workshop";
                return [_failure];
            }

            var folder = Path.GetFullPath(build.Repository, goal.Spec.Directory ?? Environment.CurrentDirectory);
            var commit = await desk.FactAsync("base", "base-commit", async () =>
            {
                await using var first = await workshop.OpenAsync(goal.Id, folder, null, deadline);
                return $"\"{first.BaseCommit}\"";
            });
            await using var site = await workshop.OpenAsync(goal.Id, folder, commit.Trim('"'), deadline);
            return await (thought = new ThoughtRun(desk, new BuildCraft(desk, site, deadline))).RunAsync(deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            var why = goal.State == GoalState.AwaitingApproval ? "nobody approved before the deadline"
                : goal.Waiting is { } lacking ? $"{lacking}, and none joined before the deadline"
                : "the deadline is over";
            return [why, .. thought is null ? [] : await thought.LeaveAsync()];
        }
        catch (BudgetExhaustedException e)
        {
            return [$"the budget is gone: {e.Message}"];
        }
        catch (BuildException e)
        {
            _failure = Progress.CallCounts.Done == 0 ? e.Message : null;
            return [e.Message, .. thought is null ? [] : await thought.LeaveAsync()];
        }
        finally
        {
            await desk.Caller.DrainAsync();
        }
    }

    /// <summary>Works to the end and writes it down, unless more was allowed to be spent meanwhile: then there is more to do.</summary>
    /// <returns>What is missing.</returns>
    private async Task<ImmutableArray<string>> WorkAndEndAsync(CancellationToken stop, CancellationToken deadline)
    {
        var budgets = Progress.BudgetsAdded;
        var missing = await WorkAsync(stop, deadline);
        if (goal.Outcome is not { } known || !known.Missing.SequenceEqual(missing))
        {
            await journal.RecordAsync(new OutcomeJoined(null, missing));
        }

        await CriticRecords.LeaveAsync(goal, grains);
        if (missing.IsEmpty || Progress.BudgetsAdded == budgets || deadline.IsCancellationRequested)
        {
            var nothingWorked = _failure is not null || (Progress.CallCounts.Done == 0 && Progress.CallCounts.Failed > 0);
            await journal.RecordAsync(new StateChanged(
                missing.IsEmpty ? GoalState.Done : nothingWorked ? GoalState.Failed : GoalState.Exhausted,
                missing.IsEmpty ? null : missing[0]));
        }

        return missing;
    }

    /// <summary>What a build that is done was made of is not needed any more; one that is not may go on later.</summary>
    private async Task TidyAsync(ImmutableArray<string> missing, CancellationToken stop)
    {
        try
        {
            if (missing.IsEmpty && goal.Spec.Cognition!.Build is not null)
            {
                await parts.Workshop!.RemoveAsync(goal.Id, stop);
            }
        }
        catch (Exception e) when (e is BuildException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            LogLeft(e, goal.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What goal {Goal} was built from is left behind")]
    private partial void LogLeft(Exception e, string goal);
}
