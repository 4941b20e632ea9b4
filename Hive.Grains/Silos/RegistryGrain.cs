using Hive.Placement;

namespace Hive.Silos;

/// <summary>
/// The silos that are here. An announcement holds for as long as it says; what is not renewed is gone.
/// The state is in memory alone: silos announce themselves again within seconds of a hub's start.
/// </summary>
/// <param name="time">The clock announcements expire by.</param>
[HubPlacement]
public sealed class RegistryGrain(TimeProvider time) : Grain, IRegistryGrain
{
    /// <summary>How many silos one hub takes in.</summary>
    public const int MaxSilos = 100_000;

    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    private readonly SortedDictionary<string, (SiloAnnouncement Said, long Until)> _silos = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task AnnounceAsync(SiloAnnouncement announcement)
    {
        Check(announcement);
        Forget();
        if (_silos.Count >= MaxSilos && !_silos.ContainsKey(announcement.Name))
        {
            throw new InvalidOperationException($"this hub has taken in {MaxSilos:N0} silos, which is as many as it takes");
        }

        var life = Math.Min(announcement.SecondsToLive, LongestLife.TotalSeconds);
        _silos[announcement.Name] = (announcement, time.GetTimestamp() + (long)(life * time.TimestampFrequency));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task LeaveAsync(string silo)
    {
        _silos.Remove(silo);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<SiloAnnouncement[]> ListAsync()
    {
        Forget();
        return Task.FromResult(_silos.Values.Select(silo => silo.Said).ToArray());
    }

    private static void Check(SiloAnnouncement announcement)
    {
        if (!Tiers.All.Contains(announcement.Tier))
        {
            throw new ArgumentException($"'{announcement.Tier}' is no tier; a silo is of {string.Join(", ", Tiers.All)}");
        }

        if (announcement.Name.Length is 0 or > 100 || announcement.Name.AsSpan().IndexOfAny("@/ ") >= 0)
        {
            throw new ArgumentException($"'{announcement.Name}' is no name for a silo: 1 to 100 characters without '@', '/' and spaces");
        }

        if (announcement.Cores is < 1 or > 100_000 || !(announcement.SecondsToLive > 0))
        {
            throw new ArgumentException($"silo '{announcement.Name}' announces {announcement.Cores} cores for {announcement.SecondsToLive} s; both must be above 0");
        }
    }

    private void Forget()
    {
        var now = time.GetTimestamp();
        foreach (var name in _silos.Where(silo => silo.Value.Until <= now).Select(silo => silo.Key).ToArray())
        {
            _silos.Remove(name);
        }
    }
}
