using System.Runtime.ExceptionServices;
using Hive.Agents;
using Hive.Silos;

namespace Hive.Goals;

/// <summary>One round while it is dispatched: where its attempts go, how many at once, and which of them are still wanted.</summary>
internal sealed class RoundDispatch : IDisposable
{
    /// <summary>The most attempts under way at once; the rest wait in the plan, which is a cheaper queue.</summary>
    private const int MaxInFlight = 4096;

    private readonly GoalProgress _goal;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stop;
    private readonly GoalBrief _brief;
    private readonly bool _isLast;
    private readonly long _began;
    private readonly Dictionary<int, CancellationTokenSource>? _cancellations;
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private SiloAnnouncement[] _silos = [];
    private int _cores;
    private int _reached = int.MaxValue;
    private int _underWay;
    private TaskCompletionSource? _allEnded;
    private Exception? _failure;

    public RoundDispatch(SiloAnnouncement[] silos, GoalProgress goal, TimeProvider time, CancellationToken stop)
    {
        _goal = goal;
        _time = time;
        _stop = stop;
        _began = time.GetTimestamp();
        Silos = silos;
        _brief = new GoalBrief(goal.Id, goal.SpecJson);
        _isLast = goal.IsLastRound;
        _cancellations = goal.Spec.Metric.Target is null ? null : [];
    }

    public SemaphoreSlim Window { get; } = new(MaxInFlight);

    /// <summary>An attempt is under way. Attempts are counted, not kept: of a hundred thousand that have ended, nothing stays in memory.</summary>
    public void Begin() => _underWay++;

    /// <summary>An attempt has ended.</summary>
    public void End()
    {
        Window.Release();
        if (--_underWay == 0)
        {
            _allEnded?.SetResult();
        }
    }

    /// <summary>Something broke that is more than an attempt's own failure; the round ends with the first such thing.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    /// <summary>Completes when no attempt is under way any more.</summary>
    public async Task WhenAllEndedAsync()
    {
        if (_underWay > 0)
        {
            _allEnded = new TaskCompletionSource();
            await _allEnded.Task;
        }

        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }


    public SiloAnnouncement[] Silos
    {
        get => _silos;
        set => (_silos, _cores) = (value, value.Sum(silo => silo.Cores));
    }

    /// <summary>The attempt as its agent gets it.</summary>
    public ExplorationAttempt AttemptFor(ExplorationTask task) => new(_brief, task, SecondsLeft, _isLast);

    /// <summary>What the goal's deadline leaves, in seconds.</summary>
    private double? SecondsLeft =>
        _goal.Spec.Budget.Seconds is { } seconds ? Math.Max(0, seconds - _goal.Seconds - _time.GetElapsedTime(_began).TotalSeconds) : null;

    /// <summary>The agent for a task: each silo has its share of the goal's agents by its cores, and the same one from round to round, so that memories stay of use.</summary>
    public string AgentOf(ExplorationTask task)
    {
        var place = task.Agent % _cores;
        var at = 0;
        while (place >= _silos[at].Cores)
        {
            place -= _silos[at++].Cores;
        }

        return $"{_silos[at].Tier}@{_silos[at].Name}/{_goal.Id}-{task.Agent}";
    }

    /// <summary>Whether an attempt's result is still wanted.</summary>
    public bool IsWanted(ExplorationTask task) => !_stop.IsCancellationRequested && task.Index <= _reached;

    /// <summary>Cancels an attempt when the goal stops, or when an attempt before it has reached the target.</summary>
    public CancellationToken CancellationOf(ExplorationTask task)
    {
        if (_cancellations is null)
        {
            return _stop;
        }

        if (!_cancellations.TryGetValue(task.Index, out var source))
        {
            _cancellations[task.Index] = source = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        }

        return source.Token;
    }

    /// <summary>Gives an agent's silo up for this round and looks for others. Where no other is here, the silos that were given up are asked again.</summary>
    public async Task LoseAsync(string agent, Func<CancellationToken, Task<SiloAnnouncement[]>> silos)
    {
        _lost.Add(AgentKey.TryParse(agent, out var key) ? key.Silo : agent);
        var here = await silos(_stop);
        var left = here.Where(silo => !_lost.Contains(silo.Name)).ToArray();
        if (left.Length == 0)
        {
            _lost.Clear();
        }

        Silos = left.Length == 0 ? here : left;
    }

    /// <summary>
    /// Once an attempt reaches the target, those after it in the plan are not wanted any more. Those before it are: they would have come first
    /// had all run one after the other, and so the same seed yields the same winner however attempts are scheduled.
    /// </summary>
    public void Heed(ExplorationTask task, ExplorationResult result)
    {
        if (_cancellations is null || task.Index >= _reached || !_goal.ReachesTarget(result))
        {
            return;
        }

        _reached = task.Index;
        foreach (var (_, source) in _cancellations.Where(attempt => attempt.Key > _reached).ToArray())
        {
            source.Cancel();
        }
    }

    public void Dispose()
    {
        Window.Dispose();
        foreach (var source in _cancellations?.Values ?? Enumerable.Empty<CancellationTokenSource>())
        {
            source.Dispose();
        }
    }
}
