using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Hive.Engine;

/// <summary>The memory storages of a process's cluster, by name: they outlast the silos that use them.</summary>
internal sealed class MemoryStores
{
    private readonly ConcurrentDictionary<string, MemoryStorage> _stores = new(StringComparer.Ordinal);

    internal MemoryStorage Get(string name) => _stores.GetOrAdd(name, static _ => new MemoryStorage());
}

/// <summary>Keeps states as JSON in memory, so that what a grain changes and does not write is not stored. Lost with the process.</summary>
internal sealed class MemoryStorage : IGrainStorage
{
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true };

    private readonly ConcurrentDictionary<(string Name, GrainId GrainId), Record> _records = new();
    private long _version;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = _records.GetValueOrDefault((stateName, grainId));
        grainState.ETag = record?.ETag;
        grainState.RecordExists = record is not null;
        grainState.State = record is null ? default! : JsonSerializer.Deserialize<T>(record.Json, Json)!;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var etag = Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture);
        var written = new Record(JsonSerializer.SerializeToUtf8Bytes(grainState.State, Json), etag);
        var key = (stateName, grainId);
        var stored = _records.GetValueOrDefault(key);
        Check(stateName, grainId, stored, grainState.ETag);
        var isWritten = stored is null ? _records.TryAdd(key, written) : _records.TryUpdate(key, written, stored);
        if (!isWritten) throw Conflict(stateName, grainId, _records.GetValueOrDefault(key)?.ETag, grainState.ETag);
        grainState.ETag = etag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var stored = _records.GetValueOrDefault(key);
        Check(stateName, grainId, stored, grainState.ETag);
        if (stored is not null && !_records.TryRemove(KeyValuePair.Create(key, stored)))
        {
            throw Conflict(stateName, grainId, _records.GetValueOrDefault(key)?.ETag, grainState.ETag);
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = default!;
        return Task.CompletedTask;
    }

    private static void Check(string stateName, GrainId grainId, Record? stored, string? etag)
    {
        if (!string.Equals(stored?.ETag, etag, StringComparison.Ordinal)) throw Conflict(stateName, grainId, stored?.ETag, etag);
    }

    private static InconsistentStateException Conflict(string stateName, GrainId grainId, string? stored, string? etag) =>
        new($"The state '{stateName}' of {grainId} has been changed by another.", stored, etag);

    private sealed record Record(byte[] Json, string ETag);
}
