using System.Collections.Immutable;
using System.Text.Json;
using Hive.Brains;
using Hive.Cognition.Plans;
using Hive.Cognition.Prompts;
using Hive.Goals;

namespace Hive.Cognition;

/// <summary>Turns an objective into tasks: one question to the best brain that is here, and at most two more where the plan has mistakes. Then the objective is one task, and that is said.</summary>
internal sealed class Architect(Desk desk)
{
    private const int MaxRepairs = 2;
    private const string NoPlan = "no-plan";

    /// <summary>The tasks of the goal.</summary>
    /// <param name="repository">The repository in words, for a build; absent otherwise.</param>
    /// <param name="stop">Stops asking.</param>
    /// <exception cref="BudgetExhaustedException">The budget does not allow a plan.</exception>
    public async Task<ImmutableArray<PlannedTask>> PlanAsync(string? repository, CancellationToken stop)
    {
        var (tasks, note) = desk.Spec.Tasks.IsEmpty ? await AskAsync(repository, stop) : (Given(), null);
        if (desk.Progress.Plan(0) is null)
        {
            await desk.Journal.RecordAsync(new PlanMade(0, [.. tasks.Select(task => new TaskRecord(task.Id, EntryText.Cut(task.Instruction, EntryText.Most / tasks.Length), task.Tier, task.Width))], note));
        }

        return tasks;
    }

    private ImmutableArray<PlannedTask> Given() =>
        [.. desk.Spec.Tasks.Select((task, i) => new PlannedTask(FormattableString.Invariant($"t{i + 1}"), task, "", null, desk.Spec.Width, TaskCheck.Critics))];

    /// <summary>Once the objective is one task it stays so: what was answered to that task is no answer to another.</summary>
    private async Task<(ImmutableArray<PlannedTask> Tasks, string? Note)> OneAsync(string why)
    {
        await desk.FactAsync(NoPlan, NoPlan, () => Task.FromResult(JsonSerializer.Serialize(why)));
        return (One(), why);
    }

    private async Task<(ImmutableArray<PlannedTask> Tasks, string? Note)> AskAsync(string? repository, CancellationToken stop)
    {
        if (desk.Progress.Fact(NoPlan) is { } known)
        {
            return (One(), JsonSerializer.Deserialize<string>(known));
        }

        await desk.Brains.WaitForAnyAsync(stop);

        // Which tiers were here when the plan was asked for decides how it is read, whenever it is read.
        var tiers = await desk.FactAsync("plan.tiers", "tiers", () => Task.FromResult(JsonSerializer.Serialize(desk.Brains.Here)));
        var limits = new PlanLimits(DefaultWidth: desk.Spec.Width, Tiers: JsonSerializer.Deserialize<ImmutableArray<string>>(tiers));
        var prompt = repository is null
            ? desk.Parts.Prompts.Render(
                "architect",
                ("objective", desk.Goal.Spec.Objective),
                ("context", desk.Context),
                ("tiers", string.Join("\n", limits.Tiers.Select(tier => $"- {tier}"))),
                ("limits", limits.Describe()),
                ("schema", PlanSchema.Json))
            : desk.Parts.Prompts.Render(
                "build-architect",
                ("objective", desk.Goal.Spec.Objective),
                ("repository", Fence.Wrap("repository", repository)),
                ("limits", limits.Describe()),
                ("schema", PlanSchema.Json));
        var messages = ImmutableArray.Create(new BrainMessage(Speaker.User, prompt));
        var mistakes = ImmutableArray<string>.Empty;
        for (var i = 0; i <= MaxRepairs; i++)
        {
            string reply;
            try
            {
                var question = new Question(i == 0 ? "plan" : FormattableString.Invariant($"plan.repair{i}"), desk.Brains.Top ?? limits.Tiers[^1], "architect", messages)
                {
                    MaxTokens = Math.Max(desk.Spec.AnswerTokens, 2_048),
                    SchemaName = PlanSchema.Name,
                    Schema = PlanSchema.Json,
                    Seed = desk.SeedOf("plan"),
                };
                reply = (await desk.Caller.AskAsync(question, stop)).Reply.Text;
            }
            catch (NoAnswerException e)
            {
                return await OneAsync($"the architect could not be asked ({e.Message}); the objective is one task");
            }

            if (PlanReader.Read(reply, limits, out mistakes) is { } plan)
            {
                return (plan.Tasks, i == 0 ? null : FormattableString.Invariant($"the plan was repaired {i} times"));
            }

            messages =
            [
                .. messages,
                new BrainMessage(Speaker.Assistant, reply),
                new BrainMessage(Speaker.User, desk.Parts.Prompts.Render("architect-repair", ("mistakes", string.Join("\n", mistakes.Select(mistake => $"- {mistake}"))), ("reply", ""))),
            ];
        }

        return await OneAsync($"no valid plan could be had ({(mistakes.IsEmpty ? "" : mistakes[0])}); the objective is one task");
    }

    private ImmutableArray<PlannedTask> One() => [new PlannedTask("t1", desk.Goal.Spec.Objective, "", null, desk.Spec.Width, TaskCheck.Critics)];
}
