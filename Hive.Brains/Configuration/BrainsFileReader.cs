using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hive.Brains.Discovery;
using Hive.Goals;

namespace Hive.Brains.Configuration;

/// <summary>Reads what a hive.json says of brains from a JSON element and collects every mistake with its path.</summary>
internal static partial class BrainsFileReader
{
    private const int MaxMistakesTold = 20;

    private const double MaxSeconds = 86_400;

    private static readonly string[] KnownTiers = [ModelTiers.Edge, ModelTiers.Worker, ModelTiers.Core];

    /// <exception cref="BrainsFileException">There are mistakes.</exception>
    public static BrainsFile Read(JsonElement root, string directory)
    {
        var mistakes = new List<string>();
        var file = new ElementReader(root, "", (path, message) => mistakes.Add($"{path}: {message}"));
        var read = BrainsFile.Empty;
        if (file.IsObject("$schema", "brains", "discover", "tiers", "tools", "prompts"))
        {
            _ = file.Optional("$schema")?.Text(4096);
            read = new BrainsFile
            {
                Brains = Brains(file.Optional("brains"), directory),
                Discover = file.Optional("discover") is not { } discover || Flag(discover),
                Tiers = Tiers(file.Optional("tiers")),
                Prompts = file.Optional("prompts")?.Text(4096) is { } prompts ? FullPath(file.Optional("prompts")!.Value, prompts, directory) : null,
            };
        }

        return mistakes.Count switch
        {
            0 => read,
            <= MaxMistakesTold => throw new BrainsFileException(string.Join("; ", mistakes)),
            var more => throw new BrainsFileException($"{string.Join("; ", mistakes.Take(MaxMistakesTold))}; and {more - MaxMistakesTold} more mistakes"),
        };
    }

    [GeneratedRegex("^[A-Za-z0-9_.:-]{1,64}\\z")]
    internal static partial Regex NamePattern { get; }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,127}\\z")]
    private static partial Regex VariablePattern { get; }

    [GeneratedRegex("^v[0-9]+[a-z0-9]*$")]
    private static partial Regex VersionPattern { get; }

    private static ImmutableArray<BrainEntry> Brains(ElementReader? reader, string directory)
    {
        if (reader is not { } list)
        {
            return [];
        }

        var brains = ImmutableArray.CreateBuilder<BrainEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (item, i) in list.Array(0, BrainsFile.MaxBrains).Select((item, i) => (item, i)))
        {
            var brain = list.At(i, item);
            if (Brain(brain, directory) is not { } entry)
            {
                continue;
            }

            if (!names.Add(entry.Spec.Name))
            {
                brain.Wrong($"the name '{entry.Spec.Name}' is taken by a brain above; give each its own");
            }

            brains.Add(entry);
        }

        return brains.ToImmutable();
    }

    private static BrainEntry? Brain(ElementReader brain, string directory)
    {
        if (!brain.IsObject(
            "name", "endpoint", "model", "tier", "apiKeyEnv", "maxConcurrency", "contextTokens", "pricePerMillionIn", "pricePerMillionOut",
            "timeoutSeconds", "stallSeconds", "stream", "maxTokensMember", "start"))
        {
            return null;
        }

        var model = brain.Required("model", "name the model as its server calls it")?.Text(200) ?? "";
        var (priceIn, priceOut) = (Price(brain.Optional("pricePerMillionIn")), Price(brain.Optional("pricePerMillionOut")));
        var endpoint = Endpoint(brain.Required("endpoint", "say where its server is, such as \"http://127.0.0.1:11434/v1\""));
        return new BrainEntry
        {
            Spec = new BrainSpec
            {
                Name = brain.Required("name", "give it one, such as \"local\"") is { } name ? Name(name) : "",
                Model = model,
                Tier = brain.Optional("tier") is { } tier ? Tier(tier) : priceIn > 0 || priceOut > 0 ? ModelTiers.Core : ModelTiers.Of(ModelSizes.OfName(model)),
                MaxConcurrency = (int)(brain.Optional("maxConcurrency")?.WholeNumber(1, 10_000) ?? BrainEntry.DefaultConcurrency),
                ContextTokens = (int)(brain.Optional("contextTokens")?.WholeNumber(256, 100_000_000) ?? 8_192),
                PricePerMillionIn = priceIn,
                PricePerMillionOut = priceOut,
            },
            Endpoint = endpoint,
            Origin = BrainsFile.DefaultName,
            KeyVariable = brain.Optional("apiKeyEnv") is { } variable ? Variable(variable) : null,
            Timeout = Seconds(brain.Optional("timeoutSeconds"), 300),
            StallTimeout = Seconds(brain.Optional("stallSeconds"), 60),
            IsStreamed = brain.Optional("stream") is { } stream && Flag(stream),
            MaxTokensMember = MaxTokensMember(brain.Optional("maxTokensMember"), endpoint),
            Start = brain.Optional("start") is { } start ? Start(start, endpoint, directory) : null,
        };
    }

    private static string Name(ElementReader name)
    {
        var named = Word(name);
        if (!NamePattern.IsMatch(named))
        {
            name.Wrong($"this is {ElementReader.Kind(name.Element)}; a name has 1 to 64 letters, digits, '-', '_', '.' or ':'");
        }

        return named;
    }

    private static string Word(ElementReader word) => word.Element.ValueKind == JsonValueKind.String ? word.Element.GetString()! : "";

    /// <summary>The base of an API: a host alone means its version 1; a path that names a version is taken as it is.</summary>
    private static Uri Endpoint(ElementReader? reader)
    {
        var nowhere = new Uri("http://127.0.0.1/v1/");
        if (reader is not { } endpoint)
        {
            return nowhere;
        }

        if (!Uri.TryCreate(Word(endpoint), UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            || address.Host.Length == 0)
        {
            endpoint.Wrong("this is no address; write one such as \"http://127.0.0.1:11434/v1\" or \"https://api.openai.com/v1\"");
            return nowhere;
        }

        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            endpoint.Wrong("an address has neither user, query nor fragment; a key belongs into an environment variable that \"apiKeyEnv\" names");
            return nowhere;
        }

        var path = address.AbsolutePath.TrimEnd('/');
        var hasVersion = path.Split('/').Any(VersionPattern.IsMatch);
        return new Uri(address, path + (hasVersion ? "/" : "/v1/"));
    }

    private static string Tier(ElementReader tier)
    {
        var named = Word(tier);
        if (!KnownTiers.Contains(named))
        {
            tier.Wrong($"this is {ElementReader.Kind(tier.Element)}; write \"edge\", \"worker\" or \"core\"");
        }

        return named;
    }

    /// <summary>A key that was written here by mistake is not repeated in the message.</summary>
    private static string Variable(ElementReader variable)
    {
        var named = Word(variable);
        if (!VariablePattern.IsMatch(named))
        {
            variable.Wrong("this is the name of an environment variable that holds the key, such as \"OPENAI_API_KEY\"; the key itself never stands in the file");
        }

        return named;
    }

    private static decimal Price(ElementReader? price) => price is { } given ? (decimal)Math.Clamp(given.Number(0, 1_000_000), 0, 1_000_000) : 0;

    private static TimeSpan Seconds(ElementReader? seconds, double otherwise) =>
        TimeSpan.FromSeconds(seconds is { } given ? Math.Clamp(given.Number(0, MaxSeconds, above: true), 0.001, MaxSeconds) : otherwise);

    private static bool Flag(ElementReader flag)
    {
        if (flag.Element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            flag.Wrong($"this is {ElementReader.Kind(flag.Element)}; write true or false");
        }

        return flag.Element.ValueKind == JsonValueKind.True;
    }

    /// <summary>OpenAI refuses <c>max_tokens</c> with its newer models; Ollama and others do not know the newer name and would answer without a bound.</summary>
    private static string MaxTokensMember(ElementReader? member, Uri endpoint)
    {
        if (member is not { } given)
        {
            return endpoint.Host == "api.openai.com" || endpoint.Host.EndsWith(".openai.azure.com", StringComparison.Ordinal) ? "max_completion_tokens" : "max_tokens";
        }

        var named = Word(given);
        if (named is not ("max_tokens" or "max_completion_tokens"))
        {
            given.Wrong($"this is {ElementReader.Kind(given.Element)}; write \"max_tokens\" or \"max_completion_tokens\"");
        }

        return named;
    }

    private static ServerStart? Start(ElementReader start, Uri endpoint, string directory)
    {
        if (!start.IsObject("command", "idleSeconds", "readySeconds", "environment"))
        {
            return null;
        }

        if (!endpoint.IsLoopback)
        {
            start.Wrong("a server can be started on this machine alone; let \"endpoint\" be at 127.0.0.1, or leave \"start\" out");
        }

        var command = start.Required("command", "give the program and its arguments, such as [\"llama-server\", \"-m\", \"model.gguf\"]");
        return new ServerStart(
            command is { } words ? [.. words.Array(1, 200).Select((word, i) => words.At(i, word).Text(4096))] : [],
            directory,
            Seconds(start.Optional("idleSeconds"), 300),
            Seconds(start.Optional("readySeconds"), 120),
            start.Optional("environment") is { } names ? [.. names.Array(0, 100).Select((name, i) => Variable(names.At(i, name)))] : []);
    }

    private static ImmutableDictionary<string, string> Tiers(ElementReader? reader)
    {
        var tiers = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (reader is not { } given)
        {
            return tiers.ToImmutable();
        }

        if (given.Element.ValueKind != JsonValueKind.Object)
        {
            given.Wrong($"this is {ElementReader.Kind(given.Element)}; it must be an object of models and their tiers, such as {{\"qwen3:4b\": \"edge\"}}");
            return tiers.ToImmutable();
        }

        foreach (var model in given.Element.EnumerateObject())
        {
            tiers[model.Name] = Tier(given.At(model.Name, model.Value));
        }

        return tiers.ToImmutable();
    }

    private static string? FullPath(ElementReader reader, string path, string directory)
    {
        if (!path.Contains('\0'))
        {
            return Path.GetFullPath(path, directory);
        }

        reader.Wrong("a path holds no NUL");
        return null;
    }
}
