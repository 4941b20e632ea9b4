using System.Text.Json;
using Hive.Cognition.Critics;
using Hive.Critics;
using Hive.Goals;

namespace Hive.Cognition;

/// <summary>What a goal knows of critics when it begins, from the goals before it, and what it leaves to those after it.</summary>
internal static class CriticRecords
{
    /// <summary>The kind of the fact that says what was known at the beginning.</summary>
    public const string Kind = "critics-known";

    private const string Id = "critics";

    /// <summary>Writes down what is known, once: the goal's judgements rest on it, whatever is found out elsewhere meanwhile.</summary>
    public static Task TakeUpAsync(Desk desk) => desk.Spec.Critics is null
        ? Task.CompletedTask
        : desk.FactAsync(Id, Kind, async () =>
        {
            var known = await desk.Grains.GetGrain<ICriticBookGrain>(ICriticBookGrain.Key).ListAsync();
            return JsonSerializer.Serialize(known.Take(CriticReputation.MostCritics).ToDictionary(count => count.Critic, count => new[] { count.Agreed, count.Differed }));
        });

    /// <summary>Restores what was known from the fact.</summary>
    public static void Restore(string json, CriticReputation reputation) => reputation.Restore(
        JsonSerializer.Deserialize<Dictionary<string, long[]>>(json)!.ToDictionary(count => count.Key, count => (count.Value[0], count.Value[1])));

    /// <summary>Tells the hive what this goal found out.</summary>
    public static Task LeaveAsync(GoalProgress goal, IGrainFactory grains)
    {
        var found = new Dictionary<string, CriticCount>(StringComparer.Ordinal);
        foreach (var learnt in goal.Cognition!.Learnt)
        {
            foreach (var critic in learnt.Agreed)
            {
                found[critic] = Of(critic) with { Agreed = Of(critic).Agreed + 1 };
            }

            foreach (var critic in learnt.Differed)
            {
                found[critic] = Of(critic) with { Differed = Of(critic).Differed + 1 };
            }
        }

        return found.Count == 0
            ? Task.CompletedTask
            : grains.GetGrain<ICriticBookGrain>(ICriticBookGrain.Key).AddAsync(goal.Id, [.. found.Values]);

        CriticCount Of(string critic) => found.GetValueOrDefault(critic) ?? new CriticCount(critic, 0, 0);
    }
}
