using System.Globalization;
using Orleans;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>Keeps reminders in memory. They outlast silos of the process, and are lost with it.</summary>
internal sealed class MemoryReminderTable : IReminderTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(GrainId GrainId, string Name), ReminderEntry> _rows = [];
    private long _version;

    public Task<ReminderTableData> ReadRows(GrainId grainId)
    {
        lock (_lock) return Task.FromResult(new ReminderTableData(_rows.Values.Where(row => row.GrainId == grainId).Select(Copy)));
    }

    public Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        lock (_lock) return Task.FromResult(new ReminderTableData(_rows.Values.Where(row => IsIn(row.GrainId.GetUniformHashCode(), begin, end)).Select(Copy)));
    }

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        lock (_lock) return Task.FromResult(_rows.TryGetValue((grainId, reminderName), out var row) ? Copy(row) : null);
    }

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_lock)
        {
            var row = Copy(entry);
            row.ETag = (++_version).ToString(CultureInfo.InvariantCulture);
            _rows[(row.GrainId, row.ReminderName)] = row;
            return Task.FromResult<string?>(row.ETag);
        }
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        lock (_lock)
        {
            var isSame = _rows.TryGetValue((grainId, reminderName), out var row) && row.ETag == eTag;
            return Task.FromResult(isSame && _rows.Remove((grainId, reminderName)));
        }
    }

    public Task TestOnlyClearTable()
    {
        lock (_lock) _rows.Clear();
        return Task.CompletedTask;
    }

    private static bool IsIn(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static ReminderEntry Copy(ReminderEntry row) => new()
    {
        GrainId = row.GrainId,
        ReminderName = row.ReminderName,
        StartAt = row.StartAt,
        Period = row.Period,
        ETag = row.ETag,
    };
}
