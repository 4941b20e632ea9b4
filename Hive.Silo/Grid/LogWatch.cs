using System.Text.Json;
using Hive.Client.Grid;
using Hive.Goals;

namespace Hive.Silo.Grid;

/// <summary>Answers a request to watch a log: what it holds after a sequence, at once where there is something, and otherwise when there is, or after some seconds.</summary>
internal static class LogWatch
{
    /// <summary>The most bytes of entries in one reply; it stays well below a NATS server's usual 1 MiB.</summary>
    private const int MaxBytes = 400_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>How often a log is looked at again that lies still without having ended, as after a takeover: it will be gone on with.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Answers.</summary>
    /// <param name="request">The request, with the member <c>after</c>.</param>
    /// <param name="hasEnded">Whether the log will never grow again.</param>
    /// <param name="watch">Reads the log from a sequence on, and live as long as somebody works on it.</param>
    /// <param name="convert">Makes of the log's entries what is sent.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">The hub stops.</param>
    public static async Task<byte[]> AnswerAsync<T>(
        JsonElement request,
        Func<CancellationToken, Task<bool>> hasEnded,
        Func<long, CancellationToken, IAsyncEnumerable<T>> watch,
        Func<T, GoalEntry> convert,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var after = request.TryGetProperty("after", out var wanted) && wanted.TryGetInt64(out var number) ? number : 0;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var patience = time.CreateTimer(_ => enough.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
        var entries = new List<GoalEntry>();
        var isEnd = false;
        try
        {
            while (!isEnd && entries.Count == 0)
            {
                // Looked at first: whatever an ended log holds, it held then.
                var isOver = await hasEnded(enough.Token);
                isEnd = await TakeAsync(watch(after, enough.Token), convert, entries, enough) && isOver;
                if (!isEnd && entries.Count == 0) await Task.Delay(LookEvery, time, enough.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Nothing more for now.
        }

        return Reply(entries, isEnd);
    }

    /// <summary>Takes as much of the log as a reply carries.</summary>
    /// <returns>Whether that was all, and nobody is at work on more.</returns>
    private static async Task<bool> TakeAsync<T>(IAsyncEnumerable<T> watched, Func<T, GoalEntry> convert, List<GoalEntry> entries, CancellationTokenSource enough)
    {
        await using var log = watched.GetAsyncEnumerator(enough.Token);
        for (var bytes = 0; bytes < MaxBytes;)
        {
            var next = log.MoveNextAsync().AsTask();
            if (entries.Count > 0 && !next.IsCompleted)
            {
                // What is there is sent now; what comes later is asked for again.
                await enough.CancelAsync();
            }

            if (!await next) return true;
            entries.Add(convert(log.Current));
            bytes += entries[^1].Json.Length;
        }

        return false;
    }

    private static byte[] Reply(List<GoalEntry> entries, bool isEnd) => GridApi.Json(writer =>
    {
        GridApi.WriteEntries(writer, "entries", entries);
        writer.WriteBoolean("end", isEnd);
    });
}
