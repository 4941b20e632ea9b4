using System.Data.Common;
using System.Globalization;
using Orleans;
using Orleans.Runtime;

namespace Hive.Storage;

/// <summary>Keeps reminders in a <see cref="HiveDatabase"/>. A change that completes is on disk.</summary>
/// <param name="database">An open database; the caller's to close.</param>
public sealed class HiveReminderTable(HiveDatabase database) : IReminderTable
{
    private const string Select = "SELECT grain, name, start_at, period, version FROM reminder";

    private const string SelectGrain = Select + " WHERE grain = @grain";

    private const string SelectOne = Select + " WHERE grain = @grain AND name = @name";

    /// <summary>Hashes lie on a circle; a range that ends where or before it begins goes over its top.</summary>
    private const string SelectRange = Select + " WHERE grain_hash > @begin AND grain_hash <= @end";

    private const string SelectRangeOverTop = Select + " WHERE grain_hash > @begin OR grain_hash <= @end";

    /// <summary>
    /// A new reminder's version begins at the clock's time, not at 1: a reminder that was removed and made again must not have an ETag that an old one had.
    /// </summary>
    private const string Upsert =
        """
        INSERT INTO reminder (grain, name, grain_hash, start_at, period, version) VALUES (@grain, @name, @hash, @start, @period, @version)
        ON CONFLICT (grain, name) DO UPDATE SET start_at = excluded.start_at, period = excluded.period, version = reminder.version + 1
        RETURNING version
        """;

    private const string Remove = "DELETE FROM reminder WHERE grain = @grain AND name = @name AND version = @version";

    private const string RemoveAll = "DELETE FROM reminder";

    /// <summary>The longest name of a reminder, in characters.</summary>
    private const int NameLength = 1_024;

    /// <inheritdoc/>
    public Task<ReminderTableData> ReadRows(GrainId grainId) => ReadAsync(SelectGrain, ("@grain", grainId.ToString()));

    /// <inheritdoc/>
    public Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        ReadAsync(begin < end ? SelectRange : SelectRangeOverTop, ("@begin", (long)begin), ("@end", (long)end));

    /// <inheritdoc/>
    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        var rows = await ReadAsync(SelectOne, ("@grain", grainId.ToString()), ("@name", reminderName)).ConfigureAwait(false);
        return rows.Reminders.FirstOrDefault();
    }

    /// <inheritdoc/>
    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentException.ThrowIfNullOrEmpty(entry.ReminderName);
        if (entry.ReminderName.Length > NameLength)
        {
            throw new ArgumentException($"The reminder's name has {entry.ReminderName.Length:N0} characters; at most {NameLength:N0} are kept.", nameof(entry));
        }

        var start = Instants.ToStored(DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc));
        var version = Instants.ToStored(database.Time.GetUtcNow());
        return await database.WriteAsync(
            async (session, token) =>
            {
                var rows = await session.QueryAsync(
                    Upsert,
                    row => row.GetInt64(0),
                    token,
                    ("@grain", entry.GrainId.ToString()),
                    ("@name", entry.ReminderName),
                    ("@hash", (long)entry.GrainId.GetUniformHashCode()),
                    ("@start", start),
                    ("@period", entry.Period.Ticks),
                    ("@version", version)).ConfigureAwait(false);
                return ToETag(rows[0]);
            },
            0,
            CancellationToken.None).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        if (!long.TryParse(eTag, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return false;
        }

        var removed = await database.WriteAsync(
            (session, token) => session.ExecuteAsync(
                Remove, token, ("@grain", grainId.ToString()), ("@name", reminderName), ("@version", version)),
            0,
            CancellationToken.None).ConfigureAwait(false);
        return removed == 1;
    }

    /// <inheritdoc/>
    public async Task TestOnlyClearTable() => await database.WriteAsync(
        (session, token) => session.ExecuteAsync(RemoveAll, token), 0, CancellationToken.None).ConfigureAwait(false);

    private static string ToETag(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static ReminderEntry ToEntry(DbDataReader row) => new()
    {
        GrainId = GrainId.Parse(row.GetString(0)),
        ReminderName = row.GetString(1),
        StartAt = Instants.FromStored(row.GetInt64(2)).UtcDateTime,
        Period = TimeSpan.FromTicks(row.GetInt64(3)),
        ETag = ToETag(row.GetInt64(4)),
    };

    private async Task<ReminderTableData> ReadAsync(string sql, params (string Name, object Value)[] parameters)
    {
        var rows = await database.ReadAsync(
            (session, token) => session.QueryAsync(sql, ToEntry, token, parameters), CancellationToken.None).ConfigureAwait(false);
        return new ReminderTableData(rows);
    }
}
