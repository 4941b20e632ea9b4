using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Hive.Goals;
using Hive.Nats;

namespace Hive.Client.Grid;

/// <summary>
/// <see cref="IHive"/> over NATS, for a process that is no silo. Requests are repeated while no hub answers, because they may be: a submission carries its id, a watcher the
/// sequence that it has seen. More budget alone is asked for once. So a client lives through the restart of a hub, of a standby's takeover, and of the NATS server.
/// </summary>
public sealed class GridHive : IHive, IAsyncDisposable
{
    /// <summary>How long one request waits; longer than the hub keeps a watcher waiting, and short, because a hub that its machine has stopped takes requests and answers none.</summary>
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly NatsConnection _connection;
    private readonly GridOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;

    private volatile bool _hasAnswered;

    private GridHive(NatsConnection connection, GridOptions options, TimeProvider time, TimeSpan patience)
    {
        _connection = connection;
        _options = options;
        _time = time;
        _patience = patience;
    }

    /// <summary>Connects to a grid.</summary>
    /// <param name="options">Where it is and who wants in.</param>
    /// <param name="patience">How long a request is repeated while no hub answers; 30 s where null. Once a hub has answered, four times as long: it will be back.</param>
    /// <param name="time">The clock; the system's where null.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="NatsException">The server cannot be reached or refuses; the message says why.</exception>
    public static async Task<GridHive> ConnectAsync(
        GridOptions options, TimeSpan? patience = null, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        time ??= TimeProvider.System;
        var connection = await NatsConnection.ConnectAsync(options.ToNats("hive client", time), cancellation).ConfigureAwait(false);
        return new GridHive(connection, options, time, patience ?? TimeSpan.FromSeconds(30));
    }

    /// <inheritdoc/>
    public async Task<string> SubmitAsync(GoalSpec goal, string? id = null, CancellationToken cancellation = default)
    {
        id = GridApi.OwnId(_options.Participant, id ?? GoalId.New());
        var spec = GoalFile.Write(goal);
        await AskAsync(
            GridApi.Submit,
            writer =>
            {
                writer.WriteString("id", id);
                writer.WritePropertyName("goal");
                writer.WriteRawValue(spec);
            },
            cancellation).ConfigureAwait(false);
        return id;
    }

    /// <inheritdoc/>
    public Task<GoalStatus> GetAsync(string id, CancellationToken cancellation = default) => AskForStatusAsync(GridApi.Status, id, null, cancellation);

    /// <inheritdoc/>
    public Task<GoalStatus> CancelAsync(string id, string reason = "called off", CancellationToken cancellation = default) =>
        AskForStatusAsync(GridApi.Cancel, id, writer => writer.WriteString("reason", reason), cancellation);

    /// <inheritdoc/>
    public Task<GoalStatus> ResumeAsync(string id, CancellationToken cancellation = default) => AskForStatusAsync(GridApi.Resume, id, null, cancellation);

    /// <inheritdoc/>
    public Task<GoalStatus> ApproveAsync(string id, GoalApproval approval, CancellationToken cancellation = default) => AskForStatusAsync(
        GridApi.Approve,
        id,
        writer =>
        {
            if (approval.What is { } what) writer.WriteString("what", what);
            writer.WriteBoolean("approved", approval.IsApproved);
            if (approval.Reason is { } reason) writer.WriteString("reason", reason);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<GoalStatus> AddBudgetAsync(string id, string budget, CancellationToken cancellation = default)
    {
        _ = Budgets.Read(budget);
        return AskForStatusAsync(
            GridApi.AddBudget,
            id,
            writer =>
            {
                writer.WritePropertyName("budget");
                writer.WriteRawValue(budget);
            },
            cancellation,
            mayRepeat: false);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<GoalEntry> WatchAsync(string id, long after = 0, CancellationToken cancellation = default) =>
        WatchLogAsync(GridApi.Watch, id, after, cancellation);

    /// <summary>Reads a log on the hub from a sequence on, and live until it has ended.</summary>
    /// <param name="verb">What is asked; see <see cref="GridApi"/>.</param>
    /// <param name="id">Whose log.</param>
    /// <param name="after">The sequence after which to begin; 0 for everything.</param>
    /// <param name="cancellation">Stops watching.</param>
    /// <exception cref="KeyNotFoundException">There is no such log.</exception>
    public async IAsyncEnumerable<GoalEntry> WatchLogAsync(string verb, string id, long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        GoalId.Check(id);
        while (true)
        {
            var from = after;
            using var reply = await AskAsync(
                verb,
                writer =>
                {
                    writer.WriteString("id", id);
                    writer.WriteNumber("after", from);
                },
                cancellation).ConfigureAwait(false);
            foreach (var entry in Entries(reply.RootElement))
            {
                after = entry.Sequence;
                yield return entry;
            }

            if (reply.RootElement.TryGetProperty("end", out var end) && end.ValueKind == JsonValueKind.True)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<GoalStatus> WaitAsync(string id, CancellationToken cancellation = default)
    {
        await foreach (var entry in WatchAsync(id, 0, cancellation).ConfigureAwait(false))
        {
            // Watched for its end alone.
        }

        return await GetAsync(id, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GoalLine>> ListAsync(int most = 100, CancellationToken cancellation = default)
    {
        using var reply = await AskAsync(GridApi.List, writer => writer.WriteNumber("most", most), cancellation).ConfigureAwait(false);
        return Understand(() => reply.RootElement.GetProperty("goals").EnumerateArray().Select(goal => new GoalLine(
            goal.GetProperty("id").GetString()!,
            goal.GetProperty("objective").GetString()!,
            Enum.Parse<GoalState>(goal.GetProperty("state").GetString()!),
            goal.GetProperty("createdAt").GetDateTimeOffset(),
            goal.GetProperty("updatedAt").GetDateTimeOffset())).ToArray());
    }

    /// <summary>Asks the hub something and gives its reply, which the caller disposes of.</summary>
    /// <param name="verb">What is asked; see <see cref="GridApi"/>.</param>
    /// <param name="members">Writes the members of the request.</param>
    /// <param name="cancellation">Stops asking.</param>
    /// <exception cref="GridUnavailableException">No hub answered for as long as the client's patience lasts.</exception>
    /// <exception cref="GridException">The hub tried and failed.</exception>
    public Task<JsonDocument> AskAsync(string verb, Action<Utf8JsonWriter> members, CancellationToken cancellation) => AskAsync(verb, members, mayRepeat: true, cancellation);

    private async Task<JsonDocument> AskAsync(string verb, Action<Utf8JsonWriter> members, bool mayRepeat, CancellationToken cancellation)
    {
        NatsSubject subject = GridApi.Subject(_options.Cluster, _options.Participant, verb);
        var request = GridApi.Json(members);
        var began = _time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var (reply, trouble) = await TryAskAsync(subject, request, cancellation).ConfigureAwait(false);
            if (reply is not null)
            {
                _hasAnswered = true;
                return reply;
            }

            if (!mayRepeat && trouble is not NatsException { Kind: NatsErrorKind.NoResponders or NatsErrorKind.Full })
            {
                throw new GridUnavailableException($"whether the hub did it is not known ({trouble!.Message.TrimEnd('.')}): look at the goal before you ask again", trouble);
            }

            if (_time.GetElapsedTime(began) >= (_hasAnswered ? 4 * _patience : _patience))
            {
                throw new GridUnavailableException(
                    string.Create(CultureInfo.InvariantCulture, $"no hub of grid '{_options.Cluster}' answers at {_options.Server} ({trouble!.Message.TrimEnd('.')}); start one (hive hub --nats {_options.Server} --cluster {_options.Cluster}), or check the grid's name"),
                    trouble);
            }

            await Task.Delay(pause, _time, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<(JsonDocument? Reply, Exception? Trouble)> TryAskAsync(NatsSubject subject, byte[] request, CancellationToken cancellation)
    {
        JsonDocument reply;
        try
        {
            var message = await _connection.RequestAsync(subject, request, AttemptTimeout, cancellation: cancellation).ConfigureAwait(false);
            reply = JsonDocument.Parse(message.Payload);
        }
        catch (NatsException e) when (e.Kind is NatsErrorKind.NoResponders or NatsErrorKind.TimedOut or NatsErrorKind.ConnectionLost or NatsErrorKind.Full)
        {
            return (null, e);
        }
        catch (JsonException e)
        {
            throw new GridException($"what answers on {subject} is no hub: {e.Message}", e);
        }

        var failure = GridApi.FailureOf(reply.RootElement);
        if (failure is null)
        {
            return (reply, null);
        }

        reply.Dispose();
        return failure is GridUnavailableException ? (null, failure) : throw failure;
    }

    private async Task<GoalStatus> AskForStatusAsync(string verb, string id, Action<Utf8JsonWriter>? more, CancellationToken cancellation, bool mayRepeat = true)
    {
        GoalId.Check(id);
        using var reply = await AskAsync(
            verb,
            writer =>
            {
                writer.WriteString("id", id);
                more?.Invoke(writer);
            },
            mayRepeat,
            cancellation).ConfigureAwait(false);
        return Understand(() => GoalStatus.FromJson(reply.RootElement.GetRawText()));
    }

    private static List<GoalEntry> Entries(JsonElement reply) => Understand(() => reply.GetProperty("entries").EnumerateArray().Select(entry => new GoalEntry(
        entry.GetProperty("sequence").GetInt64(),
        entry.GetProperty("at").GetDateTimeOffset(),
        entry.GetProperty("kind").GetString()!,
        entry.GetProperty("event").GetRawText())).ToList());

    private static T Understand<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new GridException($"the hub's reply cannot be understood ({e.Message}); is it of another version?", e);
        }
    }
}
