using System.Collections.Immutable;
using Hive.Brains;
using Hive.Cognition.Join;
using Hive.Cognition.Prompts;

namespace Hive.Cognition;

/// <summary>Joins the candidates that hold into one answer: one question to the best brain that is here, and at most two more where its reply has mistakes. Where no brain can, they are put side by side.</summary>
internal sealed class Integrator(Desk desk)
{
    private const int MaxRepairs = 2;

    /// <summary>What naming a candidate, its rank and the reason takes in a join.</summary>
    private const int TokensOfSource = 128;

    private const int MaxCharacters = 120_000;

    /// <summary>Joins.</summary>
    /// <param name="id">The join's id, which its calls begin with.</param>
    /// <param name="candidates">The candidates, at least one.</param>
    /// <param name="instructions">What each task asked for.</param>
    /// <param name="faults">What was wrong with the join before; empty where there was none.</param>
    /// <param name="stop">Stops asking.</param>
    public async Task<Joined> JoinAsync(
        string id, ImmutableArray<Candidate> candidates, IReadOnlyDictionary<string, string> instructions, ImmutableArray<string> faults, CancellationToken stop)
    {
        var listed = candidates.Select(candidate => new JoinCandidate(candidate.Id, candidate.Text, candidate.Score, instructions[candidate.Task])).ToArray();
        if (listed.Length == 1 || listed.Sum(candidate => candidate.Text.Length) > MaxCharacters)
        {
            return Joining.WithoutBrain(listed);
        }

        try
        {
            return await AskAsync(id, listed, faults, stop) ?? Joining.WithoutBrain(listed);
        }
        catch (Exception e) when (e is BudgetExhaustedException or NoAnswerException)
        {
            return Joining.WithoutBrain(listed);
        }
    }

    private async Task<Joined?> AskAsync(string id, JoinCandidate[] candidates, ImmutableArray<string> faults, CancellationToken stop)
    {
        var shown = string.Join("\n\n", candidates.Select(candidate =>
            FormattableString.Invariant($"Candidate {candidate.Id}, score {candidate.Score:0.##}, for the task: {candidate.Task}\n{Fence.Wrap(candidate.Id, candidate.Text)}")));
        if (!faults.IsEmpty)
        {
            shown += "\n\nThe join before had these faults:\n" + Fence.Wrap("faults", string.Join("\n", faults));
        }

        var messages = ImmutableArray.Create(new BrainMessage(
            Speaker.User,
            desk.Parts.Prompts.Render("integrator", ("objective", desk.Goal.Spec.Objective), ("candidates", shown), ("schema", JoinSchema.Json))));
        await desk.Brains.WaitForAnyAsync(stop);
        var tier = desk.Brains.Top!;
        string[] ids = [.. candidates.Select(candidate => candidate.Id)];
        for (var i = 0; i <= MaxRepairs; i++)
        {
            var question = new Question(i == 0 ? id : FormattableString.Invariant($"{id}.repair{i}"), tier, "integrator", messages)
            {
                MaxTokens = Math.Max(desk.Spec.AnswerTokens * 2, 2_048) + (candidates.Length * TokensOfSource),
                SchemaName = JoinSchema.Name,
                Schema = JoinSchema.Json,
                Seed = desk.SeedOf(id),
            };
            var reply = (await desk.Caller.AskAsync(question, stop)).Reply.Text;
            if (JoinReader.Read(reply, ids, out var mistakes) is { } joined)
            {
                return joined;
            }

            messages =
            [
                .. messages,
                new BrainMessage(Speaker.Assistant, reply),
                new BrainMessage(Speaker.User, desk.Parts.Prompts.Render("join-repair", ("mistakes", string.Join("\n", mistakes.Select(mistake => $"- {mistake}"))), ("reply", ""))),
            ];
        }

        return null;
    }
}
