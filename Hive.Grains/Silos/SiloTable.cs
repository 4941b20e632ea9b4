namespace Hive.Silos;

/// <summary>
/// Who is here: each announcement holds for as long as it says, by this clock alone; what is not renewed is gone. An announcement costs one look-up,
/// and who is gone is found when the table is read.
/// </summary>
/// <param name="time">The clock announcements expire by; its monotonic time alone is used.</param>
/// <param name="mostSilos">How many silos are taken in.</param>
internal sealed class SiloTable(TimeProvider time, int mostSilos)
{
    /// <summary>How many announcements a second a hub asks for: with more silos than that, each announces itself less often.</summary>
    private const double AnnouncementsPerSecond = 200;

    private const double ShortestPeriod = 1;
    private const double LongestPeriod = 60;
    private const double PeriodsToLive = 2.5;

    private readonly Dictionary<string, Entry> _silos = new(StringComparer.Ordinal);
    private SiloAnnouncement[]? _list;
    private long _listUntil;

    /// <summary>Takes an announcement in.</summary>
    /// <returns>What is asked of the silo from now on.</returns>
    /// <exception cref="SiloRefusedException">It is out of bounds, or another life of the silo is here, or there is no room.</exception>
    public AnnouncementTerms Announce(SiloAnnouncement announcement)
    {
        var said = AnnouncementRules.Checked(announcement);
        var now = time.GetTimestamp();
        var until = now + (long)(said.SecondsToLive * time.TimestampFrequency);
        if (_silos.TryGetValue(said.Name, out var known) && known.Until > now)
        {
            RequireSameLife(known, said, now);

            // The later expiry wins, and what an announcement that was overtaken on its way says is old.
            until = Math.Max(until, known.Until);
            said = said.Sequence >= known.Said.Sequence ? said : known.Said;
        }
        else
        {
            RequireRoom(said.Name);
        }

        _silos[said.Name] = new Entry(said, until);
        _list = null;
        return Terms();
    }

    /// <summary>Takes a silo out, if it is that life that is here.</summary>
    public void Leave(string silo, string incarnation)
    {
        if (_silos.TryGetValue(silo, out var known) && known.Said.Incarnation == incarnation)
        {
            _silos.Remove(silo);
            _list = null;
        }
    }

    /// <summary>Who is here, by name.</summary>
    public SiloAnnouncement[] List()
    {
        var now = time.GetTimestamp();
        if (_list is null || _listUntil <= now)
        {
            Forget(now);
            _list = [.. _silos.Values.Select(silo => silo.Said)];
            Array.Sort(_list, (a, b) => string.CompareOrdinal(a.Name, b.Name));
            _listUntil = _silos.Count == 0 ? long.MaxValue : _silos.Values.Min(silo => silo.Until);
        }

        return _list;
    }

    private AnnouncementTerms Terms()
    {
        var every = Math.Clamp(_silos.Count / AnnouncementsPerSecond, ShortestPeriod, LongestPeriod);
        return new AnnouncementTerms(every, every * PeriodsToLive);
    }

    private void RequireSameLife(Entry known, SiloAnnouncement said, long now)
    {
        if (known.Said.Incarnation == said.Incarnation)
        {
            return;
        }

        var left = time.GetElapsedTime(now, known.Until).TotalSeconds;
        throw new SiloRefusedException(
            $"another silo named '{said.Name}' is alive; give this one another name with --name, or stop the other ({left:F1} s after its last word the name is free)")
        { SecondsToWait = left };
    }

    private void RequireRoom(string name)
    {
        if (_silos.Count >= mostSilos && !_silos.ContainsKey(name))
        {
            Forget(time.GetTimestamp());
        }

        if (_silos.Count >= mostSilos && !_silos.ContainsKey(name))
        {
            throw new SiloRefusedException($"this hub has taken in {mostSilos:N0} silos, which is as many as it takes; start another hub");
        }
    }

    private void Forget(long now)
    {
        foreach (var (name, silo) in _silos)
        {
            if (silo.Until <= now)
            {
                _silos.Remove(name);
            }
        }
    }

    private readonly record struct Entry(SiloAnnouncement Said, long Until);
}
