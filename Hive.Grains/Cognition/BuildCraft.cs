using System.Collections.Immutable;
using System.Text.Json;
using Hive.Agents;
using Hive.Building;
using Hive.Cognition.Plans;
using Hive.Cognition.Prompts;

namespace Hive.Cognition;

/// <summary>Work whose candidates are changes to a git repository. Everything happens in copies of it; the user's work tree is never touched.</summary>
internal sealed class BuildCraft(Desk desk, IBuildSite site) : Craft
{
    private const int MaxDescription = 60_000;
    private string? _description;

    public IBuildSite Site => site;

    public override async Task<string?> DescribeAsync(CancellationToken stop) =>
        _description ??= await site.DescribeAsync(desk.Goal.Spec.Objective, MaxDescription, stop);

    public override async Task<string> PromptAsync(PlannedTask task, int attempt, string faults, string tools, CancellationToken stop) => desk.Parts.Prompts.Render(
        "build-attempt",
        ("objective", desk.Goal.Spec.Objective),
        ("instruction", task.Instruction + (task.Context.Length == 0 ? "" : "\n\n" + Fence.Wrap("context", task.Context))),
        ("repository", Fence.Wrap("repository", await site.DescribeAsync(task.Instruction, MaxDescription, stop))),
        ("faults", faults),
        ("edit-format", EditFormat.Instructions));

    public override async Task<Draft> DraftAsync(string id, string reply, CancellationToken stop)
    {
        var patch = await site.ApplyAsync(id, reply, stop);
        return new Draft(patch.Diff, patch.Mistakes.IsEmpty && patch.Diff.Length == 0 ? ["the edits change nothing"] : patch.Mistakes);
    }

    public override async Task<ProgramFinding?> TestAsync(string id, string text, bool isWhole, CancellationToken stop)
    {
        if (!isWhole)
        {
            return null;
        }

        var tests = desk.Spec.Tests!;
        var json = await desk.FactAsync($"{id}.tests{TextDigest.Of(text)}", "tests", async () =>
        {
            var result = await site.TestAsync(id, tests.Command, TimeSpan.FromSeconds(tests.TimeoutSeconds), stop);
            return TextCraft.Json(new TextTestResult(result.Passed, result.Output));
        });
        using var document = JsonDocument.Parse(json);
        return new ProgramFinding(document.RootElement.GetProperty("passed").GetBoolean(), document.RootElement.GetProperty("output").GetString() ?? "");
    }

    public override string CriticPrompt(string instruction, string text) => desk.Parts.Prompts.Render(
        "build-critic",
        ("objective", desk.Goal.Spec.Objective),
        ("instruction", instruction),
        ("diff", Fence.Wrap("diff", text)));
}
