using Hive.Agents;
using Hive.Cognition.Agents;
using Hive.Cognition.Plans;
using Hive.Cognition.Prompts;
using Hive.Goals;
using Hive.Silos;

namespace Hive.Cognition;

/// <summary>Work whose candidates are texts.</summary>
internal sealed class TextCraft(Desk desk) : Craft(desk)
{
    public override Task<string> PromptAsync(PlannedTask task, int attempt, string faults, string tools, CancellationToken stop)
    {
        var prompts = Desk.Parts.Prompts;
        var context = task.Context.Length == 0 ? Desk.Context : Fence.Wrap("context", task.Context) + (Desk.Context.Length == 0 ? "" : "\n\n" + Desk.Context);
        return Task.FromResult(prompts.Render(
            "attempt",
            ("role", prompts.Render(Roles.PromptOf(Roles.Of(attempt)))),
            ("objective", Desk.Policy.SeesObjective && task.Instruction != Desk.Goal.Spec.Objective ? Desk.Goal.Spec.Objective : ""),
            ("instruction", task.Instruction),
            ("context", Bounded(context)),
            ("faults", faults),
            ("lessons", ""),
            ("tools", tools)));
    }

    public override Task<Draft> DraftAsync(string id, string reply, CancellationToken stop)
    {
        var text = reply.Trim();
        return Task.FromResult(new Draft(text, text.Length == 0 ? ["the answer is empty"] : []));
    }

    public override string CriticPrompt(string instruction, string text) => Desk.Parts.Prompts.Render(
        "critic",
        ("objective", Desk.Goal.Spec.Objective),
        ("instruction", instruction),
        ("candidate", Fence.Wrap("candidate", text)),
        ("lessons", ""));

    private string Bounded(string context) => context.Length <= Desk.Policy.MaxContext ? context : context[..Desk.Policy.MaxContext] + "\n(The rest is cut: the goal's policy lets a task see no more.)";

    /// <summary>Any silo runs the program; one that is lost meanwhile is replaced.</summary>
    protected override async Task<ProgramFinding> RunTestsAsync(TestsCheck tests, string id, string text, CancellationToken stop)
    {
        while (true)
        {
            var silos = await Desk.Grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).ListAsync();
            if (silos.OrderBy(silo => silo.RunningAgents ?? 0).FirstOrDefault() is { } silo)
            {
                try
                {
                    var tester = Desk.Grains.GetGrain<IAgentGrain>(new AgentKey(silo.Tier, silo.Name, $"{Desk.Goal.Id}-tester").ToString());
                    var result = await tester.TestAsync(new GoalBrief(Desk.Goal.Id, Desk.Goal.SpecJson), text, stop);
                    return new ProgramFinding(result.Passed, result.Output);
                }
                catch (Exception e) when (e is OrleansException or TimeoutException)
                {
                    // The silo is gone; the registry forgets it soon.
                }
            }

            await Task.Delay(TimeSpan.FromSeconds(1), Desk.Time, stop);
        }
    }
}
