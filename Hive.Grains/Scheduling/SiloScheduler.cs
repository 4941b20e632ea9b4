using Hive.Silos;

namespace Hive.Scheduling;

/// <summary>
/// Gives a goal's tasks to silos of their tier, the faster ones proportionally more, and never more to one than it has places; the rest waits here, which is a cheaper queue.
/// An agent that remembers goes back to the silo where it was, unless that is slow, stalled or gone. Given the same events it decides the same; it knows no grain and no clock.
/// </summary>
/// <remarks>Times are seconds on any clock that never goes back.</remarks>
internal sealed class SiloScheduler
{
    /// <summary>The most attempts of one goal under way at once.</summary>
    public const int MaxUnderWay = 16_384;

    /// <summary>After how many further announcements a silo that says it runs nothing has lost what it was given.</summary>
    private const int AnnouncementsToMiss = 3;

    private readonly Dictionary<string, TierLane> _lanes = Tiers.All.ToDictionary(tier => tier, _ => new TierLane(), StringComparer.Ordinal);
    private readonly Dictionary<int, string> _homes = [];
    private readonly List<ScheduledTask> _homeless = [];
    private int _underWay;

    /// <summary>How many attempts are under way.</summary>
    public int UnderWay => _underWay;

    /// <summary>Whether any silo is here.</summary>
    public bool HasSilos => _lanes.Values.Any(lane => lane.HasSilos);

    /// <summary>What tasks wait for that no silo is here for: tiers, or an empty text where any silo would do.</summary>
    public IEnumerable<string> Missing
    {
        get
        {
            foreach (var (tier, lane) in _lanes)
            {
                if (lane.Waiting > 0 && !lane.HasSilos)
                {
                    yield return tier;
                }
            }

            if (_homeless.Count > 0)
            {
                yield return "";
            }
        }
    }

    /// <summary>Takes in who is here.</summary>
    /// <returns>What was under way on silos that are gone, or that have lost it: it had better run elsewhere too.</returns>
    public List<Assignment> Observe(IReadOnlyCollection<SiloAnnouncement> here, double now)
    {
        var orphans = new List<Assignment>();
        foreach (var (tier, lane) in _lanes)
        {
            foreach (var gone in lane.Observe(here.Where(silo => silo.Tier == tier)))
            {
                orphans.AddRange(gone.UnderWay);
            }

            orphans.AddRange(lane.Silos.Where(HasNothing).SelectMany(silo => silo.UnderWay).Where(IsLost));
            lane.OfferAll(now);
            Unsettle(lane, now);
        }

        if (_homeless.Count > 0 && HasSilos)
        {
            var tasks = _homeless.ToArray();
            _homeless.Clear();
            Offer(tasks, now);
        }

        return orphans;
    }

    /// <summary>Lets tasks wait for their turn.</summary>
    /// <param name="tasks">The tasks, in the order of the plan.</param>
    /// <param name="now">Now.</param>
    public void Offer(IReadOnlyList<ScheduledTask> tasks, double now)
    {
        var cheapest = Tiers.All.FirstOrDefault(tier => _lanes[tier].HasSilos);
        foreach (var group in tasks.GroupBy(task => task.Tier ?? cheapest))
        {
            if (group.Key is { } tier)
            {
                _lanes[tier].Offer([.. group], agent => _homes.GetValueOrDefault(agent), now);
            }
            else
            {
                _homeless.AddRange(group);
            }
        }
    }

    /// <summary>Lets a task wait again that was lost with its silo, before all others.</summary>
    public void OfferAgain(Assignment lost, double now)
    {
        var lane = LaneOf(lost);
        if (lost.Task.Tier is null && !lane.HasSilos)
        {
            Offer([lost.Task], now);
        }
        else
        {
            lane.OfferAgain(lost.Task, now);
        }
    }

    /// <summary>The next task and its silo; absent where there is no task, or no place.</summary>
    public Assignment? Next(double now)
    {
        if (_underWay >= MaxUnderWay)
        {
            return null;
        }

        foreach (var lane in _lanes.Values)
        {
            if (lane.Next(now) is { } assignment)
            {
                _underWay++;
                _homes[assignment.Task.Agent] = assignment.Silo.Name;
                return assignment;
            }
        }

        return null;
    }

    /// <summary>An attempt came back.</summary>
    /// <param name="assignment">Which.</param>
    /// <param name="work">How much was done.</param>
    /// <param name="atWork">How long the silo says it was at work, in seconds.</param>
    /// <param name="now">Now.</param>
    public void Finish(Assignment assignment, double work, double atWork, double now)
    {
        LaneOf(assignment).Measure(assignment.Silo, work, atWork, now - assignment.Began);
        End(assignment, now);
    }

    /// <summary>An attempt was given up: it failed on its own account, or nobody wants it any more.</summary>
    public void End(Assignment assignment, double now)
    {
        _underWay--;
        assignment.Silo.End(assignment);
        LaneOf(assignment).OfferAgain(assignment.Silo, now);
    }

    /// <summary>An attempt was lost: its silo did not answer, or answered wrongly. It gets nothing for a moment.</summary>
    public void Lose(Assignment assignment, double now)
    {
        assignment.Silo.Pause(now);
        End(assignment, now);
    }

    /// <summary>Tasks that wait are not wanted any more.</summary>
    public void Withdraw()
    {
        _homeless.Clear();
        foreach (var lane in _lanes.Values)
        {
            lane.Withdraw();
        }
    }

    /// <summary>The silo to ask a single thing of: of the cheapest tier, the one with the least under way, the first of equals.</summary>
    /// <param name="tiers">The tiers that will do.</param>
    /// <param name="now">Now.</param>
    public SiloLoad? Idlest(IReadOnlyCollection<string> tiers, double now) =>
        Tiers.All.Where(tiers.Contains).Select(tier => _lanes[tier].Silos.Where(silo => silo.PausedUntil <= now).MinBy(silo => silo.Outstanding)).FirstOrDefault(silo => silo is not null);

    /// <summary>Where the last silo of a tier is gone, what may run on any tier goes to another.</summary>
    private void Unsettle(TierLane lane, double now)
    {
        if (!lane.HasSilos && lane.Waiting > 0)
        {
            var tasks = lane.Withdraw();
            _homeless.AddRange(tasks.Where(task => task.Tier is null));
            lane.Offer([.. tasks.Where(task => task.Tier is not null)], _ => null, now);
        }
    }

    private static bool HasNothing(SiloLoad silo) => silo is { Outstanding: > 0, Silo.RunningAgents: 0 };

    private static bool IsLost(Assignment assignment) => assignment.Silo.Silo.Sequence >= assignment.Sequence + AnnouncementsToMiss;

    private TierLane LaneOf(Assignment assignment) => _lanes[assignment.Silo.Silo.Tier];
}
