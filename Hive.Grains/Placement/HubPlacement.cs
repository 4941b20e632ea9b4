using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Hive.Placement;

/// <summary>Puts a grain on a hub: authoritative grains live there and nowhere else.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class HubPlacementAttribute() : PlacementFilterAttribute(new HubPlacementStrategy());

/// <summary>The rule behind <see cref="HubPlacementAttribute"/>.</summary>
public sealed class HubPlacementStrategy() : PlacementFilterStrategy(order: 0);

/// <summary>Leaves the silos whose role is hub.</summary>
/// <param name="metadata">What silos say of themselves.</param>
public sealed class HubPlacementDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    /// <inheritdoc/>
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) =>
        silos.Where(silo => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(SiloTags.Role) == SiloTags.Hub);
}
