using Hive.Building;
using Hive.Cognition.Plans;
using Hive.Cognition.Prompts;
using Hive.Goals;

namespace Hive.Cognition;

/// <summary>Work whose candidates are changes to a git repository. Everything happens in copies of it; the user's work tree is never touched.</summary>
internal sealed class BuildCraft(Desk desk, IBuildSite site, CancellationToken run) : Craft(desk)
{
    private const int MaxDescription = 60_000;
    private readonly Dictionary<string, Task<string>> _described = new(StringComparer.Ordinal);

    public IBuildSite Site => site;

    public override async Task<string?> DescribeAsync(CancellationToken stop) =>
        await DescribeAsync(Desk.Goal.Spec.Objective, stop);

    public override async Task<string> PromptAsync(PlannedTask task, int attempt, string faults, string tools, CancellationToken stop) => Desk.Parts.Prompts.Render(
        "build-attempt",
        ("objective", Desk.Goal.Spec.Objective),
        ("instruction", task.Instruction + (task.Context.Length == 0 ? "" : "\n\n" + Fence.Wrap("context", task.Context))),
        ("repository", Fence.Wrap("repository", await DescribeAsync(task.Instruction, stop))),
        ("faults", faults),
        ("edit-format", EditFormat.Instructions));

    public override async Task<Draft> DraftAsync(string id, string reply, CancellationToken stop)
    {
        var patch = await site.ApplyAsync(id, reply, stop);
        return new Draft(patch.Diff, patch.Mistakes.IsEmpty && patch.Diff.Length == 0 ? ["the edits change nothing"] : patch.Mistakes);
    }

    public override string CriticPrompt(string instruction, string text) => Desk.Parts.Prompts.Render(
        "build-critic",
        ("objective", Desk.Goal.Spec.Objective),
        ("instruction", instruction),
        ("diff", Fence.Wrap("diff", text)));

    protected override async Task<ProgramFinding> RunTestsAsync(TestsCheck tests, string id, string text, CancellationToken stop)
    {
        var result = await site.TestAsync(id, tests.Command, TimeSpan.FromSeconds(tests.TimeoutSeconds), stop);
        return new ProgramFinding(result.Passed, result.Output);
    }

    /// <summary>The repository as it is shown for one request. All attempts at a task read the same; it outlives the attempt that asked first.</summary>
    private Task<string> DescribeAsync(string request, CancellationToken stop)
    {
        if (!_described.TryGetValue(request, out var describing))
        {
            _described[request] = describing = site.DescribeAsync(request, MaxDescription, run);
        }

        return describing.WaitAsync(stop);
    }
}
