namespace Hive.Testing;

/// <summary>
/// A clock that stands still until it is told to go on: time-outs strike when the test says so, however slow the machine is. Pauses of up to
/// <see cref="Instant"/> (between two tries) are over at once.
/// </summary>
public sealed class ManualClock : TimeProvider
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly List<Alarm> _alarms = [];
    private readonly List<(TimeSpan Least, TimeSpan Most, TaskCompletionSource Seen)> _awaited = [];
    private TimeSpan _now;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Now.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Lets time pass, and everything happen that was due in it.</summary>
    /// <param name="time">How much.</param>
    public void Advance(TimeSpan time)
    {
        Alarm[] due;
        lock (_lock)
        {
            _now += time;
            due = [.. _alarms.Where(alarm => alarm.Due <= _now)];
            _alarms.RemoveAll(due.Contains);
        }

        Array.ForEach(due, alarm => alarm.Ring());
    }

    /// <summary>Completes when a time-out or a wait of a length between two bounds has been set.</summary>
    /// <param name="least">The shortest.</param>
    /// <param name="most">The longest.</param>
    public Task AlarmAsync(TimeSpan least, TimeSpan most)
    {
        lock (_lock)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_alarms.Any(alarm => alarm.Due - _now >= least && alarm.Due - _now <= most))
            {
                seen.SetResult();
            }
            else
            {
                _awaited.Add((least, most, seen));
            }

            return seen.Task;
        }
    }

    private TimeSpan Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    private void Set(Alarm alarm, TimeSpan after)
    {
        lock (_lock)
        {
            _alarms.Remove(alarm);
            if (after >= TimeSpan.Zero && after <= Instant)
            {
                ThreadPool.QueueUserWorkItem(_ => alarm.Ring());
            }
            else if (after != Timeout.InfiniteTimeSpan)
            {
                alarm.Due = _now + after;
                _alarms.Add(alarm);
                foreach (var (_, _, seen) in _awaited.Where(awaited => after >= awaited.Least && after <= awaited.Most))
                {
                    seen.TrySetResult();
                }
            }
        }
    }

    private sealed class Alarm(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Set(this, dueTime);
            return true;
        }

        public void Dispose() => clock.Set(this, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
