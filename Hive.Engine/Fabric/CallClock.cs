namespace Hive.Engine;

/// <summary>
/// A clock that is read for every call, so it costs one memory read: it moves on with every sweep. Deadlines get one period more than asked
/// for, so that nobody is told of a time-out too early.
/// </summary>
internal sealed class CallClock(TimeProvider timeProvider)
{
    private readonly long _start = timeProvider.GetTimestamp();
    private long _now;
    private long _period = TimeSpan.TicksPerSecond;

    /// <summary>Since the clock was made, in ticks of 100 ns, as of the last sweep.</summary>
    internal long Now => Volatile.Read(ref _now);

    internal TimeSpan Period
    {
        get => new(Volatile.Read(ref _period));
        set => Volatile.Write(ref _period, value.Ticks);
    }

    internal long MoveOn()
    {
        var now = Math.Max(1, timeProvider.GetElapsedTime(_start).Ticks);
        Volatile.Write(ref _now, now);
        return now;
    }

    internal long DeadlineAfter(TimeSpan timeout) =>
        timeout == Timeout.InfiniteTimeSpan || timeout.Ticks >= long.MaxValue / 2 ? long.MaxValue : Math.Max(1, Now + timeout.Ticks + Volatile.Read(ref _period));
}
