using Hive.Silos;

namespace Hive.Scheduling;

/// <summary>
/// The silos of one tier and the tasks that wait for them. Silos take turns by weight, interleaved: each has a virtual clock that runs by <c>work / weight</c> with
/// every task, and the next task goes to the silo whose task would be half done first (Webster's rule; the clock is that of start-time fair queueing, Goyal et al. 1996),
/// so that each is within a few tasks of its share at any moment.
/// </summary>
internal sealed class TierLane
{
    private readonly SortedDictionary<string, SiloLoad> _silos = new(StringComparer.Ordinal);
    private readonly PriorityQueue<(SiloLoad Silo, int Version), (double Tag, int Rank)> _offered = new();
    private readonly Dictionary<string, Queue<ScheduledTask>> _sticky = new(StringComparer.Ordinal);
    private readonly Queue<ScheduledTask> _common = new();
    private readonly Queue<ScheduledTask> _again = new();
    private int _joined;
    private int _waiting;
    private double _clock;
    private double _rateOfPromise = 1;
    private double _speed;
    private double _unit = 1;

    public IEnumerable<SiloLoad> Silos => _silos.Values;

    public bool HasSilos => _silos.Count > 0;

    /// <summary>How many tasks wait.</summary>
    public int Waiting => _waiting;

    /// <summary>Takes in who is here.</summary>
    /// <returns>Who is gone.</returns>
    public List<SiloLoad> Observe(IEnumerable<SiloAnnouncement> here)
    {
        var gone = new List<SiloLoad>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var announcement in here)
        {
            names.Add(announcement.Name);
            if (_silos.TryGetValue(announcement.Name, out var known))
            {
                if (known.Silo.Incarnation == announcement.Incarnation)
                {
                    known.Hear(announcement);
                    continue;
                }

                gone.Add(Remove(known));
            }

            _silos[announcement.Name] = new SiloLoad(announcement, _joined++) { Due = _clock };
        }

        gone.AddRange(_silos.Values.Where(silo => !names.Contains(silo.Name)).ToArray().Select(Remove));
        var speeds = _silos.Values.Select(silo => silo.Silo.CoreSpeed).Where(speed => speed > 0).Order().ToArray();
        _speed = speeds.Length > 0 ? speeds[speeds.Length / 2] : 0;
        return gone;
    }

    /// <summary>Lets tasks wait; those of agents that remember, for the silos that they were on, as far as these silos' shares go.</summary>
    /// <param name="tasks">The tasks, in the order of the plan.</param>
    /// <param name="homeOf">The silo that an agent was on; absent where it was on none.</param>
    /// <param name="now">Now.</param>
    public void Offer(IReadOnlyList<ScheduledTask> tasks, Func<int, string?> homeOf, double now)
    {
        if (tasks.Count == 0)
        {
            return;
        }

        Weigh();
        _unit = tasks.Max(task => task.Work);
        var total = _silos.Values.Sum(silo => WeightOf(silo, now));
        var left = _silos.Values.ToDictionary(silo => silo.Name, silo => (int)Math.Ceiling(tasks.Count * WeightOf(silo, now) / total) + 1, StringComparer.Ordinal);
        foreach (var task in tasks)
        {
            _waiting++;
            if (task.Remembers && homeOf(task.Agent) is { } home && left.TryGetValue(home, out var places) && places > 0)
            {
                left[home] = places - 1;
                QueueOf(home).Enqueue(task);
            }
            else
            {
                _common.Enqueue(task);
            }
        }

        OfferAll(now);
    }

    /// <summary>Lets a task wait that was given out before and lost: it comes before all others.</summary>
    public void OfferAgain(ScheduledTask task, double now)
    {
        _again.Enqueue(task);
        _waiting++;
        OfferAll(now);
    }

    /// <summary>Lets every silo that has a place take part again, such as after a pause.</summary>
    public void OfferAll(double now)
    {
        Weigh();
        foreach (var silo in _silos.Values)
        {
            OfferAgain(silo, now);
        }
    }

    /// <summary>Lets a silo take part, if it has a place; what it was too full or too slow to take is not made up for.</summary>
    public void OfferAgain(SiloLoad silo, double now)
    {
        if (silo.IsGone || !silo.HasPlace(now))
        {
            return;
        }

        if (!silo.IsOffered)
        {
            silo.Due = Math.Max(silo.Due, _clock);
        }

        Enqueue(silo, now);
    }

    /// <summary>An attempt of a silo came back: what it did shows the silo's speed.</summary>
    public void Measure(SiloLoad silo, double work, double atWork, double toAnswer)
    {
        var isNews = !silo.IsMeasured;
        silo.Measure(work, atWork, toAnswer);
        if (isNews)
        {
            Weigh();
        }
    }

    /// <summary>The next task and its silo; absent where no task waits, or no silo that could take one has a place.</summary>
    public Assignment? Next(double now)
    {
        while (_waiting > 0 && _offered.TryDequeue(out var offer, out var key))
        {
            var silo = offer.Silo;
            if (offer.Version != silo.Version || silo.IsGone)
            {
                continue;
            }

            if (!silo.HasPlace(now))
            {
                silo.IsOffered = false;
                continue;
            }

            // A silo that has stalled since has a later turn now.
            var tag = TagOf(silo, now);
            if (tag > key.Tag * (1 + 1e-9))
            {
                _offered.Enqueue(offer, (tag, silo.Rank));
                continue;
            }

            if (Take(silo, now) is not { } task)
            {
                silo.IsOffered = false;
                continue;
            }

            return Give(task, silo, now);
        }

        return null;
    }

    /// <summary>Takes back all tasks that wait.</summary>
    public List<ScheduledTask> Withdraw()
    {
        List<ScheduledTask> all = [.. _again, .. _sticky.Values.SelectMany(queue => queue), .. _common];
        _again.Clear();
        _sticky.Clear();
        _common.Clear();
        _waiting = 0;
        return all;
    }

    private Assignment Give(ScheduledTask task, SiloLoad silo, double now)
    {
        var assignment = new Assignment(task, silo, now);
        _clock = Math.Max(_clock, silo.Due);
        silo.Due += task.Work / WeightOf(silo, now);
        silo.Begin(assignment);
        _waiting--;
        silo.IsOffered = false;
        if (silo.HasPlace(now))
        {
            Enqueue(silo, now);
        }

        return assignment;
    }

    private void Enqueue(SiloLoad silo, double now)
    {
        // A turn given at an earlier rate is worth what it would be at the present one, so that nobody waits for a rate that was wrong.
        var step = _unit / WeightOf(silo, now);
        silo.Due = Math.Clamp(silo.Due, _clock - step, _clock + step);
        silo.IsOffered = true;
        _offered.Enqueue((silo, ++silo.Version), (TagOf(silo, now), silo.Rank));
    }

    /// <summary>A task that was lost before, or a silo's own, or one that is anybody's, or one that would wait longer for its own silo than this one takes for it.</summary>
    private ScheduledTask? Take(SiloLoad silo, double now)
    {
        if (_again.TryDequeue(out var task) || (_sticky.TryGetValue(silo.Name, out var own) && own.TryDequeue(out task)) || _common.TryDequeue(out task))
        {
            return task;
        }

        var longest = _sticky.Where(queue => queue.Value.Count > 0).MaxBy(queue => WaitAt(queue.Key, queue.Value, now));
        return longest.Value is { } queue && WaitAt(longest.Key, queue, now) > queue.Peek().Work / WeightOf(silo, now) ? queue.Dequeue() : null;
    }

    /// <summary>How long a silo will take for what waits for it.</summary>
    private double WaitAt(string silo, Queue<ScheduledTask> queue, double now) =>
        _silos.TryGetValue(silo, out var load) && load.PausedUntil <= now ? queue.Count * queue.Peek().Work / WeightOf(load, now) : double.PositiveInfinity;

    private SiloLoad Remove(SiloLoad silo)
    {
        silo.IsGone = true;
        _silos.Remove(silo.Name);
        if (_sticky.Remove(silo.Name, out var tasks))
        {
            foreach (var task in tasks)
            {
                _common.Enqueue(task);
            }
        }

        return silo;
    }

    private Queue<ScheduledTask> QueueOf(string silo) => _sticky.TryGetValue(silo, out var queue) ? queue : _sticky[silo] = new Queue<ScheduledTask>();

    private double TagOf(SiloLoad silo, double now) => silo.Due + (0.5 * _unit / WeightOf(silo, now));

    private double WeightOf(SiloLoad silo, double now) => silo.Weight(silo.IsMeasured ? silo.MeasuredRate : silo.Promise(_speed) * _rateOfPromise, now);

    /// <summary>How much a promise is worth: as much as promises of silos that were measured since.</summary>
    private void Weigh()
    {
        var (rate, promise) = (0.0, 0.0);
        foreach (var silo in _silos.Values)
        {
            if (silo.IsMeasured)
            {
                rate += silo.MeasuredRate;
                promise += silo.Promise(_speed);
            }
        }

        _rateOfPromise = promise > 0 ? rate / promise : 1;
    }
}
