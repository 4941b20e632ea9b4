using System.Text.Json;

namespace Hive.Goals;

/// <summary>A person's answer to what a goal asks.</summary>
/// <param name="What">What is answered; absent: everything that is asked now.</param>
/// <param name="IsApproved">Whether it is approved.</param>
/// <param name="By">Who answers.</param>
/// <param name="Reason">Why; absent where nothing is said.</param>
[GenerateSerializer, Immutable, Alias("hive.goal-approval")]
public sealed record GoalApproval([property: Id(0)] string? What, [property: Id(1)] bool IsApproved, [property: Id(2)] string By, [property: Id(3)] string? Reason)
{
    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON object.</param>
    /// <exception cref="FormatException">It is no approval.</exception>
    public static GoalApproval FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, GoalJsonContext.Default.GoalApproval) is { By: not null } approval ? approval : throw new FormatException("this is no approval");
        }
        catch (JsonException e)
        {
            throw new FormatException($"this is no approval: {e.Message}", e);
        }
    }

    /// <summary>The approval as one JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GoalJsonContext.Default.GoalApproval);
}
