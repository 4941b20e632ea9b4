namespace Hive.Storage;

/// <summary>One entry of a goal's append-only log.</summary>
/// <param name="Sequence">The entry's place in its goal's log: 1, 2, 3, … without gaps.</param>
/// <param name="At">When it happened; kept to 100 ns and read back in UTC.</param>
/// <param name="Kind">What happened, as one word of at most <see cref="GoalLogLimits.KindLength"/> characters.</param>
/// <param name="Body">UTF-8 JSON of at most <see cref="GoalLogLimits.BodyBytes"/>; not to be changed once it is handed over.</param>
public sealed record LogEntry(long Sequence, DateTimeOffset At, string Kind, ReadOnlyMemory<byte> Body);

/// <summary>What lists show of a goal; written in the same transaction as the entries that changed it.</summary>
/// <param name="Id">The goal's id.</param>
/// <param name="Objective">What the goal is for, in its author's words.</param>
/// <param name="State">The state of its life cycle.</param>
/// <param name="CreatedAt">When it was accepted; lists are ordered by it.</param>
/// <param name="UpdatedAt">When the summary was last written.</param>
/// <param name="Body">UTF-8 JSON with whatever else a list shows.</param>
public sealed record GoalSummary(
    string Id, string Objective, string State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, ReadOnlyMemory<byte> Body);

/// <summary>What another process asks of whoever runs a goal.</summary>
/// <param name="Kind">What is asked: cancel, approve, …</param>
/// <param name="RequestedAt">When it was asked.</param>
/// <param name="Body">UTF-8 JSON with the details.</param>
public sealed record GoalRequest(string Kind, DateTimeOffset RequestedAt, ReadOnlyMemory<byte> Body);

/// <summary>The bounds of what a goal's log takes. Anything larger is refused, never cut.</summary>
public static class GoalLogLimits
{
    /// <summary>The longest goal id, in characters; ids are letters, digits, '-', '_' and '.', and do not start with '.'.</summary>
    public const int GoalLength = 128;

    /// <summary>The longest kind of an entry or a request, and the longest state, in characters.</summary>
    public const int KindLength = 64;

    /// <summary>The longest objective, in characters.</summary>
    public const int ObjectiveLength = 65_536;

    /// <summary>The largest body of an entry, a summary or a request, in bytes (1 MiB).</summary>
    public const int BodyBytes = 1 << 20;

    /// <summary>The most entries in one append.</summary>
    public const int AppendEntries = 16_384;

    /// <summary>The most bytes in one append, bodies of entries and summary together (16 MiB).</summary>
    public const int AppendBytes = 16 << 20;

    /// <summary>The most goals in one list, and the most requests taken at once.</summary>
    public const int ListLength = 10_000;
}

/// <summary>
/// The append-only logs of all goals. Acknowledged means on disk: an append that has completed survives any crash, and
/// is read back exactly, in order and without gaps. Safe for use by many callers at once.
/// </summary>
/// <remarks>
/// Every method throws <see cref="ArgumentException"/> for an id, kind or objective that breaks <see cref="GoalLogLimits"/> or
/// holds characters that are no text, and <see cref="StorageException"/> when the database fails. A write that fails with
/// <see cref="StorageFault.Unreachable"/> may have been recorded: read the log again before going on. Any other failure
/// recorded nothing.
/// </remarks>
public interface IGoalLog : IAsyncDisposable
{
    /// <summary>
    /// Appends entries and, when given, replaces the goal's summary, all or nothing; completes when they are on disk.
    /// Appends are recorded in the order in which they were called, whether or not the earlier ones were awaited.
    /// </summary>
    /// <param name="goal">The goal's id.</param>
    /// <param name="entries">Entries with consecutive sequences that continue the log; may be empty to write only a summary.</param>
    /// <param name="summary">The goal's summary from now on, or null to leave it.</param>
    /// <param name="cancellation">Withdraws the append as long as its transaction has not begun; then nothing of it is recorded.</param>
    /// <exception cref="InconsistentLogException">The entries do not continue the log: another writer was there. Nothing is recorded.</exception>
    /// <exception cref="StorageException">The database failed, or a bound was exceeded.</exception>
    Task AppendAsync(string goal, IReadOnlyList<LogEntry> entries, GoalSummary? summary, CancellationToken cancellation);

    /// <summary>Reads the entries after a sequence, in order. Entries appended while it reads may or may not be among them; there are no gaps.</summary>
    /// <param name="goal">The goal's id; an unknown one has no entries.</param>
    /// <param name="afterSequence">0 for all entries.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="StorageException">The database failed; the entries before the damage have been returned.</exception>
    IAsyncEnumerable<LogEntry> ReadAsync(string goal, long afterSequence, CancellationToken cancellation);

    /// <summary>The goal's summary, or null when there is none.</summary>
    /// <param name="goal">The goal's id.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<GoalSummary?> FindAsync(string goal, CancellationToken cancellation);

    /// <summary>Summaries, the newest goal first.</summary>
    /// <param name="state">Only goals in this state, or null for all.</param>
    /// <param name="limit">At most this many, 1 to <see cref="GoalLogLimits.ListLength"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<GoalSummary>> ListAsync(string? state, int limit, CancellationToken cancellation);

    /// <summary>Leaves a request (cancel, approve, …) for whoever runs the goal, in this process or another; completes when it is on disk.</summary>
    /// <param name="goal">The goal's id.</param>
    /// <param name="kind">What is asked, as one word.</param>
    /// <param name="body">UTF-8 JSON with the details.</param>
    /// <param name="cancellation">Withdraws the request as long as its transaction has not begun.</param>
    Task RequestAsync(string goal, string kind, ReadOnlyMemory<byte> body, CancellationToken cancellation);

    /// <summary>
    /// Takes the goal's requests, the oldest first; each is taken once. A process that dies between taking a request and
    /// recording it in the log loses the request, and its author sees no effect.
    /// </summary>
    /// <param name="goal">The goal's id.</param>
    /// <param name="cancellation">Ends the wait; requests are then not taken.</param>
    Task<IReadOnlyList<GoalRequest>> TakeRequestsAsync(string goal, CancellationToken cancellation);
}
