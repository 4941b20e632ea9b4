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

    /// <summary>The hive's goals, newest first.</summary>
    /// <param name="most">How many at most, 1 to 10,000.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<GoalLine>> ListAsync(int most = 100, CancellationToken cancellation = default);
}
