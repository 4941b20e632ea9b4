using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Hive.Engine;

/// <summary>A silo of the cluster: of this process, or out there.</summary>
internal sealed record SiloEntry(SiloDescription Description, Silo? Local, bool TakesActivations)
{
    internal bool IsHub => Description.Metadata.Metadata.TryGetValue("role", out var role) && role == "hub";
}

/// <summary>
/// The silos at one moment, in the order of preference: hubs first, then the older before the younger. The first that may host a grain, by its
/// class's placement filters, does.
/// </summary>
internal sealed class SiloView
{
    internal static readonly SiloView Empty = new([]);

    private readonly SiloEntry[] _silos;
    private readonly Dictionary<SiloAddress, int> _ranks = [];

    private SiloView(IEnumerable<SiloEntry> silos)
    {
        _silos =
        [
            .. silos.OrderByDescending(silo => silo.IsHub)
                .ThenBy(silo => silo.Description.StartedAt)
                .ThenBy(silo => silo.Local?.JoinNumber ?? long.MaxValue)
                .ThenBy(silo => silo.Description.Name, StringComparer.Ordinal),
        ];
        for (var rank = 0; rank < _silos.Length; rank++) _ranks[_silos[rank].Description.Address] = rank;
    }

    internal IReadOnlyList<SiloEntry> Silos => _silos;

    internal SiloView With(Silo? changed, IReadOnlyList<SiloDescription> remote)
    {
        var locals = _silos.Where(silo => silo.Local is not null && !ReferenceEquals(silo.Local, changed));
        if (changed is not null && changed.Status is not SiloStatus.Dead)
        {
            locals = locals.Append(new SiloEntry(changed.Description, changed, changed.Status == SiloStatus.Active));
        }

        return new SiloView(locals.Concat(remote.Select(description => new SiloEntry(description, null, true))));
    }

    internal SiloEntry? Find(SiloAddress address) => _ranks.TryGetValue(address, out var rank) ? _silos[rank] : null;

    /// <summary>The silo on which a grain that is not active is to live.</summary>
    /// <exception cref="OrleansException">There is none.</exception>
    internal SiloEntry Choose(GrainId grainId, Silo? caller)
    {
        GrainClass? grainClass = null;
        Silo? judge = null;
        SiloEntry? first = null;
        foreach (var silo in _silos)
        {
            if (!silo.TakesActivations || !CanHost(silo, grainId)) continue;
            first ??= silo;
            if (silo.Local is { } local && (judge is null || ReferenceEquals(local, caller)))
            {
                judge = local;
                grainClass = local.ClassOf(grainId.Type);
            }

            if (judge is not null && (caller is null || ReferenceEquals(judge, caller))) break;
        }

        if (first is null) throw NoSilo(grainId);
        if (grainClass is null) return first;
        if (grainClass.MaxWorkers > 0 && ReferenceEquals(judge, caller)) return Find(judge!.Address)!;
        return grainClass.Filters.Count == 0 ? first : Filter(grainId, grainClass, judge!);
    }

    private static bool CanHost(SiloEntry silo, GrainId grainId) =>
        silo.Local?.ClassOf(grainId.Type) is not null || (silo.Local is null && silo.Description.GrainTypes.Contains(grainId.Type));

    private SiloEntry Filter(GrainId grainId, GrainClass grainClass, Silo judge)
    {
        IEnumerable<SiloAddress> left = _silos.Where(silo => silo.TakesActivations && CanHost(silo, grainId)).Select(silo => silo.Description.Address);
        foreach (var strategy in grainClass.Filters) left = judge.DirectorOf(strategy).Filter(strategy, new PlacementTarget(grainId), left);

        // A filter need not keep the order.
        var best = int.MaxValue;
        foreach (var address in left)
        {
            if (_ranks.TryGetValue(address, out var rank) && rank < best) best = rank;
        }

        return best < _silos.Length ? _silos[best] : throw NoSiloLeft(grainId, grainClass.Filters);
    }

    private OrleansException NoSilo(GrainId grainId) => new(
        _silos.Any(silo => silo.TakesActivations)
            ? $"None of the {_silos.Length} live silos has a grain class for {grainId}."
            : $"No silo is live that could host {grainId}.");

    private OrleansException NoSiloLeft(GrainId grainId, IReadOnlyList<PlacementFilterStrategy> filters) => new(
        $"No live silo may host {grainId}: of {_silos.Length} its placement filters ({string.Join(", ", filters.Select(filter => filter.GetType().Name))}) left none.");
}
