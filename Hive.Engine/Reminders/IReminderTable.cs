using Orleans.Runtime;

namespace Orleans;

/// <summary>Where reminders are kept. Implementations are used by many threads at once.</summary>
public interface IReminderTable
{
    /// <summary>Makes the table ready.</summary>
    Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <summary>Lets go of what <see cref="StartAsync"/> took.</summary>
    Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <summary>All reminders of one grain.</summary>
    Task<ReminderTableData> ReadRows(GrainId grainId);

    /// <summary>
    /// All reminders whose grain's <see cref="GrainId.GetUniformHashCode"/> h lies in (begin, end]; where begin ≥ end, in the rest of the circle:
    /// h &gt; begin or h ≤ end.
    /// </summary>
    Task<ReminderTableData> ReadRows(uint begin, uint end);

    /// <summary>One reminder, or null.</summary>
    Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName);

    /// <summary>Writes a reminder over the one of its grain and name, and returns its new ETag.</summary>
    Task<string?> UpsertRow(ReminderEntry entry);

    /// <summary>Removes a reminder if its ETag is <paramref name="eTag"/>, and tells whether it did.</summary>
    Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag);

    /// <summary>Removes everything. For tests.</summary>
    Task TestOnlyClearTable();
}

/// <summary>A reminder as it is kept.</summary>
public sealed class ReminderEntry
{
    /// <summary>The grain that is reminded.</summary>
    public GrainId GrainId { get; set; }

    /// <summary>The reminder's name, unique in its grain.</summary>
    public string ReminderName { get; set; } = string.Empty;

    /// <summary>The first tick, UTC.</summary>
    public DateTime StartAt { get; set; }

    /// <summary>From tick to tick.</summary>
    public TimeSpan Period { get; set; }

    /// <summary>The version.</summary>
    public string ETag { get; set; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => $"{GrainId}.{ReminderName} from {StartAt:O} every {Period} ({ETag})";
}

/// <summary>Reminders that were read together.</summary>
public sealed class ReminderTableData
{
    /// <summary>None.</summary>
    public ReminderTableData()
        : this([])
    {
    }

    /// <summary>One.</summary>
    public ReminderTableData(ReminderEntry entry)
        : this([entry])
    {
    }

    /// <summary>Several.</summary>
    public ReminderTableData(IEnumerable<ReminderEntry> list) => Reminders = [.. list];

    /// <summary>The reminders.</summary>
    public IList<ReminderEntry> Reminders { get; }

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", Reminders)}]";
}
