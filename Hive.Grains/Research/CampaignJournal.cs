using System.Runtime.ExceptionServices;
using System.Text;
using Hive.Storage;

namespace Hive.Research;

/// <summary>
/// A campaign's log as the campaign uses it: an entry counts once it is on disk, and entries count in the order in which they were recorded. While one batch is being written
/// the next one gathers. It belongs to one grain and is called in its turns alone.
/// </summary>
internal sealed class CampaignJournal(string id, CampaignReplay campaign, IGoalLog log, TimeProvider time)
{
    private readonly string _key = ResearchLog.KeyOf(id);
    private readonly List<CampaignEntry> _gathering = [];
    private Task _writing = Task.CompletedTask;
    private long _sequence;
    private long _next;
    private TaskCompletionSource _changed = NewSource();
    private Exception? _failure;

    /// <summary>Completes when something more is on disk.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Applies the log as it stands, from where it was last read.</summary>
    /// <exception cref="CampaignHistoryException">The log tells nothing that can be gone on with.</exception>
    public async Task ReplayAsync(CancellationToken cancellation)
    {
        await foreach (var entry in ReadAsync(_sequence, cancellation))
        {
            await campaign.ApplyAsync(entry, cancellation);
            _next = _sequence = entry.Sequence;
        }
    }

    /// <summary>The entries on disk.</summary>
    public async IAsyncEnumerable<CampaignEntry> ReadAsync(long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in log.ReadAsync(_key, after, cancellation))
        {
            yield return new CampaignEntry(entry.Sequence, entry.At, entry.Kind, Encoding.UTF8.GetString(entry.Body.Span));
        }
    }

    /// <summary>Records what happened; completes when it is on disk and counts.</summary>
    /// <exception cref="StorageException">The log cannot be written.</exception>
    public async Task RecordAsync(string kind, string json)
    {
        var entry = new CampaignEntry(++_next, time.GetUtcNow(), kind, json);
        _gathering.Add(entry);
        if (_writing.IsCompleted) _writing = WriteAsync();
        while (_sequence < entry.Sequence && _failure is null) await Changed;
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    private async Task WriteAsync()
    {
        // Let the turn end first: what it still records joins this batch.
        await Task.Yield();
        while (_gathering.Count > 0 && _failure is null)
        {
            var batch = _gathering.ToArray();
            _gathering.Clear();
            try
            {
                await log.AppendAsync(
                    _key, [.. batch.Select(entry => new LogEntry(entry.Sequence, entry.At, entry.Kind, Encoding.UTF8.GetBytes(entry.Json)))], null, CancellationToken.None);
                foreach (var entry in batch)
                {
                    await campaign.ApplyAsync(entry, CancellationToken.None);
                    _sequence = entry.Sequence;
                }
            }
            catch (Exception e)
            {
                _failure = e;
            }

            var changed = _changed;
            _changed = NewSource();
            changed.SetResult();
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
