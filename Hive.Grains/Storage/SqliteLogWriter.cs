using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hive.Storage;

/// <summary>
/// Inserts entries through SQLite's own interface on the provider's connection: ADO.NET parameters would box every number and copy
/// every body into an array of its own, for each of a hundred thousand rows a second.
/// </summary>
internal sealed class SqliteLogWriter : LogWriter
{
    private const string SelectLast = "SELECT max(sequence) FROM goal_log WHERE goal = ?1";

    private const string InsertEntry = "INSERT INTO goal_log (goal, sequence, recorded_at, kind, body, lease) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

    private const string UpsertSummary =
        """
        INSERT INTO goal (id, objective, state, created_at, updated_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (id) DO UPDATE SET
            objective = excluded.objective, state = excluded.state, created_at = excluded.created_at, updated_at = excluded.updated_at, body = excluded.body
        """;

    private readonly sqlite3 _database;

    private readonly sqlite3_stmt _selectLast;

    private readonly sqlite3_stmt _insertEntry;

    private readonly sqlite3_stmt _upsertSummary;

    public SqliteLogWriter(SqliteConnection connection)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        _selectLast = Prepare(SelectLast);
        _insertEntry = Prepare(InsertEntry);
        _upsertSummary = Prepare(UpsertSummary);
    }

    public override void Dispose()
    {
        _selectLast.Dispose();
        _insertEntry.Dispose();
        _upsertSummary.Dispose();
    }

    /// <inheritdoc/>
    protected override ValueTask ReadLastSequencesAsync(
        IReadOnlyList<LogAppend> appends, Dictionary<string, long> lastSequences, CancellationToken cancellation)
    {
        foreach (var append in appends)
        {
            if (append.Entries.Count > 0 && !lastSequences.ContainsKey(append.Goal))
            {
                lastSequences.Add(append.Goal, ReadLast(append.Goal));
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask InsertAsync(IReadOnlyList<LogAppend> appends, long lease, CancellationToken cancellation)
    {
        foreach (var append in appends)
        {
            // Goal and lease stay bound from row to row: a reset keeps the parameters.
            BindText(_insertEntry, 1, append.Goal);
            BindNumber(_insertEntry, 6, lease);
            for (var i = 0; i < append.Entries.Count; i++)
            {
                var entry = append.Entries[i];
                BindNumber(_insertEntry, 2, entry.Sequence);
                BindNumber(_insertEntry, 3, Instants.ToStored(entry.At));
                BindText(_insertEntry, 4, entry.Kind);
                BindBody(_insertEntry, 5, entry.Body.Span);
                Run(_insertEntry);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask UpsertAsync(IReadOnlyCollection<GoalSummary> summaries, CancellationToken cancellation)
    {
        foreach (var summary in summaries)
        {
            BindText(_upsertSummary, 1, summary.Id);
            BindText(_upsertSummary, 2, summary.Objective);
            BindText(_upsertSummary, 3, summary.State);
            BindNumber(_upsertSummary, 4, Instants.ToStored(summary.CreatedAt));
            BindNumber(_upsertSummary, 5, Instants.ToStored(summary.UpdatedAt));
            BindBody(_upsertSummary, 6, summary.Body.Span);
            Run(_upsertSummary);
        }

        return ValueTask.CompletedTask;
    }

    private long ReadLast(string goal)
    {
        BindText(_selectLast, 1, goal);
        try
        {
            var code = raw.sqlite3_step(_selectLast);
            Check(code == raw.SQLITE_ROW ? raw.SQLITE_OK : code);
            return raw.sqlite3_column_int64(_selectLast, 0);
        }
        finally
        {
            _ = raw.sqlite3_reset(_selectLast);
        }
    }

    private void Run(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        if (code != raw.SQLITE_DONE)
        {
            try
            {
                Check(code);
            }
            finally
            {
                _ = raw.sqlite3_reset(statement);
            }
        }

        Check(raw.sqlite3_reset(statement));
    }

    private void BindNumber(sqlite3_stmt statement, int index, long value) => Check(raw.sqlite3_bind_int64(statement, index, value));

    private void BindText(sqlite3_stmt statement, int index, string text)
    {
        const int OnStack = 512;
        if (text.Length == 0 || text.Length * 3 > OnStack)
        {
            Check(raw.sqlite3_bind_text(statement, index, text));
            return;
        }

        Span<byte> buffer = stackalloc byte[OnStack];
        Check(raw.sqlite3_bind_text(statement, index, buffer[..Encoding.UTF8.GetBytes(text, buffer)]));
    }

    private void BindBody(sqlite3_stmt statement, int index, ReadOnlySpan<byte> body) => Check(
        body.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, index, 0) : raw.sqlite3_bind_blob(statement, index, body));

    private sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out var statement));
        return statement;
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
