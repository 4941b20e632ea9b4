using Hive.Cognition.Critics;
using Hive.Critics;
using Hive.Placement;

namespace Hive.Cognition;

/// <summary>What goals found out about critics. Beyond <see cref="CriticReputation.MostCritics"/> the one of whom least is known is forgotten.</summary>
/// <param name="state">The counts by critic, and the goals that were heard lately.</param>
[HubPlacement]
public sealed class CriticBookGrain([PersistentState("critics", HiveGrains.Storage)] IPersistentState<CriticBook> state) : Grain, ICriticBookGrain
{
    private const int MostGoals = 1_024;

    /// <inheritdoc/>
    public Task<CriticCount[]> ListAsync() => Task.FromResult(state.State.Critics.Values.OrderBy(count => count.Critic, StringComparer.Ordinal).ToArray());

    /// <inheritdoc/>
    public Task AddAsync(string goal, CriticCount[] found)
    {
        var book = state.State;
        if (found.Length == 0 || book.Goals.Contains(goal))
        {
            return Task.CompletedTask;
        }

        foreach (var count in found)
        {
            var known = book.Critics.GetValueOrDefault(count.Critic) ?? new CriticCount(count.Critic, 0, 0);
            book.Critics[count.Critic] = known with { Agreed = known.Agreed + count.Agreed, Differed = known.Differed + count.Differed };
        }

        while (book.Critics.Count > CriticReputation.MostCritics)
        {
            book.Critics.Remove(book.Critics.Values.MinBy(count => count.Agreed + count.Differed)!.Critic);
        }

        book.Goals.Add(goal);
        if (book.Goals.Count > MostGoals)
        {
            book.Goals.RemoveAt(0);
        }

        return state.WriteStateAsync();
    }
}

/// <summary>What is known of critics, as the hub stores it.</summary>
public sealed class CriticBook
{
    /// <summary>Counts by critic.</summary>
    public Dictionary<string, CriticCount> Critics { get; set; } = [];

    /// <summary>The goals whose findings are in the counts, the latest last.</summary>
    public List<string> Goals { get; set; } = [];
}
