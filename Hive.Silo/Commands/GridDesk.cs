using Hive.Client.Grid;
using Hive.Goals;

namespace Hive.Silo.Commands;

/// <summary>The goals that the hub of a grid holds.</summary>
internal sealed class GridDesk(GridHive hive, GridOptions grid) : IGoalDesk
{
    private const int MostGoals = 10_000;

    /// <exception cref="Nats.NatsException">The server cannot be reached.</exception>
    public static async Task<GridDesk> OpenAsync(GridOptions grid, CancellationToken cancellation) =>
        new(await GridHive.ConnectAsync(grid, GridArguments.Patience, cancellation: cancellation), grid);

    public Task<IReadOnlyList<GoalLine>> ListAsync(int most, CancellationToken cancellation) => hive.ListAsync(most, cancellation);

    public async Task<string> FindIdAsync(string beginning, CancellationToken cancellation) =>
        GoalIds.Find([.. (await hive.ListAsync(MostGoals, cancellation)).Select(goal => goal.Id)], beginning, $"grid {grid.Cluster}");

    public Task<GoalStatus> GetAsync(string goal, CancellationToken cancellation) => hive.GetAsync(goal, cancellation);

    public IAsyncEnumerable<GoalEntry> FollowAsync(string goal, CancellationToken cancellation) => hive.WatchAsync(goal, 0, cancellation);

    public Task CancelAsync(string goal, CancellationToken cancellation) => hive.CancelAsync(goal, "called off by command", cancellation);

    public Task ApproveAsync(string goal, GoalApproval approval, CancellationToken cancellation) => hive.ApproveAsync(goal, approval, cancellation);

    public ValueTask DisposeAsync() => hive.DisposeAsync();
}
