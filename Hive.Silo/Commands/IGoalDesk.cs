using Hive.Goals;

namespace Hive.Silo.Commands;

/// <summary>Where a command looks goals up: this machine's database, or the hub of a grid.</summary>
internal interface IGoalDesk : IAsyncDisposable
{
    /// <summary>Goals, newest first.</summary>
    Task<IReadOnlyList<GoalLine>> ListAsync(int most, CancellationToken cancellation);

    /// <summary>The one goal whose id begins so.</summary>
    /// <exception cref="BadInputException">There is none, or there are several.</exception>
    Task<string> FindIdAsync(string beginning, CancellationToken cancellation);

    /// <summary>A goal as it stands.</summary>
    Task<GoalStatus> GetAsync(string goal, CancellationToken cancellation);

    /// <summary>A goal's log, and what comes until it ends.</summary>
    IAsyncEnumerable<GoalEntry> FollowAsync(string goal, CancellationToken cancellation);

    /// <summary>Calls a goal off.</summary>
    Task CancelAsync(string goal, CancellationToken cancellation);

    /// <summary>Answers what a goal asks; the answer counts once whoever works on the goal has taken it up.</summary>
    Task ApproveAsync(string goal, GoalApproval approval, CancellationToken cancellation);
}

/// <summary>Tells goals by the beginnings of their ids.</summary>
internal static class GoalIds
{
    /// <summary>The one id that begins so.</summary>
    /// <exception cref="BadInputException">There is none, or there are several.</exception>
    public static string Find(IReadOnlyCollection<string> known, string beginning, string place)
    {
        if (known.Contains(beginning, StringComparer.Ordinal))
        {
            return beginning;
        }

        var meant = known.Where(id => id.StartsWith(beginning, StringComparison.Ordinal)).Take(4).ToArray();
        return meant.Length switch
        {
            1 => meant[0],
            0 => throw new BadInputException($"there is no goal '{beginning}' in {place}; hive goal list shows those there are"),
            _ => throw new BadInputException($"'{beginning}' may mean {string.Join(", ", meant.Take(3))}{(meant.Length > 3 ? ", …" : "")}; write more of the id"),
        };
    }
}
