using System.Collections.Immutable;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>The best points offered so far, at most <see cref="ExplorationTask.MaxElites"/>, no two of them near each other: of near ones the best stays.</summary>
internal sealed class EliteList(UnitScale scale, MetricCheck metric, int most = ExplorationTask.MaxElites, double nearness = 1e-3)
{
    private readonly double _sign = metric.Direction == MetricDirection.Maximize ? -1 : 1;
    private readonly List<(double[] Point, Score Score)> _elites = [];

    public bool ReachesTarget => _elites.Count > 0 && _elites[0].Score.IsFeasible && metric.Reaches(_sign * _elites[0].Score.Cost);

    public Elite? Best => _elites.Count > 0 ? ToElite(_elites[0]) : null;

    public Score BestScore => _elites.Count > 0 ? _elites[0].Score : Score.Worst;

    public Score ScoreOf(Elite elite) => new(_sign * elite.Metric, elite.Violation);

    public bool Reaches(Elite elite) => elite.Violation == 0 && metric.Reaches(elite.Metric);

    /// <summary>Keeps a copy of the point if it is among the best.</summary>
    /// <returns>Whether it is.</returns>
    public bool Offer(ReadOnlySpan<double> point, double value, double violation)
    {
        var score = new Score(_sign * value, violation);
        return (_elites.Count < most || score < _elites[^1].Score) && Insert(point, score);
    }

    public ImmutableArray<Elite> ToElites(int count = ExplorationTask.MaxElites)
    {
        var elites = ImmutableArray.CreateBuilder<Elite>(Math.Min(count, _elites.Count));
        for (var i = 0; i < elites.Capacity; i++)
        {
            elites.Add(ToElite(_elites[i]));
        }

        return elites.MoveToImmutable();
    }

    public void Remove(ReadOnlySpan<double> point)
    {
        for (var i = _elites.Count - 1; i >= 0; i--)
        {
            if (point.SequenceEqual(_elites[i].Point))
            {
                _elites.RemoveAt(i);
            }
        }
    }

    private bool Insert(ReadOnlySpan<double> point, Score score)
    {
        var near = NearestTo(point);
        if (near >= 0 && _elites[near].Score <= score)
        {
            return false;
        }

        var gone = near >= 0 ? near : _elites.Count == most ? most - 1 : -1;
        var copy = gone >= 0 ? _elites[gone].Point : new double[point.Length];
        if (gone >= 0)
        {
            _elites.RemoveAt(gone);
        }

        point.CopyTo(copy);
        var at = _elites.Count;
        while (at > 0 && score < _elites[at - 1].Score)
        {
            at--;
        }

        _elites.Insert(at, (copy, score));
        return true;
    }

    private int NearestTo(ReadOnlySpan<double> point)
    {
        for (var i = 0; i < _elites.Count; i++)
        {
            if (scale.Distance(_elites[i].Point, point) <= nearness)
            {
                return i;
            }
        }

        return -1;
    }

    private Elite ToElite((double[] Point, Score Score) elite) => new([.. elite.Point], _sign * elite.Score.Cost, elite.Score.Violation);
}
