using Orleans;
using Orleans.Runtime;

namespace Hive.Engine;

/// <inheritdoc/>
[GrainType("sys.management")]
internal sealed class ManagementGrain : Grain, IManagementGrain
{
    private SiloFabric Fabric => ((Activation)GrainContext).Owner.Fabric;

    public Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false) => Task.FromResult(
        Fabric.View.Silos.Where(silo => !onlyActive || silo.TakesActivations)
            .ToDictionary(silo => silo.Description.Address, silo => silo.Local?.Status ?? SiloStatus.Active));

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics() => Task.FromResult(Statistics(LocalSilos()));

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds)
    {
        ArgumentNullException.ThrowIfNull(hostsIds);
        return Task.FromResult(Statistics(LocalSilos().Where(silo => hostsIds.Contains(silo.Address))));
    }

    public Task<int> GetTotalActivationCount() => Task.FromResult(LocalSilos().Sum(silo => silo.Activations().Count));

    public Task ForceActivationCollection(TimeSpan ageLimit) => Collect(LocalSilos(), ageLimit);

    public Task ForceActivationCollection(SiloAddress[] hostsIds, TimeSpan ageLimit)
    {
        ArgumentNullException.ThrowIfNull(hostsIds);
        return Collect(LocalSilos().Where(silo => hostsIds.Contains(silo.Address)), ageLimit);
    }

    private static SimpleGrainStatistic[] Statistics(IEnumerable<Silo> silos) =>
    [
        .. silos.SelectMany(silo => silo.Activations()
            .GroupBy(activation => activation.Class.Type)
            .Select(group => new SimpleGrainStatistic
            {
                GrainType = group.Key.FullName ?? group.Key.Name,
                SiloAddress = silo.Address,
                ActivationCount = group.Count(),
            })),
    ];

    private IEnumerable<Silo> LocalSilos() => Fabric.View.Silos.Where(silo => silo.Local is not null).Select(silo => silo.Local!);

    private Task Collect(IEnumerable<Silo> silos, TimeSpan ageLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ageLimit, TimeSpan.Zero);
        var now = Fabric.Clock.MoveOn();
        foreach (var activation in silos.SelectMany(silo => silo.Activations()))
        {
            if (ReferenceEquals(activation, GrainContext)) continue;
            activation.LeaveIfIdleSince(now - ageLimit.Ticks);
        }

        return Task.CompletedTask;
    }
}
