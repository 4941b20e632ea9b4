using Hive.Placement;
using Hive.Storage;

namespace Hive.Goals;

/// <summary>The goals in the hub's database.</summary>
/// <param name="log">Where goals are written down.</param>
[HubPlacement]
public sealed class GoalIndexGrain(IGoalLog log) : Grain, IGoalIndexGrain
{
    /// <inheritdoc/>
    public async Task<GoalLine[]> ListAsync(int most)
    {
        var goals = await log.ListAsync(null, Math.Clamp(most, 1, GoalLogLimits.ListLength), CancellationToken.None);
        return [.. goals.Select(goal => new GoalLine(goal.Id, goal.Objective, Enum.Parse<GoalState>(goal.State), goal.CreatedAt, goal.UpdatedAt))];
    }
}
