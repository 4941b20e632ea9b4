using System.Collections.Immutable;
using System.Text.Json;
using Hive.Cognition.Prompts;

namespace Hive.Cognition.Critics;

/// <summary>Reads a critic's reply. The score must be right to the letter; words beyond their bounds are cut, since a long verdict is no worse a verdict.</summary>
public static class VerdictReader
{
    private const int MostFaults = 16;
    private const int MostFaultCharacters = 500;
    private const int MostEvidenceCharacters = 4_000;

    /// <summary>Reads a verdict.</summary>
    /// <param name="reply">What the critic answered.</param>
    /// <param name="mistake">What is wrong with it, in words that a model can act on; empty for a verdict that is right.</param>
    /// <returns>The verdict, or null where there is a mistake.</returns>
    public static CriticVerdict? Read(string reply, out string mistake)
    {
        if (!JsonReply.TryFind(reply, out var json, out mistake)) return null;
        var fields = new ReplyFields();
        var score = ReadScore(json, fields);
        var faults = ReadFaults(json, fields);
        var evidence = fields.OptionalText(json, string.Empty, "evidence", JsonReply.MostCharacters) ?? string.Empty;
        mistake = string.Join("; ", fields.Mistakes);
        return fields.HasMistakes ? null : new(score, faults, Wording.Cut(Wording.Clean(evidence).Trim(), MostEvidenceCharacters));
    }

    private static double ReadScore(JsonElement json, ReplyFields fields)
    {
        if (!ReplyFields.TryGet(json, "score", out var value)) fields.Add("score is missing; it must be a number from 0 to 1");
        else if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var score) && score is >= 0 and <= 1) return score;
        else fields.Add($"score is {ReplyFields.Shown(value)}; it must be a number from 0 to 1");
        return 0;
    }

    private static ImmutableArray<string> ReadFaults(JsonElement json, ReplyFields fields)
    {
        var faults = ImmutableArray.CreateBuilder<string>();
        foreach (var item in fields.Items(json, string.Empty, "faults", int.MaxValue, isRequired: false))
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                fields.Add($"faults[{faults.Count}] is {ReplyFields.Kind(item)}; every fault must be a text");
                break;
            }

            var fault = Wording.Line(item.GetString()!, MostFaultCharacters);
            if (fault.Length > 0 && !faults.Contains(fault)) faults.Add(fault);
            if (faults.Count == MostFaults) break;
        }

        return faults.ToImmutable();
    }
}
