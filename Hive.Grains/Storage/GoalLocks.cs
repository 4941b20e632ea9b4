using System.Globalization;

namespace Hive.Storage;

/// <summary>
/// Keeps two processes from running one goal. A lock is let go by the kernel or the server the moment its process dies, however it dies.
/// </summary>
public abstract class GoalLocks : IAsyncDisposable
{
    /// <summary>
    /// The locks that belong to a database: files <c>goals/ID.lock</c> in the directory of a SQLite file, advisory locks of a session on PostgreSQL.
    /// </summary>
    /// <param name="database">The database that holds the goals.</param>
    public static GoalLocks Of(HiveDatabase database) => database.Location switch
    {
        FileLocation file => new FileGoalLocks(Path.Combine(Path.GetDirectoryName(file.File)!, "goals"), database.Time),
        _ => database.CreateServerLocks(),
    };

    /// <summary>The locks of goals that only this process knows: nobody else can have one.</summary>
    public static GoalLocks Unshared { get; } = new UnsharedGoalLocks();

    /// <summary>Tries once to take the lock of a goal.</summary>
    /// <param name="goal">The goal's id.</param>
    /// <param name="cancellation">Gives up the attempt.</param>
    /// <returns>The lock; when somebody else has it, <see cref="GoalLock.IsHeld"/> is false and <see cref="GoalLock.Holder"/> says who.</returns>
    /// <exception cref="ArgumentException">The id is none.</exception>
    /// <exception cref="StorageException">The lock file cannot be written, or the server does not answer.</exception>
    public abstract Task<GoalLock> TryAcquireAsync(string goal, CancellationToken cancellation);

    /// <summary>Lets all locks go.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>This process, as the one that finds a lock taken is told.</summary>
    internal static string Describe(DateTimeOffset since) => string.Create(
        CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName} since {since:yyyy-MM-dd HH:mm:ss}Z");
}

/// <summary>Grants every lock.</summary>
internal sealed class UnsharedGoalLocks : GoalLocks
{
    public override Task<GoalLock> TryAcquireAsync(string goal, CancellationToken cancellation) =>
        Task.FromResult(new GoalLock(() => ValueTask.CompletedTask, CancellationToken.None));

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The result of trying to take a goal's lock; disposing of it lets the lock go.</summary>
public sealed class GoalLock : IAsyncDisposable
{
    private readonly Func<ValueTask>? _release;

    private int _released;

    internal GoalLock(Func<ValueTask> release, CancellationToken lost)
    {
        _release = release;
        Lost = lost;
    }

    internal GoalLock(string holder) => Holder = holder;

    /// <summary>True when this process has the lock.</summary>
    public bool IsHeld => _release is not null && _released == 0 && !Lost.IsCancellationRequested;

    /// <summary>Who has the lock, when this process has not; in words for a person.</summary>
    public string? Holder { get; }

    /// <summary>Cancelled when the lock is lost with the connection that held it. The goal's run must stop then; its log refuses a second writer meanwhile.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Does what comes first under the lock; where that fails, the lock is let go.</summary>
    /// <param name="first">What comes first.</param>
    internal async Task BeginAsync(Func<Task> first)
    {
        try
        {
            await first();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the lock go.</summary>
    public ValueTask DisposeAsync() =>
        _release is not null && Interlocked.Exchange(ref _released, 1) == 0 ? _release() : ValueTask.CompletedTask;
}
