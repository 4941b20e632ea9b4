using System.Data.Common;
using System.Runtime.CompilerServices;

namespace Hive.Storage;

/// <summary>The goal logs in a <see cref="HiveDatabase"/>, SQLite or PostgreSQL. The database is the caller's to close.</summary>
/// <param name="database">An open database.</param>
public sealed class DatabaseGoalLog(HiveDatabase database) : IGoalLog
{
    private const int PageEntries = 512;

    private const int PageBytes = 4 << 20;

    /// <summary>Nobody takes the requests of a goal that does not run; more than this many are refused.</summary>
    private const int WaitingRequests = 1_000;

    private const string SelectEntries =
        "SELECT sequence, recorded_at, kind, body FROM goal_log WHERE goal = @goal AND sequence > @after ORDER BY sequence LIMIT @limit";

    private const string SelectSummary = "SELECT id, objective, state, created_at, updated_at, body FROM goal";

    private const string FindSummary = SelectSummary + " WHERE id = @goal";

    private const string ListAll = SelectSummary + " ORDER BY created_at DESC, id DESC LIMIT @limit";

    private const string ListState = SelectSummary + " WHERE state = @state ORDER BY created_at DESC, id DESC LIMIT @limit";

    private const string CountRequests = "SELECT count(*) FROM goal_request WHERE goal = @goal";

    private const string InsertRequest =
        """
        INSERT INTO goal_request (goal, number, requested_at, kind, body) VALUES (@goal, @number, @at, @kind, @body)
        """;

    private const string TakeRequests = "DELETE FROM goal_request WHERE goal = @goal RETURNING number, requested_at, kind, body";

    private long _lastNumber;

    /// <inheritdoc/>
    public Task AppendAsync(string goal, IReadOnlyList<LogEntry> entries, GoalSummary? summary, CancellationToken cancellation)
    {
        var bytes = GoalLogGuard.CheckAppend(goal, entries, summary);
        return entries.Count == 0 && summary is null
            ? Task.CompletedTask
            : database.AppendAsync(new LogAppend(goal, entries, summary, bytes), cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogEntry> ReadAsync(
        string goal, long afterSequence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        GoalLogGuard.CheckGoal(goal);
        var after = afterSequence;
        for (var limit = PageEntries; ;)
        {
            var page = await database.ReadAsync((session, token) => ReadPageAsync(session, goal, after, limit, token), cancellation).ConfigureAwait(false);
            foreach (var entry in page)
            {
                yield return entry;
            }

            if (page.Count == 0)
            {
                yield break;
            }

            after = page[^1].Sequence;

            // Pages cut short by their bytes hold large bodies: ask for no more rows than will be used.
            limit = Math.Clamp(page.Count * 2, 1, PageEntries);
        }
    }

    /// <inheritdoc/>
    public async Task<GoalSummary?> FindAsync(string goal, CancellationToken cancellation)
    {
        GoalLogGuard.CheckGoal(goal);
        var found = await database.ReadAsync(
            (session, token) => session.QueryAsync(FindSummary, ToSummary, token, ("@goal", goal)), cancellation).ConfigureAwait(false);
        return found.Count == 0 ? null : found[0];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GoalSummary>> ListAsync(string? state, int limit, CancellationToken cancellation)
    {
        GoalLogGuard.CheckList(state, limit);
        return await database.ReadAsync(
            (session, token) => state is null
                ? session.QueryAsync(ListAll, ToSummary, token, ("@limit", limit))
                : session.QueryAsync(ListState, ToSummary, token, ("@state", state), ("@limit", limit)),
            cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task RequestAsync(string goal, string kind, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        GoalLogGuard.CheckGoal(goal);
        GoalLogGuard.CheckKind(kind);
        GoalLogGuard.CheckBody(body, goal);
        var at = Instants.ToStored(database.Time.GetUtcNow());
        return database.WriteAsync(
            async (session, token) =>
            {
                var waiting = await session.QueryAsync(CountRequests, row => row.GetInt64(0), token, ("@goal", goal)).ConfigureAwait(false);
                if (waiting[0] >= WaitingRequests)
                {
                    throw new WriteRefusedException(GoalLogGuard.TooManyRequests(goal, WaitingRequests));
                }

                return await session.ExecuteAsync(
                    InsertRequest, token, ("@goal", goal), ("@number", NextNumber()), ("@at", at), ("@kind", kind), ("@body", body.ToArray())).ConfigureAwait(false);
            },
            body.Length,
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GoalRequest>> TakeRequestsAsync(string goal, CancellationToken cancellation)
    {
        GoalLogGuard.CheckGoal(goal);

        // Asked often and mostly for nothing: a read does not disturb the writer.
        var waiting = await database.ReadAsync(
            (session, token) => session.QueryAsync(CountRequests, row => row.GetInt64(0), token, ("@goal", goal)), cancellation).ConfigureAwait(false);
        if (waiting[0] == 0)
        {
            return [];
        }

        var taken = await database.WriteAsync(
            (session, token) => session.QueryAsync(TakeRequests, ToRequest, token, ("@goal", goal)), 0, cancellation).ConfigureAwait(false);
        return [.. taken.OrderBy(row => row.Number).Select(row => row.Request)];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>
    /// Orders a goal's requests by the time at which they were written. Processes that ask at once need not agree on a next number: theirs differ by the process's id, and one that
    /// still meets another's is written again under a later one.
    /// </summary>
    private long NextNumber()
    {
        var now = (Instants.ToStored(database.Time.GetUtcNow()) << 8) | (uint)(Environment.ProcessId & 0xff);
        while (true)
        {
            var last = Volatile.Read(ref _lastNumber);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _lastNumber, next, last) == last)
            {
                return next;
            }
        }
    }

    /// <summary>
    /// A page is short, so that no read holds the write-ahead log back, and bounded in bytes. Rows before a damaged one are returned; the
    /// next page then begins with the damage and throws.
    /// </summary>
    private static async ValueTask<List<LogEntry>> ReadPageAsync(
        DatabaseSession session, string goal, long after, int limit, CancellationToken cancellation)
    {
        var page = new List<LogEntry>();
        var command = session.Command(SelectEntries, ("@goal", goal), ("@after", after), ("@limit", limit));
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            try
            {
                for (var bytes = 0L; bytes < PageBytes && await reader.ReadAsync(cancellation).ConfigureAwait(false);)
                {
                    var body = reader.GetFieldValue<byte[]>(3);
                    page.Add(new LogEntry(reader.GetInt64(0), Instants.FromStored(reader.GetInt64(1)), reader.GetString(2), body));
                    bytes += body.Length;
                }
            }
            catch (DbException) when (page.Count > 0)
            {
            }
        }

        return page;
    }

    private static GoalSummary ToSummary(DbDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        Instants.FromStored(row.GetInt64(3)),
        Instants.FromStored(row.GetInt64(4)),
        row.GetFieldValue<byte[]>(5));

    private static (long Number, GoalRequest Request) ToRequest(DbDataReader row) => (
        row.GetInt64(0),
        new GoalRequest(row.GetString(2), Instants.FromStored(row.GetInt64(1)), row.GetFieldValue<byte[]>(3)));
}
