using System.Text;
using System.Text.Json;
using Hive.Client;
using Hive.Client.Grid;
using Hive.Goals;

namespace Hive.Silo.Grid;

/// <summary>The verbs that look after goals.</summary>
internal static class GoalVerbs
{
    /// <summary>The most bytes of log entries in one reply; it stays well below a NATS server's usual 1 MiB.</summary>
    private const int WatchBytes = 400_000;

    private static readonly TimeSpan WatchPatience = TimeSpan.FromSeconds(3);

    /// <summary>How often a goal is looked at that lies still for the moment.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>All of them.</summary>
    /// <param name="time">The clock.</param>
    public static IEnumerable<IGridVerb> All(TimeProvider time) =>
    [
        new Verb(GridApi.Submit, SubmitAsync),
        new Verb(GridApi.Status, (hive, user, request, cancellation) => StatusAsync(hive.GetAsync(Goal(user, request), cancellation))),
        new Verb(GridApi.Cancel, (hive, user, request, cancellation) =>
            StatusAsync(hive.CancelAsync(Goal(user, request), GridApi.Text(request, "reason") ?? "called off", cancellation))),
        new Verb(GridApi.Resume, (hive, user, request, cancellation) => StatusAsync(hive.ResumeAsync(Goal(user, request), cancellation))),
        new Verb(GridApi.List, ListAsync),
        new Verb(GridApi.Watch, (hive, user, request, cancellation) => WatchAsync(hive, user, request, time, cancellation)),
    ];

    private static async Task<byte[]> SubmitAsync(IHive hive, string user, JsonElement request, CancellationToken cancellation)
    {
        if (!request.TryGetProperty("goal", out var goal))
        {
            throw new ArgumentException("the request has no \"goal\": put the goal file's object there");
        }

        GoalSpec spec;
        try
        {
            spec = GoalFile.Parse(goal.GetRawText());
        }
        catch (GoalSpecException e)
        {
            throw new ArgumentException(e.Message, e);
        }

        var id = GridApi.OwnId(user, GridApi.Text(request, "id") ?? GoalId.New());
        await hive.SubmitAsync(spec, id, cancellation);
        return await StatusAsync(hive.GetAsync(id, cancellation));
    }

    private static async Task<byte[]> ListAsync(IHive hive, string user, JsonElement request, CancellationToken cancellation)
    {
        const int Most = 10_000;
        var most = request.TryGetProperty("most", out var wanted) && wanted.TryGetInt32(out var number) ? Math.Clamp(number, 1, Most) : 100;
        var goals = await hive.ListAsync(user == GridApi.Administrator ? most : Most, cancellation);
        return GridApi.Json(writer =>
        {
            writer.WriteStartArray("goals");
            foreach (var goal in goals.Where(goal => GridApi.MayTouch(user, goal.Id)).Take(most))
            {
                writer.WriteStartObject();
                writer.WriteString("id", goal.Id);
                writer.WriteString("state", goal.State.ToString());
                writer.WriteString("objective", goal.Objective);
                writer.WriteString("createdAt", goal.CreatedAt);
                writer.WriteString("updatedAt", goal.UpdatedAt);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>
    /// What the log holds after a sequence, at once where there is something, and otherwise when there is. A goal that lies still without having ended, as after a takeover, will be gone on with.
    /// </summary>
    private static async Task<byte[]> WatchAsync(IHive hive, string user, JsonElement request, TimeProvider time, CancellationToken cancellation)
    {
        var after = request.TryGetProperty("after", out var wanted) && wanted.TryGetInt64(out var number) ? number : 0;
        var goal = Goal(user, request);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var patience = time.CreateTimer(_ => enough.Cancel(), null, WatchPatience, Timeout.InfiniteTimeSpan);
        var entries = new List<GoalEntry>();
        var isEnd = false;
        try
        {
            while (!isEnd && entries.Count == 0)
            {
                // Looked at first: whatever an ended goal's log holds, it held then.
                var hasEnded = (await hive.GetAsync(goal, enough.Token)).State.IsEnd();
                isEnd = await TakeAsync(hive, goal, after, entries, enough) && hasEnded;
                if (!isEnd && entries.Count == 0)
                {
                    await Task.Delay(LookEvery, time, enough.Token);
                }
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
    private static async Task<bool> TakeAsync(IHive hive, string goal, long after, List<GoalEntry> entries, CancellationTokenSource enough)
    {
        await using var log = hive.WatchAsync(goal, after, enough.Token).GetAsyncEnumerator(enough.Token);
        for (var bytes = 0; bytes < WatchBytes;)
        {
            var next = log.MoveNextAsync().AsTask();
            if (entries.Count > 0 && !next.IsCompleted)
            {
                // What is there is sent now; what comes later is asked for again.
                await enough.CancelAsync();
            }

            if (!await next)
            {
                return true;
            }

            entries.Add(log.Current);
            bytes += log.Current.Json.Length;
        }

        return false;
    }

    private static byte[] Reply(List<GoalEntry> entries, bool isEnd) => GridApi.Json(writer =>
    {
        writer.WriteStartArray("entries");
        foreach (var entry in entries)
        {
            writer.WriteStartObject();
            writer.WriteNumber("sequence", entry.Sequence);
            writer.WriteString("at", entry.At);
            writer.WriteString("kind", entry.Kind);
            writer.WritePropertyName("event");
            writer.WriteRawValue(entry.Json);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("end", isEnd);
    });

    private static async Task<byte[]> StatusAsync(Task<GoalStatus> status) => Encoding.UTF8.GetBytes((await status).ToJson());

    /// <summary>The goal that a request is about. Another's goal is as unknown as one that does not exist.</summary>
    private static string Goal(string user, JsonElement request)
    {
        var id = GoalId.Check(GridApi.Text(request, "id") ?? throw new ArgumentException("the request has no \"id\": name the goal"));
        return GridApi.MayTouch(user, id) ? id : throw new KeyNotFoundException($"there is no goal {id}");
    }

    private sealed class Verb(string name, Func<IHive, string, JsonElement, CancellationToken, Task<byte[]>> answer) : IGridVerb
    {
        public string Name => name;

        public Task<byte[]> AnswerAsync(IHive hive, string user, JsonElement request, CancellationToken cancellation) => answer(hive, user, request, cancellation);
    }
}
