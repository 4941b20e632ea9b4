using System.Collections.Immutable;
using System.Text.Json;
using Hive.Cognition.Prompts;

namespace Hive.Cognition.Join;

/// <summary>Reads an integrator's reply. What comes out names every candidate exactly once and no other, and resolves every contradiction that it lists.</summary>
public static class JoinReader
{
    private const int MostOutcomeCharacters = 500_000;
    private const int MostReasonCharacters = 2_000;
    private const int MostContradictions = 64;

    /// <summary>Reads a join.</summary>
    /// <param name="reply">What the integrator answered.</param>
    /// <param name="candidates">The ids of the candidates that it was given.</param>
    /// <param name="mistakes">What is wrong with it, each in words that a model can act on; empty for a join that is right.</param>
    /// <returns>The join, or null where there are mistakes.</returns>
    public static Joined? Read(string reply, IReadOnlyCollection<string> candidates, out ImmutableArray<string> mistakes)
    {
        if (!JsonReply.TryFind(reply, out var json, out var mistake))
        {
            mistakes = [mistake];
            return null;
        }

        var fields = new ReplyFields();
        var known = candidates.ToHashSet(StringComparer.Ordinal);
        var outcome = fields.Text(json, string.Empty, "outcome", MostOutcomeCharacters);
        var sources = ReadSources(json, known, fields);
        var contradictions = ReadContradictions(json, known, fields);
        mistakes = fields.Mistakes;
        return fields.HasMistakes ? null : new(outcome, [.. sources.OrderBy(source => source.Rank)], contradictions);
    }

    private static List<JoinSource> ReadSources(JsonElement json, HashSet<string> known, ReplyFields fields)
    {
        var sources = new List<JoinSource>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        var items = fields.Items(json, string.Empty, "sources", (2 * known.Count) + 16, isRequired: true);
        for (var i = 0; i < items.Count; i++)
        {
            if (!fields.IsObject(items[i], $"sources[{i}]")) continue;
            var path = $"sources[{i}].";
            var candidate = ReadCandidate(items[i], path, known, fields);
            if (candidate is not null && !named.Add(candidate)) fields.Add($"{path}candidate names {ReplyFields.Quote(candidate)} again; name every candidate once");
            var rank = fields.OptionalInteger(items[i], path, "rank", 1, Math.Max(1, known.Count));
            if (rank is null && !ReplyFields.TryGet(items[i], "rank", out _)) fields.Add($"{path}rank is missing; it may be 1 to {Math.Max(1, known.Count)}, a whole number");
            sources.Add(new(candidate ?? string.Empty, ReadUse(items[i], path, fields), rank ?? 1, fields.Text(items[i], path, "reason", MostReasonCharacters)));
        }

        foreach (var id in known.Order(StringComparer.Ordinal))
        {
            if (!named.Contains(id)) fields.Add($"sources does not name the candidate {ReplyFields.Quote(id)}; say of every candidate whether it was used or discarded, and why");
        }

        if (!fields.HasMistakes && !sources.Exists(source => source.Use == SourceUse.Used)) fields.Add("sources discards every candidate; the outcome must rest on at least one");
        return sources;
    }

    private static SourceUse ReadUse(JsonElement item, string path, ReplyFields fields)
    {
        var isThere = ReplyFields.TryGet(item, "use", out var value);
        switch (isThere && value.ValueKind == JsonValueKind.String ? value.GetString() : null)
        {
            case "used": return SourceUse.Used;
            case "discarded": return SourceUse.Discarded;
            default:
                fields.Add($"{path}use is {(isThere ? ReplyFields.Shown(value) : "missing")}; it may be used or discarded");
                return SourceUse.Discarded;
        }
    }

    private static string? ReadCandidate(JsonElement item, string path, HashSet<string> known, ReplyFields fields)
    {
        if (ReplyFields.TryGet(item, "candidate", out var value)) return CheckKnown(value, $"{path}candidate", known, fields);
        fields.Add($"{path}candidate is missing; it must be a candidate's id");
        return null;
    }

    private static string? CheckKnown(JsonElement value, string path, HashSet<string> known, ReplyFields fields)
    {
        if (value.ValueKind == JsonValueKind.String && known.TryGetValue(value.GetString()!, out var id)) return id;
        fields.Add($"{path} is {ReplyFields.Shown(value)}, which is no candidate's id; use the ids as they were given");
        return null;
    }

    private static ImmutableArray<Contradiction> ReadContradictions(JsonElement json, HashSet<string> known, ReplyFields fields)
    {
        var contradictions = ImmutableArray.CreateBuilder<Contradiction>();
        var items = fields.Items(json, string.Empty, "contradictions", MostContradictions, isRequired: false);
        for (var i = 0; i < items.Count; i++)
        {
            if (!fields.IsObject(items[i], $"contradictions[{i}]")) continue;
            var path = $"contradictions[{i}].";
            var about = fields.Text(items[i], path, "about", MostReasonCharacters);
            var resolution = fields.Text(items[i], path, "resolution", MostReasonCharacters);
            var reason = fields.Text(items[i], path, "reason", MostReasonCharacters);
            contradictions.Add(new(ReadSides(items[i], path, known, fields), about, resolution, reason));
        }

        return contradictions.ToImmutable();
    }

    private static ImmutableArray<string> ReadSides(JsonElement item, string path, HashSet<string> known, ReplyFields fields)
    {
        var hasMistakes = fields.HasMistakes;
        var items = fields.Items(item, path, "candidates", Math.Max(2, known.Count), isRequired: true);
        var ids = items.Select((value, i) => CheckKnown(value, $"{path}candidates[{i}]", known, fields)).OfType<string>().Distinct().ToImmutableArray();
        if (ids.Length < 2 && fields.HasMistakes == hasMistakes) fields.Add($"{path}candidates names fewer than two candidates; a contradiction is between two or more");
        return ids;
    }
}
