using System.Collections.Immutable;
using System.Globalization;
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
    private const int MaxFaults = 32;
    private const int MaxFault = 8_000;
    private const int MaxTold = 24_000;

    private readonly Dictionary<string, Task<CandidateJudged>> _judging = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private ImmutableArray<string> _earlier = [];
    private (Candidate Candidate, CandidateJudged Judged)? _contested;
    private int? _taken;
    private string? _lacking;

    /// <summary>The best that there is so far, judged or not; absent where no attempt brought anything.</summary>
    public Candidate? Best { get; private set; }

    private string Id => FormattableString.Invariant($"r{round}.{task.Id}");

    /// <summary>Works on the task to its end: a candidate that holds, or none.</summary>
    /// <param name="faults">What was wrong in the round before.</param>
    /// <param name="stop">The task is not wanted any more.</param>
    public async Task<TaskEnd> RunAsync(ImmutableArray<string> faults, CancellationToken stop)
    {
        if (task.Check == TaskCheck.Votes && craft is TextCraft && desk.Spec.Tests is null)
        {
            var voted = await new TaskVote(desk, round, task).RunAsync(faults, stop);
            Best = voted.Taken;
            return voted;
        }

        _earlier = faults;
        await desk.Brains.WaitForAnyAsync(stop);
        if (desk.Progress.Fact($"{Id}.taken") is { } known)
        {
            // Which attempt holds is decided; what the others were asked is not asked again.
            _taken = int.Parse(known, CultureInfo.InvariantCulture);
            if (await ExploreAsync(desk.Brains.Resolve(task.Tier)!, _taken.Value, 1, stop) is { } taken)
            {
                return End(taken);
            }
        }

        var attempt = 0;
        for (var tier = desk.Brains.Resolve(task.Tier); tier is not null; tier = desk.Brains.Above(tier))
        {
            var width = attempt == 0 ? task.Width : 1;
            var taken = await ExploreAsync(tier, attempt, width, stop);
            attempt += width;
            if (taken is not null || _lacking is not null)
            {
                return End(taken);
            }
        }

        return End(null);
    }

    private TaskEnd End(Candidate? taken) => new(task, taken, _contested?.Candidate, _contested?.Judged, _faults.Count > 0 ? [.. _faults] : _earlier, _lacking);

    /// <summary>Makes attempts at once and takes the first candidate that holds; then the others are called off, and gone when this is over.</summary>
    private async Task<Candidate?> ExploreAsync(string tier, int first, int width, CancellationToken stop)
    {
        var told = Telling();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Candidate? taken = null;
        await Task.WhenAll(Enumerable.Range(first, width).Select(TryAsync).ToArray());
        return taken;

        async Task TryAsync(int attempt)
        {
            try
            {
                if (await AttemptAsync(tier, attempt, told, enough.Token) is { } candidate && _taken == attempt)
                {
                    taken = candidate;
                    await enough.CancelAsync();
                }
            }
            catch (OperationCanceledException) when (_taken is not null && !stop.IsCancellationRequested)
            {
                // It was called off because another holds.
            }
            catch (BudgetExhaustedException e)
            {
                _lacking ??= e.Message;
            }
            catch
            {
                await enough.CancelAsync();
                throw;
            }
        }
    }

    /// <returns>The candidate, where it is accepted.</returns>
    private async Task<Candidate?> AttemptAsync(string tier, int attempt, string told, CancellationToken stop)
    {
        var id = FormattableString.Invariant($"{Id}.a{attempt}");
        Answer answer;
        try
        {
            var prompt = await craft.PromptAsync(task, attempt, told, tools.Telling, stop);
            answer = await tools.AskAsync(
                desk.Ask(id, tier, "attempt", prompt) with { Temperature = Roles.Temperature(attempt, desk.Policy.TemperatureRange), WithLessons = desk.Policy.MaxLessons > 0 },
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

        var candidate = new Candidate(id, task.Id, draft.Text, answer.Agent, answer.Model) { Attempt = attempt, Score = 0 };
        Consider(candidate);
        var judged = await JudgeAsync(candidate, stop);
        candidate = candidate with { Score = judged.Score, Critics = judged.Critics };
        Consider(candidate);
        foreach (var fault in judged.IsAccepted ? [] : judged.Faults)
        {
            Note(fault);
        }

        return judged.IsAccepted ? candidate : null;
    }

    /// <summary>Equal candidates are judged once.</summary>
    private Task<CandidateJudged> JudgeAsync(Candidate candidate, CancellationToken stop)
    {
        var panel = $"{Id}.p{TextDigest.Of(candidate.Text)}";
        return _judging.TryGetValue(panel, out var judging) ? judging : _judging[panel] = JudgeAsync(panel, candidate, stop);
    }

    private async Task<CandidateJudged> JudgeAsync(string panel, Candidate candidate, CancellationToken stop)
    {
        var known = desk.Progress.Verdict(panel);
        var judged = known ?? await FindAsync(panel, candidate, stop);
        if (judged.IsAccepted && _taken is null)
        {
            // Recorded together with the verdict: whoever goes on after a crash takes the same candidate.
            _taken = candidate.Attempt;
            desk.Journal.Record(new FactRecorded($"{Id}.taken", "taken", candidate.Attempt.ToString(CultureInfo.InvariantCulture)));
        }

        if (known is null)
        {
            await desk.Journal.RecordAsync(judged);
            if (!judged.IsAccepted && judged.Faults is [var lesson, ..])
            {
                await desk.TeachAsync(candidate.Author, $"A candidate of mine was rejected: {lesson}", 1 - judged.Score);
            }
        }

        Contest(candidate, judged);
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
        if (judged.IsContested && (_contested is not { } other || IsBetter(judged.Score, candidate.Id, other.Judged.Score, other.Candidate.Id)))
        {
            _contested = (candidate with { Score = judged.Score, Critics = judged.Critics }, judged);
        }
    }

    private void Consider(Candidate candidate)
    {
        if (Best is null || Best.Id == candidate.Id || IsBetter(candidate.Score, candidate.Id, Best.Score, Best.Id))
        {
            Best = candidate;
        }
    }

    /// <summary>A higher score, or the same and an earlier id: in whichever order verdicts come in, the same is best.</summary>
    private static bool IsBetter(double score, string id, double than, string thanId) =>
        score > than || (score == than && string.CompareOrdinal(id, thanId) < 0);

    private void Note(string fault)
    {
        var bounded = fault.Length <= MaxFault ? fault : fault[^MaxFault..];
        if (_faults.Count < MaxFaults && !_faults.Contains(bounded))
        {
            _faults.Add(bounded);
        }
    }

    private string Telling()
    {
        var (lines, characters) = (new List<string>(), 0);
        foreach (var fault in _faults.Concat(_earlier).Distinct(StringComparer.Ordinal))
        {
            characters += fault.Length;
            if (characters > MaxTold)
            {
                break;
            }

            lines.Add($"- {fault}");
        }

        return lines.Count == 0 ? "" : Fence.Wrap("faults", string.Join("\n", lines));
    }
}

/// <summary>What an attempt brought.</summary>
/// <param name="Id">The attempt.</param>
/// <param name="Task">Its task.</param>
/// <param name="Text">The candidate.</param>
/// <param name="Author">The agent that wrote it.</param>
/// <param name="Model">The model that it asked.</param>
internal sealed record Candidate(string Id, string Task, string Text, string Author, string Model)
{
    /// <summary>The how-many-th attempt it is, from 0.</summary>
    public int Attempt { get; init; }

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
