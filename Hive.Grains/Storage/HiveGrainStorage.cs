using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Hive.Storage;

/// <summary>
/// Keeps grains' states as JSON in a <see cref="HiveDatabase"/>. A write or a clearing whose ETag is not the stored one is refused; one that
/// completes is on disk. ETags count up and never return, not even when a state is cleared.
/// </summary>
/// <param name="database">An open database; the caller's to close.</param>
/// <param name="json">How states become JSON; null for camel-case names, enumerations by name, and NaN and infinities as strings.</param>
public sealed class HiveGrainStorage(HiveDatabase database, JsonSerializerOptions? json = null) : IGrainStorage
{
    /// <summary>The largest state, in bytes of JSON (16 MiB).</summary>
    public const int StateBytes = 16 << 20;

    private const string Select = "SELECT version, body FROM grain_state WHERE grain = @grain AND name = @name";

    private const string Insert =
        "INSERT INTO grain_state (grain, name, version, body) VALUES (@grain, @name, 1, @body) ON CONFLICT (grain, name) DO NOTHING";

    private const string Update =
        "UPDATE grain_state SET version = version + 1, body = @body WHERE grain = @grain AND name = @name AND version = @version";

    private const string Clear =
        "UPDATE grain_state SET version = version + 1, body = NULL WHERE grain = @grain AND name = @name AND version = @version";

    private static readonly JsonSerializerOptions DefaultJson = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly JsonSerializerOptions _json = json ?? DefaultJson;

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <summary>Reads a grain's state, its ETag and whether it exists; one that does not exist is a fresh one.</summary>
    /// <exception cref="StorageException">The database failed, or what it holds is not JSON of this type.</exception>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var grain = grainId.ToString();
        var stored = await database.ReadAsync((session, token) => FindAsync(session, grain, stateName, token), cancellationToken).ConfigureAwait(false);
        grainState.State = stored?.Body is { } body ? Deserialize<T>(grain, stateName, body) : Fresh<T>();
        grainState.RecordExists = stored?.Body is not null;
        grainState.ETag = stored is { } found ? ToETag(found.Version) : null;
    }

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <summary>Writes a grain's state as it is at the call, and gives it its next ETag.</summary>
    /// <exception cref="InconsistentStateException">The stored state has another ETag; it stays as it is.</exception>
    /// <exception cref="StorageException">The database failed, or the state is too large.</exception>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var (grain, etag) = (grainId.ToString(), grainState.ETag);
        var body = JsonSerializer.SerializeToUtf8Bytes(grainState.State, _json);
        if (body.Length > StateBytes)
        {
            throw new StorageException(
                StorageFault.TooLarge,
                $"The state '{stateName}' of {grain} has {body.Length:N0} bytes of JSON; at most {StateBytes:N0} are kept. Keep what grows in a log or a file.");
        }

        grainState.ETag = await ChangeAsync(
            grain,
            stateName,
            etag,
            body.Length,
            (session, version, token) => version is { } expected
                ? session.ExecuteAsync(Update, token, ("@body", body), ("@grain", grain), ("@name", stateName), ("@version", expected))
                : session.ExecuteAsync(Insert, token, ("@grain", grain), ("@name", stateName), ("@body", body)),
            cancellationToken).ConfigureAwait(false);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <summary>Clears a grain's state; the state handed in becomes a fresh one.</summary>
    /// <exception cref="InconsistentStateException">The stored state has another ETag; it stays as it is.</exception>
    /// <exception cref="StorageException">The database failed.</exception>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var (grain, etag) = (grainId.ToString(), grainState.ETag);
        var cleared = await ChangeAsync(
            grain,
            stateName,
            etag,
            0,
            async (session, version, token) => version is { } expected
                ? await session.ExecuteAsync(Clear, token, ("@grain", grain), ("@name", stateName), ("@version", expected)).ConfigureAwait(false)
                : await FindAsync(session, grain, stateName, token).ConfigureAwait(false) is null ? 1 : 0,
            cancellationToken).ConfigureAwait(false);
        grainState.ETag = etag is null ? null : cleared;
        grainState.State = Fresh<T>();
        grainState.RecordExists = false;
    }

    /// <summary>Carries out a change that touches one row if the stored version is the expected one, and returns the new ETag.</summary>
    private async Task<string> ChangeAsync(
        string grain,
        string name,
        string? etag,
        int bytes,
        Func<DatabaseSession, long?, CancellationToken, ValueTask<int>> change,
        CancellationToken cancellation)
    {
        const long OfAnotherStore = -1;
        long? expected = etag is null ? null : long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : OfAnotherStore;
        await database.WriteAsync(
            async (session, token) =>
            {
                if (await change(session, expected, token).ConfigureAwait(false) == 1)
                {
                    return true;
                }

                var stored = await FindAsync(session, grain, name, token).ConfigureAwait(false);
                throw new WriteRefusedException(new InconsistentStateException(
                    $"The state '{name}' of {grain} was changed by another writer since it was read.", stored is null ? null! : ToETag(stored.Version), etag!));
            },
            bytes,
            cancellation).ConfigureAwait(false);
        return ToETag((expected ?? 0) + 1);
    }

    private static async ValueTask<StoredState?> FindAsync(DatabaseSession session, string grain, string name, CancellationToken cancellation)
    {
        var rows = await session.QueryAsync(
            Select,
            row => new StoredState(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)),
            cancellation,
            ("@grain", grain),
            ("@name", name)).ConfigureAwait(false);
        return rows.Count == 0 ? null : rows[0];
    }

    private static string ToETag(long version) => version.ToString(CultureInfo.InvariantCulture);

    private T Deserialize<T>(string grain, string name, byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, _json)!;
        }
        catch (JsonException e)
        {
            throw new StorageException(
                StorageFault.Failed,
                $"The state '{name}' of {grain} in {database.Display} is not JSON of {typeof(T).Name} (at {e.Path ?? "$"}). Was it written by another version?",
                e);
        }
    }

    /// <summary>What a grain whose state was never written begins with.</summary>
    private static T Fresh<T>() => typeof(T) switch
    {
        { IsValueType: true } => default!,
        var type when type == typeof(string) || type.IsArray => default!,
        var type when type.GetConstructor(Type.EmptyTypes) is not null => Activator.CreateInstance<T>(),
        var type => (T)RuntimeHelpers.GetUninitializedObject(type),
    };

    private sealed record StoredState(long Version, byte[]? Body);
}
