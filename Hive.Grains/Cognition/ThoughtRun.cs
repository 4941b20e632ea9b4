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
    private double Threshold => desk.Spec.Critics?.Threshold ?? 0.6;

    /// <summary>Works on the goal to its end.</summary>
    /// <param name="stop">Stops where it is.</param>
    /// <returns>What is missing to what was asked for; empty where nothing is.</returns>
    public async Task<ImmutableArray<string>> RunAsync(CancellationToken stop)
    {
        await desk.MoveAsync(GoalState.Planning);
        var known = desk.Spec.Tools.IsEmpty ? [] : await desk.Parts.Tools.ListAsync(stop);
        var tasks = await new Architect(desk).PlanAsync(await craft.DescribeAsync(stop), stop);
        var tools = new ToolLoop(desk, known);
        var best = ImmutableDictionary<string, Candidate>.Empty;
        var (faults, missing) = (ImmutableArray<string>.Empty, ImmutableArray<string>.Empty);
        for (var round = 0; round < desk.Progress.RoundsAllowed; round++)
        {
            await desk.MoveAsync(GoalState.Exploring, round == 0 ? null : $"round {round + 1}: {Short(faults.FirstOrDefault())}");

            // What held and is not in question stays; the rest is forked again, with the faults as instruction.
            var again = round == 0 || missing.IsEmpty ? tasks : [.. tasks.Where(task => !best.ContainsKey(task.Id))];
            var ends = await Task.WhenAll(again.Select(task => new TaskRun(desk, craft, tools, round, task, isWhole: tasks.Length == 1).RunAsync(faults, stop)));
            await desk.MoveAsync(GoalState.Judging);
            (best, missing, faults) = await TakeAsync(tasks, ends, best, stop);
            await desk.MoveAsync(GoalState.Joining);
            var (answer, ended) = await JoinAsync(round, tasks, best, faults, stop);
            var lacking = ends.Select(end => end.Lacking).FirstOrDefault(lacking => lacking is not null);
            if (missing.IsEmpty && answer is { IsAccepted: true } && ended is null)
            {
                return await FinishAsync(answer, best, known, stop);
            }

            faults = [.. faults, .. answer?.Faults ?? []];
            if ((lacking ?? ended) is { } gone)
            {
                return [.. missing, .. answer?.Faults.Take(1).Select(fault => $"the answer was not accepted: {Short(fault)}") ?? [], $"the budget is gone: {gone}"];
            }
        }

        return missing.IsEmpty ? [$"after {desk.Progress.RoundsAllowed} rounds the answer is not accepted: {Short(faults.FirstOrDefault())}"] : missing;
    }

    /// <summary>Puts what critics are of two minds about to a person, and counts what is missing.</summary>
    private async Task<(ImmutableDictionary<string, Candidate> Best, ImmutableArray<string> Missing, ImmutableArray<string> Faults)> TakeAsync(
        ImmutableArray<PlannedTask> tasks, TaskEnd[] ends, ImmutableDictionary<string, Candidate> best, CancellationToken stop)
    {
        var faults = ImmutableArray.CreateBuilder<string>();
        foreach (var end in ends)
        {
            var taken = end.Taken;
            if (taken is null && end is { Contested: { } contested, Lacking: null } && desk.Spec.Stakes != Stakes.Low)
            {
                await desk.MoveAsync(GoalState.AwaitingApproval, $"critics are of two minds about {contested.Id}");
                var given = await new Approvals(desk).AskAsync(contested.Id, $"Critics are of two minds about a candidate for: {Short(end.Task.Instruction)} Is it good?", contested.Text, stop);
                taken = given.IsApproved ? contested : null;
                desk.Learn($"{contested.Id}.learnt", end.Judged!.Critics, Threshold, given.IsApproved);
            }

            best = taken is null ? best : best.SetItem(end.Task.Id, taken);
            faults.AddRange(taken is null ? end.Faults : []);
        }

        return (best, [.. tasks.Where(task => !best.ContainsKey(task.Id)).Select(task => $"no candidate holds for task {task.Id}: {Short(task.Instruction)}")], faults.ToImmutable());
    }

    /// <summary>Joins what holds and has it checked once more.</summary>
    private async Task<(AnswerJoined? Answer, string? Lacking)> JoinAsync(
        int round, ImmutableArray<PlannedTask> tasks, ImmutableDictionary<string, Candidate> best, ImmutableArray<string> faults, CancellationToken stop)
    {
        var candidates = tasks.Where(task => best.ContainsKey(task.Id)).Select(task => best[task.Id]).ToImmutableArray();
        if (candidates.IsEmpty)
        {
            return (null, null);
        }

        var id = FormattableString.Invariant($"r{round}.join");
        var (joined, text) = craft is BuildCraft build
            ? await MergeAsync(build.Site, id, candidates, stop)
            : await TextAsync(id, candidates, tasks, faults, stop);
        var (isAccepted, score, found, lacking) = await CheckAsync(id, text, candidates, tasks.Length == candidates.Length, stop);
        var answer = new AnswerJoined(round, text, isAccepted)
        {
            Evidence = [.. joined.Sources.Select(source => Evidence(source, candidates.Single(candidate => candidate.Id == source.Candidate)))],
            Contradictions = [.. joined.Contradictions.Select(one => $"{string.Join(", ", one.Candidates)} about {one.About}: {one.Resolution} ({one.Reason})")],
            Faults = found,
            Score = score,
        };
        if (desk.Progress.Answer is not { } last || last.Round < round || last.Text != text || last.IsAccepted != isAccepted)
        {
            await desk.Journal.RecordAsync(answer);
        }

        return (answer, lacking);
    }

    private async Task<(Joined Joined, string Text)> TextAsync(string id, ImmutableArray<Candidate> candidates, ImmutableArray<PlannedTask> tasks, ImmutableArray<string> faults, CancellationToken stop)
    {
        var joined = await new Integrator(desk).JoinAsync(id, candidates, tasks.ToDictionary(task => task.Id, task => task.Instruction, StringComparer.Ordinal), faults, stop);
        return (joined, joined.Outcome);
    }

    private static async Task<(Joined Joined, string Text)> MergeAsync(IBuildSite site, string id, ImmutableArray<Candidate> candidates, CancellationToken stop)
    {
        var ranked = candidates.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.Id, StringComparer.Ordinal).ToImmutableArray();
        var merged = await site.MergeAsync(id, [.. ranked.Select(candidate => candidate.Text)], stop);
        var sources = ranked.Select((candidate, i) => merged.LeftOut.Contains(i)
            ? new JoinSource(candidate.Id, SourceUse.Discarded, i + 1, "its change does not apply on top of the others")
            : new JoinSource(candidate.Id, SourceUse.Used, i + 1, "its change is merged"));
        return (new Joined(merged.Diff, [.. sources], []), merged.Diff);
    }

    /// <summary>The last check. What is one candidate alone was judged as that already; a program judges it once more all the same.</summary>
    private async Task<(bool IsAccepted, double Score, ImmutableArray<string> Faults, string? Lacking)> CheckAsync(
        string id, string text, ImmutableArray<Candidate> candidates, bool isComplete, CancellationToken stop)
    {
        if (!isComplete)
        {
            return (false, 0, [], null);
        }

        if (await craft.TestAsync(id, text, isWhole: true, stop) is { Passed: false } failed)
        {
            return (false, 0, [$"the tests fail: {failed.Output}"], null);
        }

        if (desk.Spec.Critics is null || candidates is [{ } only] && only.Text == text)
        {
            return (true, candidates.Min(candidate => candidate.Score), [], null);
        }

        try
        {
            var found = await new PanelRun(desk).JudgeAsync($"{id}.check", craft.CriticPrompt(desk.Goal.Spec.Objective, text), [], stop);
            if (!found.IsContested || desk.Spec.Stakes == Stakes.Low)
            {
                return (found.IsAccepted, found.Score, found.Faults, null);
            }

            await desk.MoveAsync(GoalState.AwaitingApproval, "critics are of two minds about the answer");
            var given = await new Approvals(desk).AskAsync($"{id}.check", "Critics are of two minds about the answer. Is it good?", text, stop);
            return (given.IsApproved, found.Score, found.Faults, null);
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
    private async Task<ImmutableArray<string>> FinishAsync(
        AnswerJoined answer, ImmutableDictionary<string, Candidate> best, ImmutableArray<Tools.ToolSpec> tools, CancellationToken stop)
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
