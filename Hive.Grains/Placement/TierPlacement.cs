using Hive.Agents;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Hive.Placement;

/// <summary>Puts an agent on the silo, of the tier, that its key names (<see cref="AgentKey"/>). Where that silo is gone, so is the agent.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TierPlacementAttribute() : PlacementFilterAttribute(new TierPlacementStrategy());

/// <summary>The rule behind <see cref="TierPlacementAttribute"/>.</summary>
public sealed class TierPlacementStrategy() : PlacementFilterStrategy(order: 0);

/// <summary>Leaves the one silo that the key names; none where the key is no agent's.</summary>
/// <param name="metadata">What silos say of themselves.</param>
public sealed class TierPlacementDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    /// <inheritdoc/>
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) =>
        AgentKey.TryParse(target.GrainIdentity.Key.ToString(), out var key) ? silos.Where(silo => Is(silo, key)) : [];

    private bool Is(SiloAddress silo, AgentKey key)
    {
        var tags = metadata.GetSiloMetadata(silo).Metadata;
        return tags.GetValueOrDefault(SiloTags.Name) == key.Silo && tags.GetValueOrDefault(SiloTags.Tier) == key.Tier;
    }
}
