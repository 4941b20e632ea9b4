using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>The calls that are on their way to other processes, so that each ends even if no answer ever comes.</summary>
internal sealed class RemoteCallsInFlight
{
    private readonly Lock _lock = new();
    private List<(GrainCall Call, SiloDescription? Silo)> _calls = [];

    /// <summary>Adds a call to a silo, or to a client if <paramref name="silo"/> is null.</summary>
    internal void Add(GrainCall call, SiloDescription? silo)
    {
        lock (_lock) _calls.Add((call, silo));
    }

    /// <summary>Ends calls whose time is over.</summary>
    internal void Expire(long now) => Keep(call => !call.Call.TryExpire(now));

    /// <summary>Ends calls to silos that are not among <paramref name="silos"/>.</summary>
    internal void LoseAllBut(IEnumerable<SiloDescription> silos)
    {
        var live = silos.Select(silo => silo.Address).ToHashSet();
        Keep(one =>
        {
            if (one.Silo is null || live.Contains(one.Silo.Address)) return true;
            one.Call.Abandon(new SiloUnavailableException($"Silo {one.Silo.Name} ({one.Silo.Address}) is gone."));
            return false;
        });
    }

    private void Keep(Func<(GrainCall Call, SiloDescription? Silo), bool> isKept)
    {
        List<(GrainCall Call, SiloDescription? Silo)> calls;
        lock (_lock)
        {
            calls = _calls;
            _calls = [];
        }

        var kept = calls.FindAll(one => !one.Call.IsSettled && isKept(one));
        lock (_lock) _calls.AddRange(kept);
    }
}
