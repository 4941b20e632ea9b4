using Npgsql;
using NpgsqlTypes;

namespace Hive.Storage;

/// <summary>
/// Writes a transaction's entries with one binary COPY, and asks for all last sequences with one query: a round trip for each
/// append would cost more than the append.
/// </summary>
internal sealed class PostgresLogWriter(DatabaseSession session) : LogWriter
{
    /// <summary>An aggregate would read each goal's whole log; the subquery reads the last index entry.</summary>
    private const string SelectLast =
        """
        SELECT wanted.goal, (SELECT sequence FROM goal_log WHERE goal_log.goal = wanted.goal ORDER BY sequence DESC LIMIT 1)
        FROM unnest(@goals) AS wanted (goal)
        """;

    private const string CopyEntries = "COPY goal_log (goal, sequence, recorded_at, kind, body, lease) FROM STDIN (FORMAT BINARY)";

    private const string UpsertSummaries =
        """
        INSERT INTO goal (id, objective, state, created_at, updated_at, body)
        SELECT * FROM unnest(@ids, @objectives, @states, @created, @updated, @bodies)
        ON CONFLICT (id) DO UPDATE SET
            objective = excluded.objective, state = excluded.state, created_at = excluded.created_at, updated_at = excluded.updated_at, body = excluded.body
        """;

    private readonly HashSet<string> _goals = new(StringComparer.Ordinal);

    public override void Dispose()
    {
    }

    /// <inheritdoc/>
    protected override async ValueTask ReadLastSequencesAsync(
        IReadOnlyList<LogAppend> appends, Dictionary<string, long> lastSequences, CancellationToken cancellation)
    {
        _goals.Clear();
        _goals.UnionWith(appends.Where(append => append.Entries.Count > 0).Select(append => append.Goal));
        if (_goals.Count == 0)
        {
            return;
        }

        var rows = await session.QueryAsync(
            SelectLast,
            row => (Goal: row.GetString(0), Last: row.IsDBNull(1) ? 0 : row.GetInt64(1)),
            cancellation,
            ("@goals", _goals.ToArray())).ConfigureAwait(false);
        foreach (var (goal, last) in rows)
        {
            lastSequences.Add(goal, last);
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask InsertAsync(IReadOnlyList<LogAppend> appends, long lease, CancellationToken cancellation)
    {
        if (appends.Count == 0)
        {
            return;
        }

        var connection = (NpgsqlConnection)session.Connection;
        var copy = await connection.BeginBinaryImportAsync(CopyEntries, cancellation).ConfigureAwait(false);
        await using (copy.ConfigureAwait(false))
        {
            foreach (var append in appends)
            {
                for (var i = 0; i < append.Entries.Count; i++)
                {
                    var entry = append.Entries[i];
                    await copy.StartRowAsync(cancellation).ConfigureAwait(false);
                    await copy.WriteAsync(append.Goal, NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
                    await copy.WriteAsync(entry.Sequence, NpgsqlDbType.Bigint, cancellation).ConfigureAwait(false);
                    await copy.WriteAsync(Instants.ToStored(entry.At), NpgsqlDbType.Bigint, cancellation).ConfigureAwait(false);
                    await copy.WriteAsync(entry.Kind, NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
                    await copy.WriteAsync(entry.Body, NpgsqlDbType.Bytea, cancellation).ConfigureAwait(false);
                    await copy.WriteAsync(lease, NpgsqlDbType.Bigint, cancellation).ConfigureAwait(false);
                }
            }

            await copy.CompleteAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask UpsertAsync(IReadOnlyCollection<GoalSummary> summaries, CancellationToken cancellation) =>
        await session.ExecuteAsync(
            UpsertSummaries,
            cancellation,
            ("@ids", Column(summaries, summary => summary.Id)),
            ("@objectives", Column(summaries, summary => summary.Objective)),
            ("@states", Column(summaries, summary => summary.State)),
            ("@created", Column(summaries, summary => Instants.ToStored(summary.CreatedAt))),
            ("@updated", Column(summaries, summary => Instants.ToStored(summary.UpdatedAt))),
            ("@bodies", Column(summaries, summary => summary.Body.ToArray()))).ConfigureAwait(false);

    private static T[] Column<T>(IReadOnlyCollection<GoalSummary> summaries, Func<GoalSummary, T> value)
    {
        var column = new T[summaries.Count];
        var i = 0;
        foreach (var summary in summaries)
        {
            column[i++] = value(summary);
        }

        return column;
    }
}
