using System.Text.Json;
using Hive.Agents;
using Hive.Cognition.Agents;
using Hive.Cognition.Plans;
using Hive.Cognition.Prompts;
using Hive.Goals;
using Hive.Silos;

namespace Hive.Cognition;

/// <summary>Work whose candidates are texts.</summary>
internal sealed class TextCraft(Desk desk) : Craft
{
    public override Task<string> PromptAsync(PlannedTask task, int attempt, string faults, string tools, CancellationToken stop)
    {
        var prompts = desk.Parts.Prompts;
        var context = task.Context.Length == 0 ? desk.Context : Fence.Wrap("context", task.Context) + (desk.Context.Length == 0 ? "" : "\n\n" + desk.Context);
        return Task.FromResult(prompts.Render(
            "attempt",
            ("role", prompts.Render(Roles.PromptOf(Roles.Of(attempt)))),
            ("objective", desk.Policy.SeesObjective && task.Instruction != desk.Goal.Spec.Objective ? desk.Goal.Spec.Objective : ""),
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

    public override async Task<ProgramFinding?> TestAsync(string id, string text, bool isWhole, CancellationToken stop)
    {
        if (desk.Spec.Tests is null || !isWhole)
        {
            return null;
        }

        var json = await desk.FactAsync($"{id}.tests{TextDigest.Of(text)}", "tests", async () => Json(await RunAsync(text, stop)));
        using var document = JsonDocument.Parse(json);
        return new ProgramFinding(document.RootElement.GetProperty("passed").GetBoolean(), document.RootElement.GetProperty("output").GetString() ?? "");
    }

    public override string CriticPrompt(string instruction, string text) => desk.Parts.Prompts.Render(
        "critic",
        ("objective", desk.Goal.Spec.Objective),
        ("instruction", instruction),
        ("candidate", Fence.Wrap("candidate", text)),
        ("lessons", ""));

    internal static string Json(TextTestResult result)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("passed", result.Passed);
            writer.WriteString("output", result.Output);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private string Bounded(string context) => context.Length <= desk.Policy.MaxContext ? context : context[..desk.Policy.MaxContext] + "\n(The rest is cut: the goal's policy lets a task see no more.)";

    /// <summary>Any silo runs the program; one that is lost meanwhile is replaced.</summary>
    private async Task<TextTestResult> RunAsync(string text, CancellationToken stop)
    {
        while (true)
        {
            var silos = await desk.Grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).ListAsync();
            if (silos.OrderBy(silo => silo.RunningAgents ?? 0).FirstOrDefault() is { } silo)
            {
                try
                {
                    var tester = desk.Grains.GetGrain<IAgentGrain>(new AgentKey(silo.Tier, silo.Name, $"{desk.Goal.Id}-tester").ToString());
                    return await tester.TestAsync(new GoalBrief(desk.Goal.Id, desk.Goal.SpecJson), text, stop);
                }
                catch (Exception e) when (e is OrleansException or TimeoutException)
                {
                    // The silo is gone; the registry forgets it soon.
                }
            }

            await Task.Delay(TimeSpan.FromSeconds(1), desk.Time, stop);
        }
    }
}
