using Hive.Goals;

namespace Hive.Agents;

/// <summary>What a silo keeps of the goals it works for: each goal read once, its evaluators shared by its attempts, and the silo's places to work, as many as it has cores.</summary>
public sealed class GoalWorkspaces : IAsyncDisposable
{
    /// <summary>How many goals a silo keeps at once; the one that lay still the longest makes way.</summary>
    public const int MaxGoals = 64;

    private static readonly TimeSpan IdleLife = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, GoalWorkspace> _goals = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;

    /// <summary>Makes room for as many attempts at once as the silo has cores.</summary>
    /// <param name="cores">How many attempts run at once, at least 1.</param>
    /// <param name="time">The clock.</param>
    public GoalWorkspaces(int cores, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cores, 1);
        Cores = cores;
        _places = new SemaphoreSlim(cores);
        _time = time;
        _sweep = time.CreateTimer(_ => Sweep(IdleLife), null, IdleLife, IdleLife);
    }

    /// <summary>How many attempts run at once.</summary>
    public int Cores { get; }

    /// <summary>How many more attempts could run right now.</summary>
    public int FreePlaces => _places.CurrentCount;

    /// <summary>How many attempts are here, at work or waiting for a place.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _goals.Values.Sum(goal => goal.InUse);
            }
        }
    }

    /// <summary>The workspace of a goal.</summary>
    /// <param name="goal">The goal.</param>
    /// <exception cref="GoalSpecException">The goal is not valid.</exception>
    public GoalWorkspace Of(GoalBrief goal)
    {
        lock (_gate)
        {
            if (_goals.TryGetValue(goal.Id, out var known) && (ReferenceEquals(known.Brief.Spec, goal.Spec) || known.Brief.Spec == goal.Spec))
            {
                known.Touch(_time.GetTimestamp());
                return known;
            }
        }

        // Read outside the lock: a large goal keeps nobody waiting. Where two come at once, one of the two stays.
        var read = new GoalWorkspace(goal, _places, _time);
        lock (_gate)
        {
            if (_goals.TryGetValue(goal.Id, out var other) && other.Brief.Spec == goal.Spec)
            {
                return other;
            }

            _goals[goal.Id] = read;
        }

        if (_goals.Count > MaxGoals)
        {
            Sweep(TimeSpan.Zero);
        }

        return read;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        GoalWorkspace[] all;
        lock (_gate)
        {
            all = [.. _goals.Values];
            _goals.Clear();
        }

        foreach (var goal in all)
        {
            await goal.DisposeAsync();
        }
    }

    /// <summary>Ends the evaluators of goals that lie still; of too many goals, the one that lay still the longest goes.</summary>
    private void Sweep(TimeSpan idle)
    {
        GoalWorkspace[] gone;
        lock (_gate)
        {
            var still = _goals.Values.Where(goal => !goal.IsInUse && _time.GetElapsedTime(goal.Touched) >= idle).OrderBy(goal => goal.Touched);
            gone = [.. idle == TimeSpan.Zero ? still.Take(Math.Max(0, _goals.Count - MaxGoals)) : still];
            foreach (var goal in gone)
            {
                _goals.Remove(goal.Brief.Id);
            }
        }

        foreach (var goal in gone)
        {
            _ = goal.DisposeAsync().AsTask();
        }
    }
}
