using Hive.Goals;
using Hive.Silos;

namespace Hive.Cognition;

/// <summary>A goal for brains as it is told to whoever asks.</summary>
internal static class CognitionReport
{
    public static GoalStatus Of(GoalProgress goal, CognitionProgress progress)
    {
        var ledger = progress.Ledger;
        var plan = progress.Plans.LastOrDefault();
        return new GoalStatus
        {
            Id = goal.Id,
            State = goal.State,
            Reason = goal.Reason,
            Objective = goal.Spec.Objective,
            Verified = goal.State == GoalState.Done,
            Attempts = new AttemptCounts(progress.CallCounts.Done, progress.CallCounts.Failed),
            Rounds = progress.Answer is { } last ? last.Round + 1 : 0,
            Seconds = progress.Seconds,
            Missing = goal.Outcome?.Missing ?? [],
            Waiting = goal.IsEnded ? null : goal.Waiting,
            Cognition = new CognitionStatus
            {
                Answer = progress.Answer?.Text ?? (progress.Steps.Done > 0 ? progress.Steps.Answer : null),
                IsAccepted = progress.Answer?.IsAccepted ?? goal.State == GoalState.Done,
                Score = progress.Answer?.Score ?? 0,
                Evidence = progress.Answer?.Evidence ?? [],
                Contradictions = progress.Answer?.Contradictions ?? [],
                Tasks = [.. plan?.Tasks.Select(task => Line(task, progress)) ?? []],
                PlanNote = plan?.Note,
                Ledger = new LedgerStatus
                {
                    Tokens = ledger.Tokens,
                    TokensWrittenOff = ledger.TokensWrittenOff,
                    TokensAllowed = ledger.TokensAllowed,
                    Money = ledger.Money,
                    MoneyAllowed = ledger.MoneyAllowed,
                    Tiers = [.. Tiers.All.Where(ledger.Calls.ContainsKey).Select(tier => new TierSpent(tier, ledger.Calls[tier], ledger.TierTokens.GetValueOrDefault(tier)))],
                },
                Steps = progress.Spec.Cognition!.Votes is null ? null : Steps(progress),
                Approvals = goal.IsEnded ? [] : [.. progress.Waiting.Select(asked => new ApprovalStatus(asked.Id, asked.What, asked.Details))],
                Effects = [.. progress.Effects.Values.OrderBy(effect => effect.Id, StringComparer.Ordinal).Select(effect => Line(effect, progress))],
                Branch = progress.Answer?.Branch,
                CallsDone = progress.CallCounts.Done,
                CallsFailed = progress.CallCounts.Failed,
            },
        };
    }

    private static StepsStatus Steps(CognitionProgress progress) => new(
        progress.Steps.Done, progress.Spec.Cognition!.Steps?.Count ?? 1, progress.Steps.Votes, progress.Steps.Agreed, progress.Steps.Thrown, progress.Steps.Lead);

    private static TaskStatusLine Line(TaskRecord task, CognitionProgress progress)
    {
        var judged = progress.Judged.Values.Where(one => one.Task == task.Id).ToArray();
        return new TaskStatusLine(
            task.Id,
            task.Instruction,
            judged.Length,
            judged.Any(one => one.IsAccepted) || progress.Answer is { IsAccepted: true } answer && answer.Evidence.Any(one => one.IsUsed && one.Candidate.Contains($".{task.Id}.", StringComparison.Ordinal)),
            judged.Select(one => one.Score).DefaultIfEmpty().Max());
    }

    private static EffectStatus Line(EffectRequested effect, CognitionProgress progress)
    {
        var ended = progress.EffectsEnded.GetValueOrDefault(effect.Id);
        return new EffectStatus(effect.Id, effect.Tool, effect.Arguments, ended?.Result, ended?.IsError ?? false);
    }
}
