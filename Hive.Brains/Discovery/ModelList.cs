using System.Collections.Immutable;
using System.Text.Json;

namespace Hive.Brains.Discovery;

/// <summary>A model that a server offers.</summary>
/// <param name="Id">What the server calls it.</param>
/// <param name="Billions">Its parameters in thousand millions, where the server says so.</param>
/// <param name="ContextTokens">How many tokens a call may have, where the server says so.</param>
internal sealed record FoundModel(string Id, double? Billions, int? ContextTokens);

/// <summary>Reads the lists of models that servers give. Whatever else they give is an empty list.</summary>
internal static class ModelList
{
    /// <summary>The answer to <c>GET /v1/models</c>: OpenAI's form, with llama.cpp's <c>meta.n_params</c> and vLLM's <c>max_model_len</c>. Embedding models are left out.</summary>
    /// <param name="json">The answer.</param>
    public static ImmutableArray<FoundModel> Read(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        if (document is null || !TryGetArray(document.RootElement, "data", out var data))
        {
            return [];
        }

        var models = ImmutableArray.CreateBuilder<FoundModel>();
        foreach (var item in data.EnumerateArray().Take(LocalDiscovery.MaxModels))
        {
            if (Text(item, "id") is { Length: > 0 and <= 200 } id && !ModelSizes.IsEmbedding(id))
            {
                var parameters = item.TryGetProperty("meta", out var meta) ? Number(meta, "n_params") : null;
                var context = Number(item, "max_model_len") is >= 256 and <= 100_000_000 and var length ? (int?)length : null;
                models.Add(new FoundModel(id, parameters > 0 ? parameters / 1e9 : null, context));
            }
        }

        return models.ToImmutable();
    }

    /// <summary>The answer to Ollama's <c>GET /api/tags</c>: sizes by name.</summary>
    /// <param name="json">The answer.</param>
    public static Dictionary<string, (double? Billions, bool IsEmbedding)> ReadTags(ReadOnlyMemory<byte> json)
    {
        var tags = new Dictionary<string, (double?, bool)>(StringComparer.Ordinal);
        using var document = Parse(json);
        if (document is null || !TryGetArray(document.RootElement, "models", out var models))
        {
            return tags;
        }

        foreach (var item in models.EnumerateArray().Take(LocalDiscovery.MaxModels))
        {
            if (Text(item, "name") is { } name && item.TryGetProperty("details", out var details))
            {
                tags[name] = (Text(details, "parameter_size") is { } size ? ModelSizes.OfName(size) : null, Text(details, "family") is { } family && ModelSizes.IsEmbedding(family));
            }
        }

        return tags;
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool TryGetArray(JsonElement element, string name, out JsonElement array)
    {
        array = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out array) && array.ValueKind == JsonValueKind.Array;
    }

    private static string? Text(JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no name that could be asked for.
            return null;
        }
    }

    private static double? Number(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out var value)
            ? value
            : null;
}
