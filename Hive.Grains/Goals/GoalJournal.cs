using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using Hive.Storage;

namespace Hive.Goals;

/// <summary>
/// A goal's log as the goal uses it: an event counts (is applied to the progress) once it is on disk, and events count in the order in which they were recorded.
/// While one batch is being written the next one gathers, so that a thousand results cost a few flushes. It belongs to one grain and is called in its turns alone.
/// </summary>
internal sealed class GoalJournal(GoalProgress progress, IGoalLog log, TimeProvider time)
{
    /// <summary>How many events wait to be written before whoever records more is made to wait.</summary>
    private const int MaxWaiting = 16_384;

    private readonly List<Pending> _gathering = [];
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _writer = new(Stream.Null);
    private Task _writing = Task.CompletedTask;
    private long _sequence;
    private TaskCompletionSource? _changed;

    /// <summary>Why the log can no longer be written; from then on every record fails with it.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Completes when something more is on disk.</summary>
    public Task Changed => (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Whether the log could not be written, once nothing waits to be written any more.</summary>
    public async Task<bool> HasFailedAsync()
    {
        await _writing;
        return Failure is not null;
    }

    /// <summary>Applies the log as it stands.</summary>
    /// <exception cref="GoalHistoryException">The log tells no life that can be gone on with.</exception>
    public async Task ReplayAsync(CancellationToken cancellation)
    {
        await foreach (var entry in log.ReadAsync(progress.Id, _sequence, cancellation))
        {
            _sequence = entry.Sequence;
            try
            {
                if (GoalEventJson.Read(entry.Kind, Encoding.UTF8.GetString(entry.Body.Span)) is { } happened)
                {
                    progress.Apply(entry.At, happened);
                }
            }
            catch (Exception e) when (e is FormatException or GoalSpecException)
            {
                throw new GoalHistoryException($"goal {progress.Id}: entry {entry.Sequence} of its log cannot be read: {e.Message}");
            }
        }
    }

    /// <summary>Records what happened; completes when it is on disk and counts.</summary>
    /// <exception cref="StorageException">The log cannot be written.</exception>
    public Task RecordAsync(GoalEvent happened)
    {
        var pending = Gather(happened, new TaskCompletionSource());
        return pending.Done!.Task;
    }

    /// <summary>Records what need not be waited for; whatever is recorded later counts later.</summary>
    public void Record(GoalEvent happened) => Gather(happened, null);

    /// <summary>Waits while more is recorded than the disk takes in: what waits to be written has a bound.</summary>
    /// <exception cref="StorageException">The log cannot be written.</exception>
    public async ValueTask MakeRoomAsync()
    {
        while (_gathering.Count > MaxWaiting && !_writing.IsCompleted)
        {
            await Changed;
        }

        if (Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private Pending Gather(GoalEvent happened, TaskCompletionSource? done)
    {
        var pending = new Pending(happened, time.GetUtcNow(), done);
        if (Failure is { } failure)
        {
            done?.SetException(failure);
            return pending;
        }

        _gathering.Add(pending);
        if (_writing.IsCompleted)
        {
            _writing = WriteAsync();
        }

        return pending;
    }

    private async Task WriteAsync()
    {
        // Let the turn end first: what it still records joins this batch.
        await Task.Yield();
        while (_gathering.Count > 0)
        {
            var batch = TakeBatch(out var entries);
            try
            {
                await log.AppendAsync(progress.Id, entries, Summary(batch), CancellationToken.None);
            }
            catch (Exception e)
            {
                Fail(batch, e);
                return;
            }

            _sequence += batch.Length;
            Count(batch);
        }
    }

    /// <summary>As much of what has gathered as one append takes.</summary>
    private Pending[] TakeBatch(out List<LogEntry> entries)
    {
        entries = [];
        for (var bytes = 0; entries.Count < Math.Min(_gathering.Count, GoalLogLimits.AppendEntries) && bytes < GoalLogLimits.AppendBytes / 2;)
        {
            var pending = _gathering[entries.Count];
            var body = Body(pending.Happened);
            entries.Add(new LogEntry(_sequence + entries.Count + 1, pending.At, GoalEventJson.KindOf(pending.Happened), body));
            bytes += body.Length;
        }

        var batch = _gathering.GetRange(0, entries.Count).ToArray();
        _gathering.RemoveRange(0, entries.Count);
        return batch;
    }

    private byte[] Body(GoalEvent happened)
    {
        _buffer.ResetWrittenCount();
        _writer.Reset(_buffer);
        GoalEventJson.Write(_writer, happened);
        _writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    /// <summary>What lists show, where the batch changes it.</summary>
    private GoalSummary? Summary(Pending[] batch)
    {
        var accepted = batch.FirstOrDefault(pending => pending.Happened is GoalAccepted);
        var changed = batch.LastOrDefault(pending => pending.Happened is StateChanged);
        if (accepted is null && changed is null)
        {
            return null;
        }

        var objective = accepted is { Happened: GoalAccepted { Spec: var spec } } ? GoalFile.Parse(spec).Objective : progress.Spec.Objective;
        return new GoalSummary(
            progress.Id,
            objective,
            (changed?.Happened as StateChanged)?.State.ToString() ?? nameof(GoalState.Accepted),
            accepted?.At ?? progress.CreatedAt,
            (changed ?? accepted)!.At,
            "{}"u8.ToArray());
    }

    private void Count(Pending[] batch)
    {
        foreach (var pending in batch)
        {
            progress.Apply(pending.At, pending.Happened);
            pending.Done?.SetResult();
        }

        Tell();
    }

    private void Fail(Pending[] batch, Exception failure)
    {
        Failure = failure;
        foreach (var pending in batch.Concat(_gathering))
        {
            pending.Done?.SetException(failure);
        }

        _gathering.Clear();
        Tell();
    }

    private void Tell()
    {
        var changed = _changed;
        _changed = null;
        changed?.SetResult();
    }

    private sealed record Pending(GoalEvent Happened, DateTimeOffset At, TaskCompletionSource? Done);
}
