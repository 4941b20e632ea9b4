using Hive.Scheduling;
using Hive.Silos;

namespace Hive.Goals;

/// <summary>A goal's view of the silos: looks at the registry, keeps the scheduler told, and records what the goal waits for.</summary>
internal sealed class SiloWatch
{
    /// <summary>What a goal waits for where any silo would do.</summary>
    public const string NoSilo = "no silo is here";

    private readonly GoalProgress _goal;
    private readonly GoalJournal _journal;
    private readonly IGrainFactory _grains;
    private readonly long _began;
    private string? _told;

    public SiloWatch(GoalProgress goal, GoalJournal journal, IGrainFactory grains, TimeProvider time)
    {
        (_goal, _journal, _grains, Time) = (goal, journal, grains, time);
        _began = time.GetTimestamp();
        _told = goal.Waiting;
    }

    /// <summary>How often the registry is looked at while something runs: a part of the time in which a silo that died must have been replaced.</summary>
    public static TimeSpan LookEvery { get; } = TimeSpan.FromMilliseconds(250);

    public TimeProvider Time { get; }

    public SiloScheduler Scheduler { get; } = new();

    /// <summary>Seconds on the scheduler's clock.</summary>
    public double Now => Time.GetElapsedTime(_began).TotalSeconds;

    /// <summary>What the goal's deadline leaves, in seconds; below 0 once it is over, absent where there is none.</summary>
    public double? SecondsLeft => _goal.Spec.Budget.Seconds - _goal.Seconds - (RoundBegan is { } began ? Now - began : 0);

    /// <summary>When the round that is under way began, on the scheduler's clock: the goal's own seconds count whole rounds.</summary>
    public double? RoundBegan { get; set; }

    /// <summary>Looks at who is here.</summary>
    /// <returns>What was under way on silos that are gone.</returns>
    public async Task<List<Assignment>> LookAsync()
    {
        try
        {
            return Scheduler.Observe(await _grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).ListAsync(), Now);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // A registry that does not answer says nothing of who is gone; it is asked again soon.
            return [];
        }
    }

    /// <summary>The silo to ask a single thing of.</summary>
    public SiloLoad? Idlest() => Scheduler.Idlest(_goal.Spec.Tiers.IsEmpty ? Tiers.All : _goal.Spec.Tiers, Now);

    /// <summary>Records what the goal waits for, where that has changed.</summary>
    /// <param name="tiers">The tiers of which no silo is here; an empty text where any would do.</param>
    public void TellMissing(IEnumerable<string> tiers)
    {
        var missing = tiers.Select(tier => tier.Length == 0 ? NoSilo : $"no silo of tier {tier} is here").ToArray();
        TellWaiting(missing.Length == 0 ? null : string.Join("; ", missing));
    }

    /// <summary>Records what the goal waits for, where that has changed; absent: nothing.</summary>
    public void TellWaiting(string? what)
    {
        if (what != _told)
        {
            _told = what;
            _journal.Record(new GoalWaits(what));
        }
    }
}
