using System.Collections.Immutable;
using Hive.Explorers;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Planning;

/// <summary>
/// The built-in planner of a metric goal: it forks the search over the goal's explorer agents round by round, keeps the elites of what they bring back, and gives more slices
/// to the strategies that pay. Its state is a function of the goal and of what was recorded, so that a replay of the records rebuilds it.
/// </summary>
/// <remarks>A round is <see cref="Fork"/>, one <see cref="Record"/> a task in the order of the tasks, and <see cref="Close"/>.</remarks>
public sealed class MetricPlanner
{
    private const int ArchiveSize = 32;
    private const int MostBarrenRounds = 3;

    private readonly GoalSpec _spec;
    private readonly EliteList _archive;
    private readonly StrategyBandit _bandit;
    private readonly SlicePlan _slices;
    private ImmutableArray<ExplorationTask> _tasks;
    private int _recorded;
    private int _barren;
    private Score _before = Score.Worst;

    /// <summary>A planner that has seen nothing yet.</summary>
    /// <param name="spec">The goal, valid.</param>
    /// <param name="space">Its space, laid out.</param>
    public MetricPlanner(GoalSpec spec, SearchSpace space)
    {
        _spec = spec;
        _archive = new EliteList(space.Scale, spec.Metric!, ArchiveSize);
        _slices = new SlicePlan(spec.Budget, spec.Agents, space.Length);
        var strategies = _slices.IsOnePointEach ? [RandomSearch.Name] : ExplorerFactory.StrategiesFor(space);
        _bandit = new StrategyBandit(strategies, spec.Agents, Trial(spec.Budget, space));
    }

    /// <summary>How many rounds are closed.</summary>
    public int Round { get; private set; }

    /// <summary>How many points were measured in all.</summary>
    public long Evaluations => _slices.Used;

    /// <summary>The best point known; absent where none was measured.</summary>
    public Elite? Best => _archive.Best;

    /// <summary>The best points known, no two of them near each other, best first.</summary>
    public ImmutableArray<Elite> Elites => _archive.ToElites(ArchiveSize);

    /// <summary>How the strategies have done, in the order in which they are tried.</summary>
    public ImmutableArray<StrategyStanding> Strategies => _bandit.Standings;

    /// <summary>Whether a feasible point reaches the goal's target.</summary>
    public bool TargetReached => _archive.ReachesTarget;

    /// <summary>Whether there is nothing more to fork: the target is reached, the budget is used, or round after round nothing could be measured.</summary>
    public bool IsDone => _tasks.IsDefault && (TargetReached || _slices.IsUsed || _barren >= MostBarrenRounds);

    /// <summary>The tasks of the round; those of the open one where it is not closed yet.</summary>
    /// <returns>One for each agent at most; none where <see cref="IsDone"/>.</returns>
    public ImmutableArray<ExplorationTask> Fork()
    {
        if (_tasks.IsDefault && !IsDone)
        {
            _tasks = Plan();
            _recorded = 0;
            _before = _archive.BestScore;
        }

        return _tasks.IsDefault ? [] : _tasks;
    }

    /// <summary>Takes in what one attempt brought back.</summary>
    /// <param name="result">The result of the open round's next task.</param>
    /// <exception cref="InvalidOperationException">It is not the next task's, or claims more evaluations than its slice had.</exception>
    public void Record(ExplorationResult result)
    {
        if (_tasks.IsDefault || result.Index != _recorded || _recorded == _tasks.Length)
        {
            throw new InvalidOperationException($"the result of task {result.Index} is not the one that comes next in round {Round}: that is task {_recorded}");
        }

        var task = _tasks[_recorded];
        if (result.Evaluations < 0 || result.Evaluations > task.Evaluations)
        {
            throw new InvalidOperationException($"task {result.Index} of round {Round} had {task.Evaluations} evaluations, its result claims {result.Evaluations}");
        }

        _recorded++;
        _slices.Spend(task, result, reached: result.Best.Length > 0 && _archive.Reaches(result.Best[0]));
        _bandit.Note(task, result, result.Best.Length > 0 ? _archive.ScoreOf(result.Best[0]) : Score.Worst);
        foreach (var elite in result.Best)
        {
            _archive.Offer(elite.Point.AsSpan(), elite.Metric, elite.Violation);
        }
    }

    /// <summary>Ends the round.</summary>
    /// <param name="seconds">How long it took, from its fork to its last result.</param>
    /// <exception cref="InvalidOperationException">Not every task of the round is recorded.</exception>
    public void Close(double seconds)
    {
        if (_tasks.IsDefault || _recorded < _tasks.Length)
        {
            throw new InvalidOperationException($"round {Round} is not over: {(_tasks.IsDefault ? 0 : _tasks.Length) - _recorded} of its tasks are not recorded");
        }

        _barren = _slices.MeasuredInRound == 0 ? _barren + 1 : 0;
        _slices.Close(seconds);
        _bandit.Close(_before);
        _tasks = default;
        Round++;
    }

    /// <summary>Drops an elite that did not repeat when it was measured again.</summary>
    /// <param name="elite">One of <see cref="Elites"/>.</param>
    public void Discard(Elite elite) => _archive.Remove(elite.Point.AsSpan());

    /// <summary>Enough for a descent by differences, which shows nothing before its end, but a small part of the budget.</summary>
    private static long Trial(GoalBudget budget, SearchSpace space) => Math.Min(300L * (Math.Min(space.Length, 1_000) + 1), (budget.Evaluations ?? long.MaxValue) / 20);

    private ImmutableArray<ExplorationTask> Plan()
    {
        var (agents, slice, remainder, seconds) = _slices.Next();
        var assignments = _bandit.Assign(agents);
        var elites = _archive.ToElites(ExplorationTask.MaxElites);
        var seed = SeededRandom.Mix((ulong)_spec.Seed, (ulong)Round);
        var tasks = ImmutableArray.CreateBuilder<ExplorationTask>(agents);
        for (var i = 0; i < agents; i++)
        {
            var evaluations = slice + (i < remainder ? 1 : 0);
            tasks.Add(new ExplorationTask(
                Round, i, assignments[i].Agent, assignments[i].Strategy, assignments[i].Fresh, SeededRandom.Mix(seed, (ulong)i), evaluations, seconds, elites)
            {
                Tier = _spec.Tiers.IsEmpty ? null : _spec.Tiers[assignments[i].Agent % _spec.Tiers.Length],
            });
        }

        return tasks.MoveToImmutable();
    }
}

/// <summary>How one strategy has done in a goal.</summary>
/// <param name="Name">The strategy.</param>
/// <param name="Attempts">How many tasks it was given that are recorded.</param>
/// <param name="Best">The best metric of its feasible points; absent where it has none.</param>
public sealed record StrategyStanding(string Name, long Attempts, double? Best);
