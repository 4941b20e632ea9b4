using Hive.Goals;
using Hive.Silo.Hosting;
using Hive.Storage;

namespace Hive.Silo.Commands;

/// <summary>The database of goals, opened to look into.</summary>
internal sealed class GoalBook : IAsyncDisposable
{
    private readonly HiveDatabase _database;

    private GoalBook(HiveDatabase database)
    {
        _database = database;
        Log = new DatabaseGoalLog(database);
        History = new GoalHistory(Log, TimeProvider.System);
    }

    public IGoalLog Log { get; }

    public GoalHistory History { get; }

    /// <exception cref="BadInputException">There is no database.</exception>
    /// <exception cref="StorageException">It cannot be opened.</exception>
    public static async Task<GoalBook> OpenAsync(string data, CancellationToken cancellation, bool write = false)
    {
        var location = HubStorage.LocationOf(data);
        if (location != data && !File.Exists(location))
        {
            throw new BadInputException($"no goal was ever run here: there is no {location}; run one, or name its folder with --data");
        }

        return new(await HiveDatabase.OpenAsync(location, new HiveDatabaseOptions { ReadOnly = !write }, TimeProvider.System, cancellation));
    }

    /// <summary>The one goal whose id begins so.</summary>
    /// <exception cref="BadInputException">There is none, or there are several.</exception>
    public async Task<string> FindIdAsync(string beginning, CancellationToken cancellation)
    {
        var known = (await Log.ListAsync(null, GoalLogLimits.ListLength, cancellation)).Select(goal => goal.Id).ToArray();
        if (known.Contains(beginning, StringComparer.Ordinal))
        {
            return beginning;
        }

        var meant = known.Where(id => id.StartsWith(beginning, StringComparison.Ordinal)).Take(4).ToArray();
        return meant.Length switch
        {
            1 => meant[0],
            0 => throw new BadInputException($"there is no goal '{beginning}' in {_database.Display}; hive goal list shows those there are"),
            _ => throw new BadInputException($"'{beginning}' may mean {string.Join(", ", meant.Take(3))}{(meant.Length > 3 ? ", …" : "")}; write more of the id"),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await _database.DisposeAsync();
    }
}
