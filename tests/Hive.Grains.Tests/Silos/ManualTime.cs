namespace Hive.Grains.Tests.Silos;

/// <summary>A clock that stands until it is moved. Its time of day and its monotonic time move apart when asked to.</summary>
internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => (_ticks, _now) = (_ticks + by.Ticks, _now + by);

    /// <summary>Somebody sets the clock on the wall.</summary>
    public void Set(TimeSpan by) => _now += by;
}
