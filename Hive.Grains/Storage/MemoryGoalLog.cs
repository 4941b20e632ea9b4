using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Hive.Storage;

/// <summary>The goal logs in this process's memory, for goals that need not survive it. The same contract as the others, but for the disk.</summary>
/// <param name="time">The clock of requests; null for the system's.</param>
/// <param name="maximumBytes">The most bytes that all logs may hold together; 1 GiB by default.</param>
public sealed class MemoryGoalLog(TimeProvider? time = null, long maximumBytes = 1L << 30) : IGoalLog
{
    private const int PageEntries = 512;

    private const int WaitingRequests = 1_000;

    private readonly ConcurrentDictionary<string, Goal> _goals = new(StringComparer.Ordinal);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    private long _bytes;

    /// <inheritdoc/>
    public Task AppendAsync(string goal, IReadOnlyList<LogEntry> entries, GoalSummary? summary, CancellationToken cancellation)
    {
        var bytes = GoalLogGuard.CheckAppend(goal, entries, summary);
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellation);
        }

        if (entries.Count == 0 && summary is null)
        {
            return Task.CompletedTask;
        }

        var log = _goals.GetOrAdd(goal, static _ => new Goal());
        lock (log)
        {
            var next = log.Entries.Count + 1L;
            if (entries.Count > 0 && entries[0].Sequence != next)
            {
                return Task.FromException(new InconsistentLogException(goal, next, entries[0].Sequence));
            }

            if (Interlocked.Add(ref _bytes, bytes) > maximumBytes)
            {
                Interlocked.Add(ref _bytes, -bytes);
                return Task.FromException(new StorageException(
                    StorageFault.Full, $"The logs in memory hold {maximumBytes:N0} bytes, which is their bound. Use a database for goals of this size."));
            }

            log.Entries.AddRange(entries);
            log.Summary = summary ?? log.Summary;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogEntry> ReadAsync(
        string goal, long afterSequence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        GoalLogGuard.CheckGoal(goal);
        await Task.CompletedTask.ConfigureAwait(false);
        if (!_goals.TryGetValue(goal, out var log))
        {
            yield break;
        }

        for (var after = Math.Max(0, afterSequence); ;)
        {
            LogEntry[] page;
            lock (log)
            {
                page = after >= log.Entries.Count
                    ? []
                    : [.. log.Entries.GetRange((int)after, (int)Math.Min(PageEntries, log.Entries.Count - after))];
            }

            foreach (var entry in page)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return entry;
            }

            if (page.Length == 0)
            {
                yield break;
            }

            after += page.Length;
        }
    }

    /// <inheritdoc/>
    public Task<GoalSummary?> FindAsync(string goal, CancellationToken cancellation)
    {
        GoalLogGuard.CheckGoal(goal);
        return Task.FromResult(_goals.TryGetValue(goal, out var log) ? log.Summary : null);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<GoalSummary>> ListAsync(string? state, int limit, CancellationToken cancellation)
    {
        GoalLogGuard.CheckList(state, limit);
        IReadOnlyList<GoalSummary> list =
        [
            .. _goals.Values
                .Select(log => log.Summary)
                .OfType<GoalSummary>()
                .Where(summary => state is null || summary.State == state)
                .OrderByDescending(summary => summary.CreatedAt)
                .ThenByDescending(summary => summary.Id, StringComparer.Ordinal)
                .Take(limit)
        ];
        return Task.FromResult(list);
    }

    /// <inheritdoc/>
    public Task RequestAsync(string goal, string kind, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        GoalLogGuard.CheckGoal(goal);
        GoalLogGuard.CheckKind(kind);
        GoalLogGuard.CheckBody(body, goal);
        var log = _goals.GetOrAdd(goal, static _ => new Goal());
        lock (log)
        {
            if (log.Requests.Count >= WaitingRequests)
            {
                return Task.FromException(GoalLogGuard.TooManyRequests(goal, WaitingRequests));
            }

            log.Requests.Add(new GoalRequest(kind, _time.GetUtcNow(), body));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<GoalRequest>> TakeRequestsAsync(string goal, CancellationToken cancellation)
    {
        GoalLogGuard.CheckGoal(goal);
        IReadOnlyList<GoalRequest> taken = [];
        if (_goals.TryGetValue(goal, out var log))
        {
            lock (log)
            {
                taken = [.. log.Requests];
                log.Requests.Clear();
            }
        }

        return Task.FromResult(taken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Goal
    {
        public List<LogEntry> Entries { get; } = [];

        public List<GoalRequest> Requests { get; } = [];

        public GoalSummary? Summary { get; set; }
    }
}
