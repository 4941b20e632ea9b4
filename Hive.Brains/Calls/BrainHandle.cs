using System.Net;
using Hive.Brains.Configuration;
using Hive.Brains.Servers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Hive.Brains.Calls;

/// <summary>One brain with all that its calls need.</summary>
internal sealed class BrainHandle : IAsyncDisposable
{
    private readonly ReadinessCheck _readiness;
    private readonly ModelServer? _server;
    private readonly string? _key;

    /// <summary>Makes it; nothing is asked or started.</summary>
    public BrainHandle(BrainEntry entry, BrainLimits limits, HttpClient http, TimeProvider time, ILogger log)
    {
        Entry = entry;
        _key = KeyOf(entry);
        _readiness = new ReadinessCheck(http, entry.Endpoint, _key, time);
        _server = entry.Start is { } start ? new ModelServer(entry, start, _readiness, time, log) : null;
        Client = new BrainClient(entry, _key, limits, http, new Turns(entry.Spec, limits, time, log), _server, time);
    }

    /// <summary>The brain.</summary>
    public BrainEntry Entry { get; }

    /// <summary>Asks it.</summary>
    public IChatClient Client { get; }

    /// <summary>Why it does not answer now; absent where it does.</summary>
    public async Task<string?> WhyAwayAsync(CancellationToken cancellation)
    {
        if (Entry.KeyVariable is { } variable && _key is null)
        {
            return $"the environment variable {variable} holds no key";
        }

        return await _readiness.StatusAsync(cancellation).ConfigureAwait(false) switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Entry.KeyVariable is null ? "it wants a key" : "it refuses the key",

            // Some paid services have no list of models; that they say so shows that they are there.
            >= HttpStatusCode.OK and < HttpStatusCode.InternalServerError => null,
            { } status => $"it answers {(int)status}",
            null => Entry.Start is null ? "nobody answers there" : "it is started when it is needed",
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>The key, as a header can carry it; absent where the variable is not set or holds what no key holds.</summary>
    private static string? KeyOf(BrainEntry entry)
    {
        var key = entry.KeyVariable is { } variable ? Environment.GetEnvironmentVariable(variable)?.Trim() : null;
        return key is { Length: > 0 and <= 8_192 } && key.All(letter => letter is > ' ' and <= '~') ? key : null;
    }
}
