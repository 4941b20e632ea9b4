using System.Collections.Immutable;
using Hive.Explorers;
using Hive.Goals;

namespace Hive.Planning;

/// <summary>Which agent follows which strategy: every strategy is tried first, then agents go where the best was improved, and a share of them goes on exploring.</summary>
/// <remarks>
/// A round's reward is divided by how far each task improved on the best before the round, so that the metric's scale does not matter; a round counts the less the smaller
/// its greatest improvement is beside all improvement so far, so that polishing the last digits does not crowd out the rest. Old rounds fade.
/// </remarks>
internal sealed class StrategyBandit(ImmutableArray<string> strategies)
{
    private const double Exploration = 0.15;
    private const double Fading = 0.85;
    private const double RankReward = 0.3;

    private readonly Arm[] _arms = [.. strategies.Select(name => new Arm(name))];
    private readonly List<Outcome> _round = [];
    private int[] _armOf = [];
    private bool[] _goesOn = [];
    private double[] _lastRank = [];
    private double _progress;

    public ImmutableArray<StrategyStanding> Standings => [.. _arms.Select(arm => new StrategyStanding(arm.Name, arm.Attempts, arm.Best))];

    /// <summary>The strategies of the round's agents.</summary>
    public (string Strategy, bool Fresh)[] Assign(int agents)
    {
        Grow(agents);
        var wanted = Quotas(agents);
        Move(agents, wanted);
        var assignments = new (string, bool)[agents];
        for (var i = 0; i < agents; i++)
        {
            assignments[i] = (_arms[_armOf[i]].Name, !_goesOn[i]);
            _goesOn[i] = true;
        }

        return assignments;
    }

    public void Note(ExplorationTask task, ExplorationResult result, Score score)
    {
        var arm = _arms[_armOf[task.Agent]];
        arm.Attempts++;
        if (score.IsFeasible && !(arm.BestCost <= score.Cost))
        {
            (arm.BestCost, arm.Best) = (score.Cost, result.Best[0].Metric);
        }

        _goesOn[task.Agent] &= result.Failure is null;
        _round.Add(new Outcome(task.Agent, score));
    }

    public void Close(Score before)
    {
        Rank();
        Reward(before);
        _round.Clear();
    }

    private void Grow(int agents)
    {
        if (agents > _armOf.Length)
        {
            var known = _armOf.Length;
            Array.Resize(ref _armOf, agents);
            Array.Resize(ref _goesOn, agents);
            Array.Resize(ref _lastRank, agents);
            _armOf.AsSpan(known).Fill(-1);
        }
    }

    /// <summary>How many agents each strategy gets: the untried first, the others by what they earn; what rounding withholds is carried over.</summary>
    private int[] Quotas(int agents)
    {
        var quotas = new int[_arms.Length];
        var left = agents;
        for (var i = 0; i < _arms.Length && left > 0; i++)
        {
            if (!_arms[i].IsTried)
            {
                _arms[i].IsTried = true;
                quotas[i]++;
                left--;
            }
        }

        var total = _arms.Sum(arm => arm.Value * arm.Value);
        foreach (var arm in _arms)
        {
            var share = total > 0 ? arm.Value * arm.Value / total : 1.0 / _arms.Length;
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

    /// <summary>Moves as few agents as the quotas allow, those that did worst first.</summary>
    private void Move(int agents, int[] quotas)
    {
        var free = new List<int>();
        foreach (var agent in Enumerable.Range(0, agents).OrderByDescending(agent => _lastRank[agent]))
        {
            if (_armOf[agent] >= 0 && quotas[_armOf[agent]] > 0)
            {
                quotas[_armOf[agent]]--;
            }
            else
            {
                free.Add(agent);
            }
        }

        free.Sort();
        var arm = 0;
        foreach (var agent in free)
        {
            while (quotas[arm] == 0)
            {
                arm++;
            }

            quotas[arm]--;
            _armOf[agent] = arm;
            _goesOn[agent] = false;
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
        var greatest = _round.Count > 0 ? _round.Max(outcome => Gain(before, outcome.Score)) : 0;
        var isFirst = before.IsFailed;
        _progress += isFirst ? 0 : greatest;
        var significance = isFirst || greatest <= 0 ? 0 : Math.Clamp(1 + (Math.Log10(greatest / _progress) / 8), 0.02, 1);
        foreach (var arm in _arms)
        {
            arm.Fade(significance > 0 ? Fading : 1);
        }

        foreach (var outcome in _round)
        {
            var arm = _arms[_armOf[outcome.Agent]];
            if (arm.Weight == 0 || isFirst)
            {
                arm.Add(RankReward * _lastRank[outcome.Agent], 1);
            }

            if (significance > 0)
            {
                arm.Add(Math.Max(0, Gain(before, outcome.Score)) / greatest, significance);
            }
        }
    }

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
