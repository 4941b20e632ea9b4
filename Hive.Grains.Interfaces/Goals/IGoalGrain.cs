using Orleans.Concurrency;

namespace Hive.Goals;

/// <summary>One goal: the authority over its own life, dumb otherwise. It lives on the hub, and its key is the goal's id.</summary>
[Alias("hive.goal")]
public interface IGoalGrain : IGrainWithStringKey
{
    /// <summary>Accepts a goal and starts it. Acknowledged means on disk. A second submission of the same goal under the same id changes nothing.</summary>
    /// <param name="spec">The goal as JSON (<see cref="GoalFile"/>).</param>
    /// <returns>The goal as it stands.</returns>
    /// <exception cref="ArgumentException">The JSON is no valid goal (every mistake in the message), or another goal has this id.</exception>
    [Alias("submit")]
    Task<GoalStatus> SubmitAsync(string spec);

    /// <summary>Goes on with a goal that lies still, from where its log ends. Nothing happens where it is at work or has ended.</summary>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    /// <exception cref="GoalBusyException">Another process is at work on it.</exception>
    [Alias("resume")]
    Task<GoalStatus> ResumeAsync();

    /// <summary>Calls a goal off: its attempts are stopped and it ends as <see cref="GoalState.Cancelled"/>. Nothing happens where it has ended.</summary>
    /// <param name="reason">Why, for the log.</param>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    [Alias("cancel")]
    Task<GoalStatus> CancelAsync(string reason);

    /// <summary>Answers what the goal asks a person. Nothing happens where nothing is asked.</summary>
    /// <param name="approval">The answer.</param>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    [Alias("approve")]
    Task<GoalStatus> ApproveAsync(GoalApproval approval);

    /// <summary>Allows a goal for brains to spend more, and goes on with it where its budget was gone. Nothing that was paid for is paid again.</summary>
    /// <param name="budget">How much more: the members of a goal's budget as JSON, such as <c>{"tokens": 100000}</c>.</param>
    /// <exception cref="ArgumentException">The JSON is no budget, or the goal takes none.</exception>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    /// <exception cref="GoalBusyException">Another process is at work on it.</exception>
    [Alias("add-budget")]
    Task<GoalStatus> AddBudgetAsync(string budget);

    /// <summary>The goal as it stands.</summary>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    [Alias("status"), AlwaysInterleave, ReadOnly]
    Task<GoalStatus> GetStatusAsync();

    /// <summary>Waits until the goal has ended, or nobody works on it any more.</summary>
    /// <param name="cancellation">Stops waiting; the goal goes on.</param>
    /// <returns>The goal as it then stands.</returns>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    [Alias("wait"), AlwaysInterleave, ResponseTimeout("7.00:00:00")]
    Task<GoalStatus> WaitAsync(CancellationToken cancellation);

    /// <summary>The log from a place on, and then live until the goal ends. A watcher that fell off takes up again at the last sequence it saw.</summary>
    /// <param name="after">The sequence after which to begin; 0 for everything.</param>
    /// <param name="cancellation">Stops watching.</param>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    [Alias("watch"), AlwaysInterleave]
    IAsyncEnumerable<GoalEntry> WatchAsync(long after, CancellationToken cancellation);
}

/// <summary>The goals that a hub knows. It lives on the hub; its key is <see cref="Key"/>.</summary>
[Alias("hive.goal-index")]
public interface IGoalIndexGrain : IGrainWithStringKey
{
    /// <summary>The one key.</summary>
    const string Key = "goals";

    /// <summary>Goals, newest first.</summary>
    /// <param name="most">How many at most, 1 to 10,000.</param>
    [Alias("list"), AlwaysInterleave, ReadOnly]
    Task<GoalLine[]> ListAsync(int most);
}
