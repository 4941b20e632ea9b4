using Hive.Goals;
using Hive.Silo.Hosting;
using Hive.Storage;

namespace Hive.Silo.Commands;

/// <summary>The database of goals, opened to look into.</summary>
internal sealed class GoalBook : IGoalDesk
{
    private readonly HiveDatabase _database;

    private GoalBook(HiveDatabase database)
    {
        _database = database;
        Log = new DatabaseGoalLog(database);
        History = new GoalHistory(Log, TimeProvider.System);
    }

    private IGoalLog Log { get; }

    private GoalHistory History { get; }

    /// <exception cref="BadInputException">There is no database.</exception>
    /// <exception cref="StorageException">It cannot be opened.</exception>
    public static async Task<GoalBook> OpenAsync(string data, CancellationToken cancellation, bool write = false)
    {
        var location = HubStorage.LocationOf(data);
        if (location != data && !File.Exists(location))
        {
            throw new BadInputException($"no goal was ever run here: there is no {location}; run one, or name its folder with --data");
        }

        return new(await HiveDatabase.OpenAsync(location, HubStorage.Options with { ReadOnly = !write }, TimeProvider.System, cancellation));
    }

    public async Task<IReadOnlyList<GoalLine>> ListAsync(int most, CancellationToken cancellation) =>
        [.. (await Log.ListAsync(null, Math.Clamp(most, 1, GoalLogLimits.ListLength), cancellation)).Select(goal =>
            new GoalLine(goal.Id, goal.Objective, Enum.Parse<GoalState>(goal.State), goal.CreatedAt, goal.UpdatedAt))];

    public async Task<string> FindIdAsync(string beginning, CancellationToken cancellation) =>
        GoalIds.Find([.. (await Log.ListAsync(null, GoalLogLimits.ListLength, cancellation)).Select(goal => goal.Id)], beginning, _database.Display);

    public async Task<GoalStatus> GetAsync(string goal, CancellationToken cancellation) =>
        await History.FindAsync(goal, cancellation) ?? throw new BadInputException($"there is no goal '{goal}' in {_database.Display}");

    public IAsyncEnumerable<GoalEntry> FollowAsync(string goal, CancellationToken cancellation) => History.FollowAsync(goal, 0, cancellation);

    public Task CancelAsync(string goal, CancellationToken cancellation) => Log.RequestAsync(goal, GoalRequests.Cancel, "{}"u8.ToArray(), cancellation);

    public Task ApproveAsync(string goal, GoalApproval approval, CancellationToken cancellation) =>
        Log.RequestAsync(goal, GoalRequests.Approve, GoalRequests.Write(approval), cancellation);

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await _database.DisposeAsync();
    }
}
