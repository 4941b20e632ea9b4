using System.Collections.Immutable;
using Hive.Placement;

namespace Hive.Skills;

/// <summary>One skill in the hub's keeping. Its key is the address of its module, so what is stored under it can be nothing else.</summary>
/// <param name="state">The skill.</param>
[HubPlacement]
public sealed class SkillGrain([PersistentState("skill", HiveGrains.Storage)] IPersistentState<StoredSkill> state) : Grain, ISkillGrain
{
    private ISkillIndexGrain Index => GrainFactory.GetGrain<ISkillIndexGrain>(ISkillIndexGrain.Key);

    /// <inheritdoc/>
    public async Task<SkillVerdict> AddAsync(SkillPackage skill, string runner)
    {
        SkillRules.Check(skill, this.GetPrimaryKeyString());
        if (state.State.Manifest is { } known)
        {
            // A crash may have come between storing and listing.
            await Index.NoteAsync(known);
            return new SkillVerdict(known.Tests.Length, []);
        }

        var verdict = await GrainFactory.GetGrain<ISkillRunnerGrain>(runner).TestAsync(skill, CancellationToken.None);
        if (verdict.Failures.IsEmpty)
        {
            state.State = new StoredSkill { Manifest = skill.Manifest, Module = [.. skill.Module] };
            await state.WriteStateAsync();
            await Index.NoteAsync(skill.Manifest);
        }

        return verdict;
    }

    /// <inheritdoc/>
    public Task<SkillPackage> GetAsync() => Task.FromResult(new SkillPackage(Required(), ImmutableArray.Create(state.State.Module)));

    /// <inheritdoc/>
    public async Task RemoveAsync()
    {
        var manifest = Required();
        await Index.ForgetAsync(manifest.Address);
        await state.ClearStateAsync();
    }

    private SkillManifest Required() => state.State.Manifest ?? throw new KeyNotFoundException($"there is no skill {this.GetPrimaryKeyString()}");
}

/// <summary>A skill as the hub stores it.</summary>
public sealed class StoredSkill
{
    /// <summary>What it is; absent where there is none.</summary>
    public SkillManifest? Manifest { get; set; }

    /// <summary>The binary module.</summary>
    public byte[] Module { get; set; } = [];
}
