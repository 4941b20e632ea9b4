using Hive.Client;
using Hive.Client.Grid;
using Hive.Goals;
using Hive.Silo.Artifacts;
using Hive.Silo.Display;
using Hive.Silo.Hosting;

namespace Hive.Silo.Commands;

/// <summary>A hive for one goal, this one process or a grid: shows the goal's progress, writes the artifacts and prints the result.</summary>
internal sealed class GoalSession(CommandConsole console, string data, int cores, bool json, GridOptions? grid = null)
{
    /// <summary>Brings the goal to its end.</summary>
    /// <param name="goal">The goal's id.</param>
    /// <param name="mind">Brains and tools, for a goal that needs them here.</param>
    /// <param name="begin">Submits or resumes it.</param>
    /// <param name="cancellation">Interrupts: the goal stays in the database and can be resumed.</param>
    /// <returns>The exit status.</returns>
    public async Task<int> RunAsync(string goal, SessionMind? mind, Func<IHive, Task> begin, CancellationToken cancellation)
    {
        if (grid is not null)
        {
            await using var client = await GridHive.ConnectAsync(grid, GridArguments.Patience, cancellation: cancellation);
            return await RunAsync(client, goal, begin, cancellation);
        }

        await using var silo = await RunningSilo.StartAsync(
            options =>
            {
                (options.Database, options.Cores, options.ResumeGoals) = (data, cores, false);
                mind?.Configure(options);
            },
            cancellation);
        return await RunAsync(silo.Hive, goal, begin, cancellation);
    }

    private async Task<int> RunAsync(IHive hive, string goal, Func<IHive, Task> begin, CancellationToken cancellation)
    {
        await begin(hive);
        var interrupted = !await FollowAsync(hive, goal, cancellation);
        var status = await hive.GetAsync(goal, CancellationToken.None);
        if (status.State.IsEnd() && status.State != GoalState.Cancelled)
        {
            var folder = Path.Combine(HubStorage.FolderOf(data), "artifacts", goal);
            status = status with { Artifacts = await GoalArtifacts.WriteAsync(hive, status, folder, CancellationToken.None) };
        }

        return Report(status, interrupted);
    }

    /// <summary>What another command needs to be told to find the goal too.</summary>
    private string Options => grid is not null ? $" --connect {grid.Server}" : data == new HiveOptions().Database ? "" : $" --data {data}";

    /// <summary>Shows what happens until nothing more does.</summary>
    /// <returns>Whether it was seen to the end.</returns>
    private async Task<bool> FollowAsync(IHive hive, string goal, CancellationToken cancellation)
    {
        var display = GoalDisplay.Create(console.Error, Options);
        try
        {
            await display.FollowAsync(hive, goal, cancellation);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private int Report(GoalStatus status, bool interrupted)
    {
        if (json)
        {
            console.Output.WriteLine(status.ToJson());
        }
        else
        {
            GoalText.Write(console.Output, status);
        }

        if (interrupted || !status.State.IsEnd())
        {
            var why = status.Trouble is { } trouble ? $"stopped: {trouble}" : "interrupted";
            console.Error.WriteLine(grid is not null && status.Trouble is null
                ? $"hive: {why}; the grid goes on with the goal. Look at it with:  hive goal watch {status.Id} --connect {grid.Server}"
                : $"hive: {why}; what is recorded is kept. Go on with:  hive goal resume {status.Id}");
            return interrupted ? ExitCode.Interrupted : ExitCode.Failed;
        }

        return Of(status.State);
    }

    internal static int Of(GoalState state) => state switch
    {
        GoalState.Done => ExitCode.Done,
        GoalState.Exhausted => ExitCode.Exhausted,
        GoalState.Cancelled => ExitCode.Interrupted,
        _ => ExitCode.Failed,
    };
}
