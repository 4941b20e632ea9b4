using System.Collections.Immutable;
using Hive.Explorers;
using Hive.Goals;

namespace Hive.Planning;

/// <summary>Which agent follows which strategy: every strategy is tried first, then agents go where the best was improved, and a share of them goes on exploring.</summary>
/// <remarks>
/// A round's reward is divided by how far each task improved on the best before the round, so that the metric's scale does not matter; a round counts the less the smaller
/// its greatest improvement is beside all improvement so far, so that polishing the last digits does not crowd out the rest. Old rounds fade.
/// </remarks>
internal sealed class StrategyBandit(ImmutableArray<string> strategies, int agents, long trial)
{
    private const double Exploration = 0.15;
    private const double Fading = 0.85;
    private const double RankReward = 0.3;
    private const double Decades = 6;

    private readonly Arm[] _arms = [.. strategies.Select(name => new Arm(name))];
    private readonly List<Outcome> _round = [];
    private readonly int[] _armOf = [.. Enumerable.Repeat(-1, agents)];
    private readonly bool[] _goesOn = new bool[agents];
    private readonly bool[] _isBusy = new bool[agents];
    private readonly double[] _lastRank = new double[agents];
    private readonly int[] _lastRound = new int[agents];
    private readonly Score[] _bestOf = new Score[agents];
    private Score _best = Score.Worst;
    private int _rounds;
    private double _progress;

    public ImmutableArray<StrategyStanding> Standings => [.. _arms.Select(arm => new StrategyStanding(arm.Name, arm.Attempts, arm.Best))];

    /// <summary>The agents of a round's tasks and what each of them follows.</summary>
    public (int Agent, string Strategy, bool Fresh)[] Assign(int tasks)
    {
        var quotas = Quotas(tasks);
        var assignments = new List<(int Agent, string Strategy, bool Fresh)>(tasks);
        foreach (var agent in Enumerable.Range(0, agents).OrderByDescending(agent => _lastRank[agent]))
        {
            if (_armOf[agent] >= 0 && quotas[_armOf[agent]] > 0)
            {
                quotas[_armOf[agent]]--;
                assignments.Add((agent, _arms[_armOf[agent]].Name, !_goesOn[agent] || IsLeftBehind(agent)));
                _isBusy[agent] = true;
            }
        }

        Recruit(quotas, assignments);
        foreach (var (agent, _, _) in assignments)
        {
            _isBusy[agent] = false;
            _goesOn[agent] = true;
            _lastRound[agent] = _rounds;
        }

        _rounds++;

        return [.. assignments];
    }

    public void Note(ExplorationTask task, ExplorationResult result, Score score)
    {
        var arm = _arms[_armOf[task.Agent]];
        arm.Attempts++;
        arm.Evaluations += result.Evaluations;
        if (score.IsFeasible && !(arm.BestCost <= score.Cost))
        {
            (arm.BestCost, arm.Best) = (score.Cost, result.Best[0].Metric);
        }

        _bestOf[task.Agent] = score;
        _best = score < _best ? score : _best;
        _goesOn[task.Agent] &= result.Failure is null;
        _round.Add(new Outcome(task.Agent, score));
    }

    public void Close(Score before)
    {
        Rank();
        Reward(before);
        _round.Clear();
    }

    /// <summary>How many agents each strategy gets: the untried first, the others by what they earn; what rounding withholds is carried over.</summary>
    private int[] Quotas(int tasks)
    {
        var quotas = new int[_arms.Length];
        var left = tasks;
        for (var i = 0; i < _arms.Length && left > 0; i++)
        {
            if (!_arms[i].IsTried)
            {
                _arms[i].IsTried = true;
                quotas[i]++;
                left--;
            }
        }

        // What is begun must be able to show what it can: until its trial is over a strategy counts as much as the best.
        var greatest = _arms.Max(arm => arm.Value);
        double ValueOf(Arm arm) => arm.Evaluations < trial ? greatest : arm.Value;
        var total = _arms.Sum(arm => ValueOf(arm) * ValueOf(arm));
        foreach (var arm in _arms)
        {
            var share = total > 0 ? ValueOf(arm) * ValueOf(arm) / total : 1.0 / _arms.Length;
            arm.Credit += left * ((Exploration / _arms.Length) + ((1 - Exploration) * share));
        }

        for (; left > 0; left--)
        {
            var best = 0;
            for (var i = 1; i < _arms.Length; i++)
            {
                best = _arms[i].Credit > _arms[best].Credit + 1e-9 ? i : best;
            }

            var whole = (int)Math.Clamp(Math.Floor(_arms[best].Credit), 1, left);
            quotas[best] += whole;
            _arms[best].Credit -= whole;
            left -= whole - 1;
        }

        return quotas;
    }

    /// <summary>An agent that paused meanwhile and did not find the best itself does better to begin anew from the elites.</summary>
    private bool IsLeftBehind(int agent) => _lastRound[agent] != _rounds - 1 && _bestOf[agent] > _best;

    /// <summary>Gives the quotas that are left to agents that have had nothing to do, then to those that did worst.</summary>
    private void Recruit(int[] quotas, List<(int Agent, string Strategy, bool Fresh)> assignments)
    {
        var arm = 0;
        foreach (var agent in Enumerable.Range(0, agents).OrderBy(agent => _armOf[agent] < 0 ? -1 : _lastRank[agent]))
        {
            while (arm < quotas.Length && quotas[arm] == 0)
            {
                arm++;
            }

            if (arm == quotas.Length)
            {
                return;
            }

            if (!_isBusy[agent])
            {
                quotas[arm]--;
                (_armOf[agent], _lastRank[agent]) = (arm, 0);
                assignments.Add((agent, _arms[arm].Name, true));
            }
        }
    }

    private void Rank()
    {
        var sorted = _round.OrderBy(outcome => outcome.Score).ToArray();
        for (int i = 0, equal = 0; i < sorted.Length; i++)
        {
            equal = i > 0 && sorted[i].Score == sorted[i - 1].Score ? equal : i;
            _lastRank[sorted[i].Agent] = sorted.Length > 1 ? 1 - ((double)equal / (sorted.Length - 1)) : 1;
        }
    }

    private void Reward(Score before)
    {
        // The first round has nothing to improve on: its yardstick is its own middle.
        before = before.IsFailed ? Middle() : before;
        var greatest = _round.Count > 0 ? _round.Max(outcome => Gain(before, outcome.Score)) : 0;
        _progress = Math.Min(_progress + greatest, double.MaxValue);
        var significance = greatest > 0 ? Math.Clamp(1 + (Math.Log10(greatest / _progress) / Decades), 0, 1) : 0;
        foreach (var arm in _arms)
        {
            arm.Fade(1 - ((1 - Fading) * significance));
        }

        foreach (var outcome in _round)
        {
            var arm = _arms[_armOf[outcome.Agent]];
            if (arm.Weight == 0)
            {
                arm.Add(RankReward * _lastRank[outcome.Agent], 1);
            }

            if (significance > 0)
            {
                arm.Add(Gain(before, outcome.Score) / greatest, significance);
            }
        }
    }

    private Score Middle() => _round.Count > 0 ? _round.Select(outcome => outcome.Score).Order().ElementAt(_round.Count / 2) : Score.Worst;

    /// <summary>How far a score improves on another: in cost among feasible ones, in violation among infeasible ones.</summary>
    private static double Gain(Score before, Score after) =>
        !(after < before) ? 0
        : before.IsFailed ? 1
        : before.IsFeasible ? Math.Min(before.Cost - after.Cost, double.MaxValue)
        : before.Violation - after.Violation;

    private readonly record struct Outcome(int Agent, Score Score);

    private sealed class Arm(string name)
    {
        private double _sum;

        public string Name => name;

        public bool IsTried { get; set; }

        public long Attempts { get; set; }

        public long Evaluations { get; set; }

        public double? Best { get; set; }

        public double BestCost { get; set; } = double.NaN;

        public double Credit { get; set; }

        public double Weight { get; private set; }

        /// <summary>The mean reward of a task.</summary>
        public double Value => Weight > 0 ? _sum / Weight : 0;

        public void Add(double reward, double weight) => (_sum, Weight) = (_sum + (reward * weight), Weight + weight);

        public void Fade(double factor) => (_sum, Weight) = (_sum * factor, Weight * factor);
    }
}
