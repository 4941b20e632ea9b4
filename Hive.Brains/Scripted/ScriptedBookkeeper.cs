using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hive.Brains.Scripted;

/// <summary>
/// Counts what a scripted server does. A bill is written to the ledger's file, one line of JSON, and handed to the system before the answer begins:
/// whatever becomes of the caller, what it was billed is on record.
/// </summary>
internal sealed class ScriptedBookkeeper : IDisposable
{
    private const int MostKeys = 1_000_000;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _keys = [];
    private readonly Dictionary<string, ModelBill> _models = [];
    private readonly FileStream? _file;
    private long _requests;
    private long _billed;
    private long _withoutKey;
    private long _promptTokens;
    private long _completionTokens;
    private long _refused;
    private long _aborted;
    private int _concurrent;
    private int _concurrentMaximum;

    /// <summary>Begins to count.</summary>
    /// <param name="file">The file that bills are appended to, or null.</param>
    public ScriptedBookkeeper(string? file) =>
        _file = file is null ? null : new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void Begin()
    {
        lock (_lock)
        {
            _requests++;
            _concurrentMaximum = Math.Max(_concurrentMaximum, ++_concurrent);
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _concurrent--;
        }
    }

    public void Refuse()
    {
        lock (_lock)
        {
            _refused++;
        }
    }

    public void Abort()
    {
        lock (_lock)
        {
            _aborted++;
        }
    }

    public void Bill(string model, string? key, long promptTokens, long completionTokens)
    {
        var line = _file is null ? default : Line(model, key, promptTokens, completionTokens);
        lock (_lock)
        {
            _file?.Write(line.Span);
            _billed++;
            _promptTokens += promptTokens;
            _completionTokens += completionTokens;
            var bill = _models.GetValueOrDefault(model) ?? new ModelBill(0, 0, 0);
            _models[model] = new ModelBill(bill.Calls + 1, bill.PromptTokens + promptTokens, bill.CompletionTokens + completionTokens);
            if (key is null || (_keys.Count >= MostKeys && !_keys.ContainsKey(key)))
            {
                _withoutKey++;
            }
            else
            {
                _keys[key] = _keys.GetValueOrDefault(key) + 1;
            }
        }
    }

    public ScriptedLedger Snapshot()
    {
        lock (_lock)
        {
            return new ScriptedLedger
            {
                Requests = _requests,
                Billed = _billed,
                PromptTokens = _promptTokens,
                CompletionTokens = _completionTokens,
                Refused = _refused,
                Aborted = _aborted,
                ConcurrentMaximum = _concurrentMaximum,
                BilledByKey = _keys.ToImmutableSortedDictionary(StringComparer.Ordinal),
                BilledWithoutKey = _withoutKey,
                Models = _models.ToImmutableSortedDictionary(StringComparer.Ordinal),
            };
        }
    }

    public void Dispose() => _file?.Dispose();

    private static ReadOnlyMemory<byte> Line(string model, string? key, long promptTokens, long completionTokens)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("model", model);
            writer.WriteString("key", key);
            writer.WriteNumber("promptTokens", promptTokens);
            writer.WriteNumber("completionTokens", completionTokens);
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.GetBuffer().AsMemory(0, (int)stream.Length);
    }
}
