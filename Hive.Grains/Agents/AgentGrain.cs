using Hive.Brains;
using Hive.Explorers;
using Hive.Goals;
using Hive.Placement;
using Hive.Silos;

namespace Hive.Agents;

/// <summary>
/// One agent on the silo that its key names. It remembers the explorer it last worked with, so that a strategy with a memory goes on where its last slice ended;
/// what it forgets costs the goal nothing but a slower start.
/// </summary>
/// <param name="workspaces">What this silo keeps of the goals it works for.</param>
/// <param name="incarnation">Which life of the silo this is.</param>
/// <param name="brains">Asks this silo's brains.</param>
/// <param name="memories">What the agents of this silo have learnt.</param>
/// <param name="time">The clock.</param>
[TierPlacement]
public sealed class AgentGrain(GoalWorkspaces workspaces, SiloIncarnation incarnation, BrainAsker brains, AgentMemories memories, TimeProvider time) : Grain, IAgentGrain
{
    private readonly ExplorationOptions _options = new() { Time = time };
    private string? _key;
    private (string Goal, string Strategy, IExplorer Explorer)? _memory;

    /// <inheritdoc/>
    public Task PingAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<ExplorationResult> ExploreAsync(ExplorationAttempt attempt, CancellationToken cancellation)
    {
        var arrived = time.GetTimestamp();
        var began = arrived;
        var task = attempt.Task;
        try
        {
            var workspace = workspaces.Of(attempt.Goal);
            await using var bench = await workspace.EnterAsync(cancellation);
            began = time.GetTimestamp();
            var left = attempt.Seconds - time.GetElapsedTime(arrived).TotalSeconds;
            var explorer = Recall(attempt, workspace);
            var result = await ExplorerLoop.RunAsync(
                explorer,
                bench.Evaluator,
                workspace.Space,
                workspace.Spec.Metric!,
                task with { Seconds = Least(task.Seconds, left) },
                _options,
                cancellation);
            bench.Keep();
            return Signed(result, task, began);
        }
        catch (Evaluators.EvaluatorException e)
        {
            return Signed(new ExplorationResult(task.Index, 0, 0, [], e.Message), task, began);
        }
    }

    /// <inheritdoc/>
    public async Task<FreshMeasurement> MeasureAsync(GoalBrief goal, string candidate, CancellationToken cancellation)
    {
        try
        {
            var workspace = workspaces.Of(goal);
            await using var bench = await workspace.EnterFreshAsync(cancellation);
            var results = new Evaluators.Measurement[1];
            await bench.Evaluator.MeasureAsync([workspace.Space.FromJson(candidate)], results, cancellation);
            return new FreshMeasurement(results[0].Metric, results[0].Violation, results[0].Failure);
        }
        catch (Evaluators.EvaluatorException e)
        {
            return new FreshMeasurement(double.NaN, double.PositiveInfinity, e.Message);
        }
    }

    /// <inheritdoc/>
    public Task<BrainReply> ThinkAsync(BrainCall call, CancellationToken cancellation) =>
        brains.AskAsync(call, call.WithLessons ? memories.Tell(_key ??= this.GetPrimaryKeyString()) : "", cancellation);

    /// <inheritdoc/>
    public async Task<TextTestResult> TestAsync(GoalBrief goal, string text, CancellationToken cancellation)
    {
        var spec = GoalFile.Parse(goal.Spec);
        return spec.Cognition?.Tests is { } tests
            ? await TextTest.RunAsync(tests, spec.Directory ?? Environment.CurrentDirectory, text, time, cancellation)
            : new TextTestResult(false, "the goal has no test program");
    }

    /// <inheritdoc/>
    public Task LearnAsync(string lesson, double worth)
    {
        memories.Learn(_key ??= this.GetPrimaryKeyString(), lesson, worth);
        return Task.CompletedTask;
    }

    private ExplorationResult Signed(ExplorationResult result, ExplorationTask task, long began) => result with
    {
        Round = task.Round,
        Agent = _key ??= this.GetPrimaryKeyString(),
        Incarnation = incarnation.Id,
        SecondsAtWork = time.GetElapsedTime(began).TotalSeconds,
    };

    private static double? Least(double? a, double? b) => a is { } x && b is { } y ? Math.Min(x, y) : a ?? b;

    private IExplorer Recall(ExplorationAttempt attempt, GoalWorkspace workspace)
    {
        var task = attempt.Task;
        if (!task.Fresh && _memory is { } memory && memory.Goal == attempt.Goal.Id && memory.Strategy == task.Strategy)
        {
            memory.Explorer.Hear(task.Elites);
            return memory.Explorer;
        }

        var explorer = ExplorerFactory.Create(task.Strategy, workspace.Space, workspace.Spec.Metric!, task.Seed, task.Elites);
        _memory = attempt.IsLast ? null : (attempt.Goal.Id, task.Strategy, explorer);
        return explorer;
    }
}
