using Hive.Goals;

namespace Hive.Client;

/// <summary>A hive as an embedding application sees it: goals go in, and what happens to them can be watched.</summary>
public interface IHive
{
    /// <summary>Submits a goal. When this completes, the goal is on the hub's disk and at work.</summary>
    /// <param name="goal">The goal.</param>
    /// <param name="id">An id of the caller's choice, so that a submission can be repeated without a second goal; absent: a new one.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The goal's id.</returns>
    /// <exception cref="ArgumentException">Another goal has this id, or the goal is not valid.</exception>
    Task<string> SubmitAsync(GoalSpec goal, string? id = null, CancellationToken cancellation = default);

    /// <summary>A goal as it stands.</summary>
    /// <param name="id">The goal's id.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    Task<GoalStatus> GetAsync(string id, CancellationToken cancellation = default);

    /// <summary>A goal's log from a place on, then live until the goal ends.</summary>
    /// <param name="id">The goal's id.</param>
    /// <param name="after">The sequence after which to begin; 0 for everything.</param>
    /// <param name="cancellation">Stops watching.</param>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    IAsyncEnumerable<GoalEntry> WatchAsync(string id, long after = 0, CancellationToken cancellation = default);

    /// <summary>Waits for the end of a goal, or until nobody works on it any more.</summary>
    /// <param name="id">The goal's id.</param>
    /// <param name="cancellation">Stops waiting; the goal goes on.</param>
    /// <returns>The goal as it then stands.</returns>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    Task<GoalStatus> WaitAsync(string id, CancellationToken cancellation = default);

    /// <summary>Calls a goal off.</summary>
    /// <param name="id">The goal's id.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    Task<GoalStatus> CancelAsync(string id, string reason = "called off", CancellationToken cancellation = default);

    /// <summary>Goes on with a goal that lies still, from where its log ends.</summary>
    /// <param name="id">The goal's id.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    Task<GoalStatus> ResumeAsync(string id, CancellationToken cancellation = default);

    /// <summary>Gives a person's answer to what a goal asks. What was answered before, and what nobody asked, is left alone.</summary>
    /// <param name="id">The goal's id.</param>
    /// <param name="approval">The answer; on a grid, the hub puts the user's name into it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    Task<GoalStatus> ApproveAsync(string id, GoalApproval approval, CancellationToken cancellation = default);

    /// <summary>Lets a goal for brains spend more. One that was exhausted goes on, and makes no call again that it has paid for.</summary>
    /// <param name="id">The goal's id.</param>
    /// <param name="budget">How much more, as the members of a goal file's budget in JSON: <c>{"tokens": 100000, "calls": {"core": 5}}</c>.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ArgumentException">It is no budget, the goal has ended otherwise, or it takes none.</exception>
    /// <exception cref="KeyNotFoundException">There is no such goal.</exception>
    /// <exception cref="GoalBusyException">Another process is at work on it.</exception>
    Task<GoalStatus> AddBudgetAsync(string id, string budget, CancellationToken cancellation = default);

    /// <summary>The hive's goals, newest first.</summary>
    /// <param name="most">How many at most, 1 to 10,000.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<GoalLine>> ListAsync(int most = 100, CancellationToken cancellation = default);
}
