namespace Hive.Goals;

/// <summary>One entry of a goal's append-only log, as it is stored and as watchers receive it.</summary>
/// <param name="Sequence">Its place in the goal's log, from 1, without gaps.</param>
/// <param name="At">When it was recorded, by the hub's clock.</param>
/// <param name="Kind">What happened; see <see cref="GoalEvent"/>.</param>
/// <param name="Json">The event as one JSON object.</param>
[GenerateSerializer, Immutable, Alias("hive.goal-entry")]
public sealed record GoalEntry(
    [property: Id(0)] long Sequence,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] string Kind,
    [property: Id(3)] string Json)
{
    /// <summary>The event itself; absent where this version of Hive does not know its kind.</summary>
    /// <exception cref="FormatException">The JSON is no such event.</exception>
    public GoalEvent? Read() => GoalEventJson.Read(Kind, Json);
}
