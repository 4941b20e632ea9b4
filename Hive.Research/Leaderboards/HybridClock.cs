namespace Hive.Leaderboards;

/// <summary>
/// A hybrid logical clock: every instant it gives is later than all it gave and all it accepted, and never further than <see cref="MaxAhead"/> ahead of the machine's own clock
/// because of what others say. Safe to use from several threads.
/// </summary>
/// <param name="time">The machine's clock.</param>
public sealed class HybridClock(TimeProvider time)
{
    private readonly Lock _lock = new();
    private ulong _last;

    /// <summary>How far ahead of this machine's clock another's instant may be: 10 s, far above what synchronised clocks differ by and far below what a wrong one does.</summary>
    public static TimeSpan MaxAhead { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The next instant: the machine's time, or where that has not moved on (or was set back) one event after the last.</summary>
    public HybridTimestamp Next()
    {
        var physical = Physical();
        lock (_lock)
        {
            // The counter's overflow carries into the milliseconds, so the order holds however fast events come.
            _last = Math.Max(physical, _last + 1);
            return new HybridTimestamp(_last);
        }
    }

    /// <summary>Takes note of another's instant, so that what comes next here is later than it.</summary>
    /// <param name="seen">The instant.</param>
    /// <returns>False where it is more than <see cref="MaxAhead"/> ahead of this machine's clock: the clock stays as it is, since a wrong clock or a liar must not push it away.</returns>
    public bool TryObserve(HybridTimestamp seen)
    {
        var physical = Physical();
        if (seen.Bits > physical + ((ulong)MaxAhead.TotalMilliseconds << HybridTimestamp.CounterBits))
        {
            return false;
        }

        lock (_lock)
        {
            _last = Math.Max(_last, seen.Bits);
        }

        return true;
    }

    private ulong Physical() => (ulong)Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds()) << HybridTimestamp.CounterBits;
}
