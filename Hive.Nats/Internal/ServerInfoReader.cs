using System.Text.Json;

namespace Hive.Nats.Internal;

/// <summary>Reads the JSON of INFO; what a client does not know is passed over.</summary>
internal static class ServerInfoReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    /// <exception cref="ProtocolException">It is no INFO of a NATS server.</exception>
    public static NatsServerInfo Read(ReadOnlySpan<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.ToArray(), Options);
            var info = document.RootElement;
            return info.ValueKind != JsonValueKind.Object
                ? throw new ProtocolException($"INFO is no object: {ProtocolException.Show(json)}.")
                : new NatsServerInfo
                {
                    ServerId = Text(info, "server_id"),
                    Version = Text(info, "version"),
                    MaxPayload = info.GetProperty("max_payload").TryGetInt32(out var max) && max > 0
                        ? max
                        : throw new ProtocolException("INFO announces an impossible max_payload."),
                    Headers = Flag(info, "headers"),
                    TlsRequired = Flag(info, "tls_required"),
                    TlsAvailable = Flag(info, "tls_available"),
                    TlsVerify = Flag(info, "tls_verify"),
                    LameDuck = Flag(info, "ldm"),
                };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ProtocolException($"INFO cannot be read ({e.Message}): {ProtocolException.Show(json)}.", e);
        }
    }

    private static string Text(JsonElement info, string name) => info.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static bool Flag(JsonElement info, string name) => info.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
