using System.Collections.Immutable;
using Hive.Building;
using Hive.Cognition.Steps;
using Hive.Goals;
using Microsoft.Extensions.Logging;

namespace Hive.Cognition;

/// <summary>Takes a goal for brains from where its log ends to its end, inside the turns of the goal's grain.</summary>
internal sealed class CognitionRun(GoalProgress goal, GoalJournal journal, CognitionParts parts, IGrainFactory grains, TimeProvider time, ILogger logger)
{
    /// <summary>Runs to the end of the goal.</summary>
    /// <param name="stop">Stops the run where it is; the log lets it go on later.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        var desk = new Desk(goal, journal, parts, grains, time, logger);
        await BeginAsync(desk.Progress);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (desk.Progress.SecondsAllowed - desk.Progress.Seconds is { } left)
        {
            deadline.CancelAfter(TimeSpan.FromSeconds(Math.Max(0, left)));
        }

        await EndAsync(desk, await WorkAsync(desk, stop, deadline.Token));
    }

    /// <summary>Calls that a process that died had under way are not known to be unpaid: they count in full, and are never made again under their ids.</summary>
    private async Task BeginAsync(CognitionProgress progress)
    {
        foreach (var open in progress.Ledger.Open.ToArray())
        {
            journal.Record(new CallSettled(open.Id, 0, open.Tokens, open.Money, 0) { Failure = "lost with its process", IsWrittenOff = true });
        }

        await journal.RecordAsync(new FactRecorded(FormattableString.Invariant($"run.{progress.Runs}"), CognitionProgress.RunBegan, "{}"));
    }

    private async Task<ImmutableArray<string>> WorkAsync(Desk desk, CancellationToken stop, CancellationToken deadline)
    {
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
                return await new ThoughtRun(desk, new TextCraft(desk)).RunAsync(deadline);
            }

            if (parts.Workshop is not { } workshop)
            {
                return ["this hub builds nothing: it has no workshop"];
            }

            var folder = Path.GetFullPath(build.Repository, goal.Spec.Directory ?? Environment.CurrentDirectory);
            var commit = await desk.FactAsync("base", "base-commit", async () =>
            {
                await using var first = await workshop.OpenAsync(goal.Id, folder, null, deadline);
                return $"\"{first.BaseCommit}\"";
            });
            await using var site = await workshop.OpenAsync(goal.Id, folder, commit.Trim('"'), deadline);
            return await new ThoughtRun(desk, new BuildCraft(desk, site)).RunAsync(deadline);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return [desk.Goal.State == GoalState.AwaitingApproval ? "nobody approved before the deadline" : desk.Goal.Waiting is { } lacking ? $"{lacking}, and none joined before the deadline" : "the deadline is over"];
        }
        catch (BudgetExhaustedException e)
        {
            return [$"the budget is gone: {e.Message}"];
        }
        catch (BuildException e)
        {
            return [e.Message];
        }
    }

    private async Task EndAsync(Desk desk, ImmutableArray<string> missing)
    {
        await journal.RecordAsync(new OutcomeJoined(null, missing));
        await CriticRecords.LeaveAsync(desk);
        var nothingWorked = desk.Progress.CallCounts.Done == 0 && desk.Progress.CallCounts.Failed > 0;
        await journal.RecordAsync(new StateChanged(
            missing.IsEmpty ? GoalState.Done : nothingWorked ? GoalState.Failed : GoalState.Exhausted,
            missing.IsEmpty ? null : missing[0]));
    }
}
