using System.Text;
using Hive.Goals;
using Hive.Storage;

namespace Hive.Grains.Tests.Cognition.Steps;

/// <summary>A log that tells what was appended together, and what is on its disk already.</summary>
internal sealed class HeardLog : IGoalLog
{
    private readonly MemoryGoalLog _log = new();
    private readonly List<GoalEvent[]> _appends = [];
    private readonly List<LogEntry> _entries = [];
    private long _decided;

    /// <summary>What each append held, in order.</summary>
    public IReadOnlyList<GoalEvent[]> Appends => _appends;

    public IReadOnlyList<LogEntry> Entries => _entries;

    /// <summary>How many steps are decided on disk.</summary>
    public long Decided => Volatile.Read(ref _decided);

    public async Task AppendAsync(string goal, IReadOnlyList<LogEntry> entries, GoalSummary? summary, CancellationToken cancellation)
    {
        await Task.Yield();
        await _log.AppendAsync(goal, entries, summary, cancellation);
        var events = entries.Select(entry => GoalEventJson.Read(entry.Kind, Encoding.UTF8.GetString(entry.Body.Span))!).ToArray();
        _appends.Add(events);
        _entries.AddRange(entries);
        Volatile.Write(ref _decided, _decided + events.OfType<StepDecided>().Count());
    }

    public IAsyncEnumerable<LogEntry> ReadAsync(string goal, long afterSequence, CancellationToken cancellation) => _log.ReadAsync(goal, afterSequence, cancellation);

    public Task<GoalSummary?> FindAsync(string goal, CancellationToken cancellation) => _log.FindAsync(goal, cancellation);

    public Task<IReadOnlyList<GoalSummary>> ListAsync(string? state, int limit, CancellationToken cancellation) => _log.ListAsync(state, limit, cancellation);

    public Task RequestAsync(string goal, string kind, ReadOnlyMemory<byte> body, CancellationToken cancellation) => _log.RequestAsync(goal, kind, body, cancellation);

    public Task<IReadOnlyList<GoalRequest>> TakeRequestsAsync(string goal, CancellationToken cancellation) => _log.TakeRequestsAsync(goal, cancellation);

    public ValueTask DisposeAsync() => _log.DisposeAsync();
}
