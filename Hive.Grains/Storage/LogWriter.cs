namespace Hive.Storage;

/// <summary>Writes the appends of one transaction. An append that does not continue its log is refused before anything of it is written.</summary>
internal abstract class LogWriter : IDisposable
{
    private readonly Dictionary<string, long> _lastSequences = new(StringComparer.Ordinal);

    private readonly Dictionary<string, GoalSummary> _summaries = new(StringComparer.Ordinal);

    private readonly List<LogAppend> _accepted = [];

    /// <summary>Writes all appends that continue their logs, and marks the others as refused.</summary>
    public async ValueTask WriteAsync(IReadOnlyList<LogAppend> appends, long lease, CancellationToken cancellation)
    {
        _lastSequences.Clear();
        _summaries.Clear();
        _accepted.Clear();
        await ReadLastSequencesAsync(appends, _lastSequences, cancellation).ConfigureAwait(false);
        foreach (var append in appends)
        {
            Accept(append);
        }

        await InsertAsync(_accepted, lease, cancellation).ConfigureAwait(false);
        if (_summaries.Count > 0)
        {
            await UpsertAsync(_summaries.Values, cancellation).ConfigureAwait(false);
        }

        _accepted.Clear();
        _summaries.Clear();
    }

    public abstract void Dispose();

    /// <summary>Fills in the last sequence of each goal that has a log.</summary>
    protected abstract ValueTask ReadLastSequencesAsync(
        IReadOnlyList<LogAppend> appends, Dictionary<string, long> lastSequences, CancellationToken cancellation);

    protected abstract ValueTask InsertAsync(IReadOnlyList<LogAppend> appends, long lease, CancellationToken cancellation);

    protected abstract ValueTask UpsertAsync(IReadOnlyCollection<GoalSummary> summaries, CancellationToken cancellation);

    private void Accept(LogAppend append)
    {
        append.Refusal = null;
        if (append.Entries.Count > 0)
        {
            var next = _lastSequences.GetValueOrDefault(append.Goal) + 1;
            var first = append.Entries[0].Sequence;
            if (first != next)
            {
                append.Refusal = new InconsistentLogException(append.Goal, next, first);
                return;
            }

            _lastSequences[append.Goal] = first + append.Entries.Count - 1;
            _accepted.Add(append);
        }

        // Only the last summary of a goal would be seen after the commit, so only that one is written.
        if (append.Summary is { } summary)
        {
            _summaries[append.Goal] = summary;
        }
    }
}
