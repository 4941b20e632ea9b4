using System.Collections.Immutable;
using System.Text.Json;
using Hive.Cognition.Critics;
using Hive.Goals;

namespace Hive.Cognition;

/// <summary>Which critics a later fact agreed with: a higher tier's decision, or a person's. Their reputation follows from these alone.</summary>
/// <param name="Agreed">Those it agreed with.</param>
/// <param name="Differed">Those it did not.</param>
internal sealed record CriticsLearnt(ImmutableArray<string> Agreed, ImmutableArray<string> Differed)
{
    public const string Kind = "critics-learnt";

    /// <summary>What a fact says of critics.</summary>
    public static CriticsLearnt Of(IEnumerable<CriticRecord> critics, double threshold, bool isGood)
    {
        var sides = critics.ToLookup(critic => (critic.Score >= threshold) == isGood, critic => critic.Critic);
        return new CriticsLearnt([.. sides[true]], [.. sides[false]]);
    }

    public static CriticsLearnt Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new CriticsLearnt(Names(document.RootElement, "agreed"), Names(document.RootElement, "differed"));
    }

    public string ToJson() => JsonSerializer.Serialize(new Dictionary<string, ImmutableArray<string>> { ["agreed"] = Agreed, ["differed"] = Differed });

    public void Teach(CriticReputation reputation)
    {
        foreach (var critic in Agreed)
        {
            reputation.Record(critic, agreed: true);
        }

        foreach (var critic in Differed)
        {
            reputation.Record(critic, agreed: false);
        }
    }

    private static ImmutableArray<string> Names(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];
}
