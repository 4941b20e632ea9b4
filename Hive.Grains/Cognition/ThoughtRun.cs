using System.Collections.Immutable;
using Hive.Building;
using Hive.Cognition.Join;
using Hive.Cognition.Plans;
using Hive.Goals;

namespace Hive.Cognition;

/// <summary>
/// The life of a goal that brains plan, explore, judge and join. It is a program that may run any number of times from its beginning: what it did before is in the log, and is
/// not done again. Rounds follow until the last check accepts the answer, or the budget ends.
/// </summary>
internal sealed class ThoughtRun(Desk desk, Craft craft)
{
    /// <summary>How many bytes of JSON an answer has at most: its evidence lies in the same entry of the log.</summary>
    private const int MaxAnswer = 500_000;

    private ImmutableArray<PlannedTask> _tasks = [];
    private ImmutableDictionary<string, Candidate> _best = ImmutableDictionary<string, Candidate>.Empty;
    private TaskRun[] _running = [];
    private int _round;

    private double Threshold => desk.Spec.Critics?.Threshold ?? 0.6;

    /// <summary>Works on the goal to its end.</summary>
    /// <param name="stop">Stops where it is.</param>
    /// <returns>What is missing to what was asked for; empty where nothing is.</returns>
    public async Task<ImmutableArray<string>> RunAsync(CancellationToken stop)
    {
        await desk.MoveAsync(GoalState.Planning);
        var known = desk.Spec.Tools.IsEmpty ? [] : await desk.Parts.Tools.ListAsync(stop);
        _tasks = await new Architect(desk).PlanAsync(await craft.DescribeAsync(stop), stop);
        var tools = new ToolLoop(desk, known);
        var faultsOf = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
        ImmutableArray<string> faults = [];
        for (_round = 0; _round < desk.Progress.RoundsAllowed; _round++)
        {
            await desk.MoveAsync(GoalState.Exploring, _round == 0 ? null : $"round {_round + 1}: {Short(faults.Concat(faultsOf.Values.SelectMany(of => of)).FirstOrDefault())}");

            // What held and is not in question stays; the rest is forked again, with the faults as instruction.
            var again = _round == 0 || Missing().IsEmpty ? _tasks : [.. _tasks.Where(task => !_best.ContainsKey(task.Id))];
            _running = [.. again.Select(task => new TaskRun(desk, craft, tools, _round, task, isWhole: _tasks.Length == 1))];
            var (running, earlier) = (_running, faults);
            var ends = await Together.AllAsync(
                again.Length, (i, all) => running[i].RunAsync([.. earlier, .. faultsOf.GetValueOrDefault(again[i].Id, [])], all), stop);
            await desk.MoveAsync(GoalState.Judging);
            faultsOf = await TakeAsync(ends, stop);
            await desk.MoveAsync(GoalState.Joining);
            var (answer, ended) = await JoinAsync(faults, stop);
            var missing = Missing();
            if (missing.IsEmpty && answer is { IsAccepted: true } && ended is null)
            {
                return await FinishAsync(answer, known, stop);
            }

            faults = answer?.Faults ?? [];
            var lacking = ends.Select(end => end.Lacking).FirstOrDefault(lacking => lacking is not null);
            if ((lacking ?? ended) is { } gone)
            {
                return [.. missing, .. faults.Take(1).Select(fault => $"the answer was not accepted: {Short(fault)}"), $"the budget is gone: {gone}"];
            }
        }

        return Missing() is { IsEmpty: false } lacks ? lacks : [$"after {desk.Progress.RoundsAllowed} rounds the answer is not accepted: {Short(faults.FirstOrDefault())}"];
    }

    /// <summary>Writes the best that there is down as the answer, where the run ended before it came to join: it is paid for.</summary>
    /// <returns>What is missing.</returns>
    public async Task<ImmutableArray<string>> LeaveAsync()
    {
        if (desk.Progress.Answer is null && Known() is { IsEmpty: false } candidates)
        {
            await RecordAsync(Answer(craft is BuildCraft ? SideBySide(candidates) : Joining.WithoutBrain(Listed(candidates)), candidates));
        }

        return Missing();
    }

    private ImmutableArray<string> Missing() =>
        [.. _tasks.Where(task => !_best.ContainsKey(task.Id)).Select(task => $"no candidate holds for task {task.Id}: {Short(task.Instruction)}")];

    /// <summary>What holds, and for the tasks where nothing does the best that there is.</summary>
    private ImmutableArray<Candidate> Known()
    {
        var tried = _running.Select(run => run.Best).OfType<Candidate>().ToLookup(candidate => candidate.Task, StringComparer.Ordinal);
        return [.. _tasks.Select(task => _best.GetValueOrDefault(task.Id) ?? tried[task.Id].FirstOrDefault()).OfType<Candidate>()];
    }

    /// <summary>Keeps what holds, and puts what critics are of two minds about to a person.</summary>
    /// <returns>What is wrong, by task.</returns>
    private async Task<ImmutableDictionary<string, ImmutableArray<string>>> TakeAsync(TaskEnd[] ends, CancellationToken stop)
    {
        var faults = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var end in ends)
        {
            var (taken, wrong) = (end.Taken, end.Faults);
            if (taken is null && end is { Contested: { } contested, Lacking: null } && desk.Spec.Stakes != Stakes.Low)
            {
                await desk.MoveAsync(GoalState.AwaitingApproval, $"critics are of two minds about {contested.Id}");
                var given = await new Approvals(desk).AskAsync(contested.Id, $"Critics are of two minds about a candidate for: {Short(end.Task.Instruction)} Is it good?", contested.Text, stop);
                taken = given.IsApproved ? contested : null;
                wrong = given.Reason is { } reason ? wrong.Insert(0, reason) : wrong;
                desk.Learn($"{contested.Id}.learnt", end.Judged!.Critics, Threshold, given.IsApproved);
            }

            if (taken is not null)
            {
                _best = _best.SetItem(end.Task.Id, taken);
            }
            else
            {
                faults[end.Task.Id] = wrong;
            }
        }

        return faults.ToImmutable();
    }

    /// <summary>Joins what holds and has it checked once more. Where something is missing still, what there is is put side by side, and no brain is asked.</summary>
    private async Task<(AnswerJoined? Answer, string? Lacking)> JoinAsync(ImmutableArray<string> faults, CancellationToken stop)
    {
        if (desk.Progress.AnswerOf(_round) is { IsAccepted: true } known && (craft is not BuildCraft || known.Branch is not null))
        {
            return (known, null);
        }

        var id = FormattableString.Invariant($"r{_round}.join");
        var candidates = Known();
        if (candidates.IsEmpty)
        {
            return (null, null);
        }

        if (!Missing().IsEmpty)
        {
            var partial = Answer(craft is BuildCraft ? SideBySide(candidates) : Joining.WithoutBrain(Listed(candidates)), candidates);
            await RecordAsync(partial);
            return (partial, null);
        }

        var joined = craft is BuildCraft build
            ? await MergeAsync(build.Site, id, candidates, stop)
            : await new Integrator(desk).JoinAsync(id, candidates, _tasks.ToDictionary(task => task.Id, task => task.Instruction, StringComparer.Ordinal), faults, stop);
        var (isAccepted, score, found, lacking) = await CheckAsync(id, joined, candidates, stop);
        var answer = Answer(joined, candidates) with { IsAccepted = isAccepted, Faults = found, Score = score };
        await RecordAsync(answer);
        return (answer, lacking);
    }

    private JoinCandidate[] Listed(ImmutableArray<Candidate> candidates)
    {
        var instructions = _tasks.ToDictionary(task => task.Id, task => task.Instruction, StringComparer.Ordinal);
        return [.. candidates.Select(candidate => new JoinCandidate(candidate.Id, candidate.Text, candidate.Score, instructions[candidate.Task]))];
    }

    private AnswerJoined Answer(Joined joined, ImmutableArray<Candidate> candidates) => new(_round, EntryText.Cut(joined.Outcome, MaxAnswer), IsAccepted: false)
    {
        Evidence = [.. joined.Sources.Select(source => Evidence(source, candidates.Single(candidate => candidate.Id == source.Candidate)))],
        Contradictions = [.. joined.Contradictions.Select(one => $"{string.Join(", ", one.Candidates)} about {one.About}: {one.Resolution} ({one.Reason})")],
    };

    private async Task RecordAsync(AnswerJoined answer)
    {
        if (desk.Progress.AnswerOf(_round) is not { } last || last.Text != answer.Text || last.IsAccepted != answer.IsAccepted || !last.Faults.SequenceEqual(answer.Faults))
        {
            await desk.Journal.RecordAsync(answer);
        }
    }

    private static Joined SideBySide(ImmutableArray<Candidate> candidates) => new(
        string.Join('\n', candidates.Select(candidate => candidate.Text)),
        [.. candidates.Select((candidate, i) => new JoinSource(candidate.Id, SourceUse.Used, i + 1, "its change is listed, and not merged: not all of them hold"))],
        []);

    private static async Task<Joined> MergeAsync(IBuildSite site, string id, ImmutableArray<Candidate> candidates, CancellationToken stop)
    {
        var ranked = candidates.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.Id, StringComparer.Ordinal).ToImmutableArray();
        var merged = await site.MergeAsync(id, [.. ranked.Select(candidate => candidate.Text)], stop);
        var sources = ranked.Select((candidate, i) => merged.LeftOut.Contains(i)
            ? new JoinSource(candidate.Id, SourceUse.Discarded, i + 1, "its change does not apply on top of the others")
            : new JoinSource(candidate.Id, SourceUse.Used, i + 1, "its change is merged"));
        return new Joined(merged.Diff, [.. sources], []);
    }

    /// <summary>The last check. What is one candidate alone was judged as that already; a program judges it once more all the same.</summary>
    private async Task<(bool IsAccepted, double Score, ImmutableArray<string> Faults, string? Lacking)> CheckAsync(
        string id, Joined joined, ImmutableArray<Candidate> candidates, CancellationToken stop)
    {
        var text = joined.Outcome;
        if (EntryText.Cut(text, MaxAnswer).Length < text.Length)
        {
            return (false, 0, [$"the answer is longer than {MaxAnswer:N0} bytes of JSON"], null);
        }

        if (craft is BuildCraft && joined.Sources.Where(source => source.Use == SourceUse.Discarded).ToArray() is { Length: > 0 } left)
        {
            // Every task is part of the plan: a change that is left out is something that was asked for and is not there.
            return (false, 0, [.. left.Select(source => $"the change of {source.Candidate} does not apply on top of the others: change fewer lines that other tasks may change too")], null);
        }

        if (await craft.TestAsync(id, text, isWhole: true, stop) is { Passed: false } failed)
        {
            return (false, 0, [$"the tests fail: {failed.Output}"], null);
        }

        if (desk.Spec.Critics is null || candidates is [{ } only] && only.Text == text)
        {
            return (true, candidates.Min(candidate => candidate.Score), [], null);
        }

        var panel = $"{id}.p{TextDigest.Of(text)}";
        try
        {
            var authors = candidates.Select(candidate => candidate.Model).Distinct(StringComparer.Ordinal).ToImmutableArray();
            var found = await new PanelRun(desk).JudgeAsync(panel, craft.CriticPrompt(desk.Goal.Spec.Objective, text), authors, stop);
            if (!found.IsContested || desk.Spec.Stakes == Stakes.Low)
            {
                return (found.IsAccepted, found.Score, found.Faults, null);
            }

            await desk.MoveAsync(GoalState.AwaitingApproval, "critics are of two minds about the answer");
            var given = await new Approvals(desk).AskAsync(panel, "Critics are of two minds about the answer. Is it good?", text, stop);
            return (given.IsApproved, found.Score, given.Reason is { } reason ? [reason, .. found.Faults] : found.Faults, null);
        }
        catch (BudgetExhaustedException e)
        {
            return (false, 0, ["it was not judged to the end"], e.Message);
        }
    }

    private EvidenceRecord Evidence(JoinSource source, Candidate candidate)
    {
        var (tokens, money) = desk.Progress.CostOf(candidate.Id);
        return new EvidenceRecord(
            candidate.Id,
            candidate.Author,
            source.Use == SourceUse.Used,
            source.Reason,
            candidate.Score,
            [.. candidate.Critics.Where(critic => critic.Score >= Threshold).Select(critic => critic.Critic)],
            tokens,
            money);
    }

    /// <summary>Approval where much stands on the answer, then the effects that it asks for, and the branch of a build.</summary>
    private async Task<ImmutableArray<string>> FinishAsync(AnswerJoined answer, ImmutableArray<Tools.ToolSpec> tools, CancellationToken stop)
    {
        if (desk.Spec.Stakes == Stakes.High)
        {
            await desk.MoveAsync(GoalState.AwaitingApproval, "much stands on this answer");
            var given = await new Approvals(desk).AskAsync("answer", "Much stands on this answer. Is it approved?", answer.Text, stop);
            if (!given.IsApproved)
            {
                return [$"{given.By} did not approve the answer{(given.Reason is { } reason ? $": {reason}" : "")}"];
            }
        }

        var used = answer.Evidence.Where(evidence => evidence.IsUsed).Select(evidence => evidence.Candidate).ToImmutableArray();
        var missing = await new EffectsRun(desk, tools).RunAsync(used, stop);
        if (craft is BuildCraft build && answer.Branch is null)
        {
            var branch = $"hive/{desk.Goal.Id}";
            try
            {
                await build.Site.PublishAsync(FormattableString.Invariant($"r{answer.Round}.join"), branch, Message(answer), stop);
                await desk.Journal.RecordAsync(answer with { Branch = branch });
            }
            catch (BuildException e)
            {
                return [.. missing, e.Message];
            }
        }

        return missing;
    }

    private string Message(AnswerJoined answer)
    {
        var evidence = answer.Evidence.Where(one => one.IsUsed).Select(one =>
            FormattableString.Invariant($"* {one.Candidate} by {one.Author}, score {one.Score:0.##}, {one.Tokens} tokens{(one.Critics.IsEmpty ? "" : ", for it: " + string.Join(", ", one.Critics))}"));
        return $"{Short(desk.Goal.Spec.Objective)}\n\n{desk.Goal.Spec.Objective}\n\nBuilt by goal {desk.Goal.Id}; its tests pass.\n{string.Join('\n', evidence)}\n";
    }

    private static string Short(string? text)
    {
        var line = (text ?? "").ReplaceLineEndings(" ").Trim();
        return line.Length <= 160 ? line : line[..160] + "…";
    }
}
