namespace Hive.Engine;

/// <summary>
/// The clusters of this process by name, where hosts that were built apart meet, as processes on one machine meet by their ports. A cluster is
/// here as long as one of its hosts lives.
/// </summary>
internal sealed class LocalhostClusters
{
    /// <summary>A process has one loopback; nothing but names of living clusters is ever kept here.</summary>
    internal static readonly LocalhostClusters OfProcess = new();

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Membership> _clusters = new(StringComparer.Ordinal);

    internal FabricLease Join(string clusterId, Func<SiloFabric> create)
    {
        lock (_lock)
        {
            if (!_clusters.TryGetValue(clusterId, out var membership)) _clusters.Add(clusterId, membership = new Membership(create()));
            membership.Hosts++;
            return new FabricLease(membership.Fabric, () => Leave(clusterId));
        }
    }

    private void Leave(string clusterId)
    {
        lock (_lock)
        {
            if (!_clusters.TryGetValue(clusterId, out var membership) || --membership.Hosts > 0) return;
            _clusters.Remove(clusterId);
            membership.Fabric.Close();
        }
    }

    private sealed class Membership(SiloFabric fabric)
    {
        public SiloFabric Fabric { get; } = fabric;

        public int Hosts { get; set; }
    }
}
