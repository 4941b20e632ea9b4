using Hive.Placement;

namespace Hive.Skills;

/// <summary>The list of a hive's skills.</summary>
/// <param name="state">The manifests by address.</param>
[HubPlacement]
public sealed class SkillIndexGrain([PersistentState("skills", HiveGrains.Storage)] IPersistentState<SkillList> state) : Grain, ISkillIndexGrain
{
    /// <summary>How many skills a hive keeps.</summary>
    public const int MaxSkills = 10_000;

    /// <inheritdoc/>
    public Task<SkillManifest[]> ListAsync() =>
        Task.FromResult(state.State.Skills.Values.OrderBy(skill => skill.Name, StringComparer.Ordinal).ThenBy(skill => skill.Address, StringComparer.Ordinal).ToArray());

    /// <inheritdoc/>
    public Task NoteAsync(SkillManifest skill)
    {
        if (state.State.Skills.Count >= MaxSkills && !state.State.Skills.ContainsKey(skill.Address))
        {
            throw new InvalidOperationException($"this hive keeps {MaxSkills:N0} skills, which is as many as it keeps; remove one first");
        }

        // Tests can be long; who wants them asks the skill.
        state.State.Skills[skill.Address] = skill with { Tests = [] };
        return state.WriteStateAsync();
    }

    /// <inheritdoc/>
    public Task ForgetAsync(string address) => state.State.Skills.Remove(address) ? state.WriteStateAsync() : Task.CompletedTask;
}

/// <summary>The skills of a hive as the hub stores them.</summary>
public sealed class SkillList
{
    /// <summary>Manifests by address, without their tests.</summary>
    public Dictionary<string, SkillManifest> Skills { get; set; } = [];
}
