using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Hive.Brains;
using Hive.Cognition.Agents;
using Hive.Cognition.Plans;
using Hive.Cognition.Prompts;
using Hive.Goals;

namespace Hive.Cognition;

/// <summary>
/// One task of one round: several attempts at once, spread over brains, roles and temperatures; the first candidate that holds is taken and the others are called off. Where none
/// holds, what was wrong goes as an instruction to the next tier above.
/// </summary>
internal sealed class TaskRun(Desk desk, Craft craft, ToolLoop tools, int round, PlannedTask task, bool isWhole)
{
    private readonly Dictionary<string, Task<CandidateJudged>> _judging = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private (Candidate Candidate, CandidateJudged Judged)? _contested;
    private string? _lacking;

    private string Id => FormattableString.Invariant($"r{round}.{task.Id}");

    /// <summary>Works on the task to its end: a candidate that holds, or none.</summary>
    /// <param name="faults">What was wrong in the round before.</param>
    /// <param name="stop">The task is not wanted any more.</param>
    public async Task<TaskEnd> RunAsync(ImmutableArray<string> faults, CancellationToken stop)
    {
        _faults.AddRange(faults);
        var attempt = 0;
        for (var tier = desk.Brains.Resolve(task.Tier); tier is not null; tier = desk.Brains.Above(tier))
        {
            var width = attempt == 0 ? task.Width : 1;
            var taken = await ExploreAsync(tier, attempt, width, stop);
            attempt += width;
            if (taken is not null || _lacking is not null)
            {
                return new TaskEnd(task, taken, _contested?.Candidate, _contested?.Judged, Faults(), _lacking);
            }
        }

        return new TaskEnd(task, null, _contested?.Candidate, _contested?.Judged, Faults(), _lacking);
    }

    /// <summary>Makes attempts at once and takes the first candidate that holds.</summary>
    private async Task<Candidate?> ExploreAsync(string tier, int first, int width, CancellationToken stop)
    {
        var told = Telling();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = Enumerable.Range(first, width).Select(attempt => AttemptAsync(tier, attempt, told, enough.Token)).ToList();
        Candidate? taken = null;
        while (running.Count > 0)
        {
            var done = await Task.WhenAny(running);
            running.Remove(done);
            try
            {
                if (await done is { } candidate && taken is null)
                {
                    taken = candidate;
                    await enough.CancelAsync();
                }
            }
            catch (OperationCanceledException) when (taken is not null && !stop.IsCancellationRequested)
            {
                // It was called off because another holds.
            }
            catch (BudgetExhaustedException e)
            {
                _lacking ??= e.Message;
            }
        }

        return taken;
    }

    /// <returns>The candidate, where it holds.</returns>
    private async Task<Candidate?> AttemptAsync(string tier, int attempt, string told, CancellationToken stop)
    {
        var id = FormattableString.Invariant($"{Id}.a{attempt}");
        Answer answer;
        try
        {
            var prompt = await craft.PromptAsync(task, attempt, told, tools.Telling, stop);
            answer = await tools.AskAsync(
                desk.Ask(id, tier, "attempt", prompt) with { Temperature = Roles.Temperature(attempt, desk.Policy.TemperatureRange), WithLessons = true },
                stop);
        }
        catch (NoAnswerException e)
        {
            Note($"an attempt had no answer: {e.Message}");
            return null;
        }

        var draft = await craft.DraftAsync(id, answer.Reply.Text, stop);
        if (!draft.Mistakes.IsEmpty)
        {
            foreach (var mistake in draft.Mistakes)
            {
                Note(mistake);
            }

            return null;
        }

        var candidate = new Candidate(id, task.Id, draft.Text, answer.Agent, answer.Model);
        var judged = await JudgeAsync(candidate, stop);
        foreach (var fault in judged.IsAccepted ? [] : judged.Faults)
        {
            Note(fault);
        }

        return judged.IsAccepted ? candidate with { Score = judged.Score, Critics = judged.Critics } : null;
    }

    /// <summary>Equal candidates are judged once.</summary>
    private async Task<CandidateJudged> JudgeAsync(Candidate candidate, CancellationToken stop)
    {
        var panel = FormattableString.Invariant($"{Id}.p{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(candidate.Text)).AsSpan(0, 6))}");
        if (!_judging.TryGetValue(panel, out var judging))
        {
            _judging[panel] = judging = JudgeAsync(panel, candidate, stop);
        }

        return await judging;
    }

    private async Task<CandidateJudged> JudgeAsync(string panel, Candidate candidate, CancellationToken stop)
    {
        if (desk.Progress.Verdict(panel) is { } known)
        {
            Contest(candidate, known);
            return known;
        }

        var judged = await FindAsync(panel, candidate, stop);
        await desk.Journal.RecordAsync(judged);
        Contest(candidate, judged);
        if (!judged.IsAccepted && judged.Faults is [var lesson, ..])
        {
            await desk.TeachAsync(candidate.Author, $"A candidate of mine was rejected: {lesson}", 1 - judged.Score);
        }

        return judged;
    }

    private async Task<CandidateJudged> FindAsync(string panel, Candidate candidate, CancellationToken stop)
    {
        if (await craft.TestAsync(candidate.Id, candidate.Text, isWhole, stop) is { Passed: false } failed)
        {
            return new CandidateJudged(panel, task.Id, candidate.Author, 0, 0, IsAccepted: false) { Faults = [$"the tests fail: {failed.Output}"] };
        }

        if (desk.Spec.Critics is null || task.Check == TaskCheck.None)
        {
            return new CandidateJudged(panel, task.Id, candidate.Author, 1, 0, IsAccepted: true);
        }

        var found = await new PanelRun(desk).JudgeAsync(panel, craft.CriticPrompt(task.Instruction, candidate.Text), [candidate.Model], stop);
        return new CandidateJudged(panel, task.Id, candidate.Author, found.Score, found.Disagreement, found.IsAccepted)
        {
            Faults = found.Faults,
            Critics = found.Critics,
            IsContested = found.IsContested,
        };
    }

    private void Contest(Candidate candidate, CandidateJudged judged)
    {
        if (judged.IsContested && !(_contested?.Judged.Score >= judged.Score))
        {
            _contested = (candidate with { Score = judged.Score, Critics = judged.Critics }, judged);
        }
    }

    private void Note(string fault)
    {
        if (_faults.Count < 32 && !_faults.Contains(fault))
        {
            _faults.Add(fault);
        }
    }

    private string Telling() => _faults.Count == 0 ? "" : Fence.Wrap("faults", string.Join("\n", _faults.Select(fault => $"- {fault}")));

    private ImmutableArray<string> Faults() => [.. _faults];
}

/// <summary>What an attempt brought.</summary>
/// <param name="Id">The attempt.</param>
/// <param name="Task">Its task.</param>
/// <param name="Text">The candidate.</param>
/// <param name="Author">The agent that wrote it.</param>
/// <param name="Model">The model that it asked.</param>
internal sealed record Candidate(string Id, string Task, string Text, string Author, string Model)
{
    public double Score { get; init; } = 1;

    public ImmutableArray<CriticRecord> Critics { get; init; } = [];
}

/// <summary>How a task ended.</summary>
/// <param name="Task">The task.</param>
/// <param name="Taken">The candidate that holds; absent where none does.</param>
/// <param name="Contested">A candidate that critics are of two minds about; absent where there is none.</param>
/// <param name="Judged">What they said of it.</param>
/// <param name="Faults">What was wrong with the others.</param>
/// <param name="Lacking">What the budget lacked; absent where it lacked nothing.</param>
internal sealed record TaskEnd(PlannedTask Task, Candidate? Taken, Candidate? Contested, CandidateJudged? Judged, ImmutableArray<string> Faults, string? Lacking);
