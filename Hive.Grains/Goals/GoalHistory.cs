using System.Runtime.CompilerServices;
using System.Text;
using Hive.Storage;

namespace Hive.Goals;

/// <summary>Goals as their logs tell them, for whoever can read the database but does not run the goal.</summary>
/// <param name="log">The logs.</param>
/// <param name="time">The clock that following waits by.</param>
public sealed class GoalHistory(IGoalLog log, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>A goal as it stands.</summary>
    /// <param name="id">The goal's id.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <returns>The goal; absent where there is none.</returns>
    /// <exception cref="GoalHistoryException">The log tells no life that this version of Hive understands.</exception>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public async Task<GoalStatus?> FindAsync(string id, CancellationToken cancellation)
    {
        var goal = new GoalProgress(id);
        await new GoalJournal(goal, log, time).ReplayAsync(cancellation);
        return goal.IsAccepted ? goal.ToStatus() : null;
    }

    /// <summary>A goal's log, and what is added to it until the goal ends.</summary>
    /// <param name="id">The goal's id.</param>
    /// <param name="after">The sequence after which to begin; 0 for everything.</param>
    /// <param name="cancellation">Stops following.</param>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public async IAsyncEnumerable<GoalEntry> FollowAsync(string id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        for (var ended = false; !ended; ended = ended || !await timer.WaitForNextTickAsync(cancellation))
        {
            await foreach (var stored in log.ReadAsync(id, after, cancellation))
            {
                var entry = new GoalEntry(stored.Sequence, stored.At, stored.Kind, Encoding.UTF8.GetString(stored.Body.Span));
                after = entry.Sequence;
                yield return entry;
                ended = entry.Read() is StateChanged changed && changed.State.IsEnd();
            }
        }
    }
}
