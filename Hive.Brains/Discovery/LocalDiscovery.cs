using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hive.Brains.Configuration;
using Hive.Brains.Wire;

namespace Hive.Brains.Discovery;

/// <summary>
/// Finds the models that servers on this machine offer. What does not listen, does not answer in time or does not answer like a model server is not there.
/// </summary>
internal sealed partial class LocalDiscovery(HttpClient http, TimeProvider time)
{
    /// <summary>The most models taken from one server.</summary>
    public const int MaxModels = 64;

    private const int MaxBytes = 1 << 20;

    /// <summary>How long a server gets: it is on this machine and has nothing to compute.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Finds models.</summary>
    /// <param name="servers">Where to look.</param>
    /// <param name="file">The brains that are listed, which are not found a second time, and the tiers that are given.</param>
    /// <param name="cancellation">Ends the search.</param>
    public async Task<ImmutableArray<BrainEntry>> FindAsync(ImmutableArray<LocalServer> servers, BrainsFile file, CancellationToken cancellation)
    {
        var found = await Task.WhenAll(servers.Select(server => ModelsOfAsync(server, cancellation))).ConfigureAwait(false);
        var names = file.Brains.Select(brain => brain.Spec.Name).ToHashSet(StringComparer.Ordinal);
        var listed = file.Brains.Select(brain => (brain.Endpoint.Port, brain.Spec.Model)).ToHashSet();
        var entries = ImmutableArray.CreateBuilder<BrainEntry>();
        foreach (var (server, models) in servers.Zip(found))
        {
            foreach (var model in models)
            {
                if (listed.Contains((server.Port, model.Id)) || UniqueName(model.Id, server.Port, names) is not { } name)
                {
                    continue;
                }

                entries.Add(new BrainEntry
                {
                    Spec = new BrainSpec
                    {
                        Name = name,
                        Model = model.Id,
                        Tier = file.Tiers.GetValueOrDefault(model.Id) ?? ModelTiers.Of(ModelSizes.OfName(model.Id) ?? model.Billions),
                        MaxConcurrency = BrainEntry.DefaultConcurrency,
                        ContextTokens = model.ContextTokens ?? server.ContextTokens,
                    },
                    Endpoint = BaseOf(server),
                    Origin = server.Kind,
                });
            }
        }

        return entries.ToImmutable();
    }

    private async Task<ImmutableArray<FoundModel>> ModelsOfAsync(LocalServer server, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            var models = ModelList.Read(await GetAsync(new Uri(BaseOf(server), "models"), stop.Token).ConfigureAwait(false));
            if (server.Kind != LocalServer.Ollama || models.IsEmpty)
            {
                return models;
            }

            var tags = ModelList.ReadTags(await GetAsync(new Uri(BaseOf(server), "/api/tags"), stop.Token).ConfigureAwait(false));
            return [.. models.Where(model => !tags.TryGetValue(model.Id, out var tag) || !tag.IsEmbedding)
                .Select(model => tags.TryGetValue(model.Id, out var tag) ? model with { Billions = tag.Billions } : model)];
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            return [];
        }
    }

    private async Task<ReadOnlyMemory<byte>> GetAsync(Uri address, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            return default;
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var bytes = new byte[MaxBytes];
        var length = await body.ReadAtLeastAsync(bytes, MaxBytes, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return length < MaxBytes ? bytes.AsMemory(0, length) : default;
    }

    private static Uri BaseOf(LocalServer server) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{server.Port}/v1/"));

    /// <summary>A name for a model: the last part of what its server calls it, which may be a path; with the port, where another has that name.</summary>
    private static string? UniqueName(string model, int port, HashSet<string> names)
    {
        var last = model[(model.LastIndexOfAny(['/', '\\']) + 1)..];
        last = last.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? last[..^5] : last;
        var plain = ForeignPattern.Replace(last, "-");
        plain = plain.Length == 0 ? "model" : plain[..Math.Min(plain.Length, 56)];
        return names.Add(plain) ? plain
            : string.Create(CultureInfo.InvariantCulture, $"{plain}-{port}") is var other && names.Add(other) ? other
            : null;
    }

    [GeneratedRegex("[^A-Za-z0-9_.:-]")]
    private static partial Regex ForeignPattern { get; }
}
