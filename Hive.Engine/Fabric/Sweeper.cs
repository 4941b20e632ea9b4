namespace Hive.Engine;

/// <summary>
/// Looks, at intervals, at the activations that have been busy since it looked last: tells callers that have waited too long, looks for deadlocks,
/// and collects what has been idle for long. Calls need no timers of their own, and a grain that does nothing costs a sweep nothing.
/// </summary>
internal sealed class Sweeper : IDisposable
{
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(10);

    private readonly SiloFabric _fabric;
    private readonly ITimer _timer;
    private readonly Lock _sweeping = new();
    private readonly Lock _watching = new();
    private List<Activation> _watched = [];
    private List<Activation> _spare = [];
    private bool _isStarted;

    internal Sweeper(SiloFabric fabric, TimeProvider timeProvider)
    {
        _fabric = fabric;
        _timer = timeProvider.CreateTimer(static state => ((Sweeper)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    internal void AtLeastEvery(TimeSpan period)
    {
        lock (_watching)
        {
            var wanted = period < ShortestPeriod ? ShortestPeriod : period;
            if (_isStarted && wanted >= _fabric.Clock.Period) return;
            if (wanted < _fabric.Clock.Period) _fabric.Clock.Period = wanted;
            _isStarted = true;
            _fabric.Clock.MoveOn();
            _timer.Change(_fabric.Clock.Period, _fabric.Clock.Period);
        }
    }

    internal void Watch(Activation activation)
    {
        if (!activation.TryMarkWatched()) return;
        lock (_watching) _watched.Add(activation);
    }

    internal void Sweep()
    {
        if (!_sweeping.TryEnter()) return;
        try
        {
            var now = _fabric.Clock.MoveOn();
            List<Activation> watched;
            lock (_watching)
            {
                watched = _watched;
                _watched = _spare;
            }

            var deadlocks = new DeadlockScan();
            foreach (var activation in watched)
            {
                if (activation.IsBusy)
                {
                    foreach (var call in activation.CallsInSight())
                    {
                        call.TryExpire(now);
                        deadlocks.Add(call);
                    }
                }

                Unwatch(activation, now);
            }

            watched.Clear();
            _spare = watched;
            deadlocks.Report();
            _fabric.InFlight.Expire(now);
            Collect(now);
        }
        finally
        {
            _sweeping.Exit();
        }
    }

    private void Unwatch(Activation activation, long now)
    {
        if (activation.IsDead) return;
        activation.NoteUse(now);
        activation.ClearWatched();
        if (activation.IsBusy)
        {
            Watch(activation);
        }
        else if (activation.Owner is Silo && activation.TryMarkQueued())
        {
            activation.Class.IdleQueue.Enqueue(activation);
        }
    }

    private void Collect(long now)
    {
        foreach (var entry in _fabric.View.Silos)
        {
            if (entry.Local is not { } silo) continue;
            var age = silo.CollectionOptions.CollectionAge.Ticks;
            foreach (var grainClass in silo.Classes)
            {
                grainClass.ForgetDead();
                Collect(grainClass.IdleQueue, age, now);
            }
        }
    }

    private static void Collect(Queue<Activation> queue, long age, long now)
    {
        for (var left = queue.Count; left > 0 && queue.TryPeek(out var activation) && activation.IdleSince + age <= now; left--)
        {
            queue.Dequeue();
            activation.ClearQueued();

            // One that is watched again comes back here when it has become idle.
            if (activation.IsWatched) continue;
            if (activation.KeptUntil > now)
            {
                if (activation.TryMarkQueued()) queue.Enqueue(activation);
            }
            else
            {
                activation.LeaveIfIdle();
            }
        }
    }
}
