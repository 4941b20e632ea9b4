namespace Hive.Storage;

/// <summary>An append that waits for the next transaction.</summary>
internal sealed class LogAppend(string goal, IReadOnlyList<LogEntry> entries, GoalSummary? summary, int bodyBytes) : PendingWrite
{
    /// <summary>What an entry holds beside its body, roughly; counted so that empty bodies are bounded too.</summary>
    private const int EntryOverhead = 64;

    public string Goal => goal;

    public IReadOnlyList<LogEntry> Entries => entries;

    public GoalSummary? Summary => summary;

    public override int Bytes => bodyBytes + (entries.Count * EntryOverhead);

    /// <inheritdoc/>
    public override Exception OnConflict(StorageException exception) =>
        entries.Count == 0 ? exception : new InconsistentLogException(goal, null, entries[0].Sequence, exception);
}
