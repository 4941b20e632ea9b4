using System.Collections.Immutable;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>
/// Basin hopping (Wales and Doye, 1997) with quasi-Newton descent on the real genes: it descends from elites, from changed copies of the best and from random points. A violation is a
/// penalty whose weight rises from descent to descent, with extrapolation along the path (Fiacco and McCormick, 1968), until the point is taken to feasibility itself.
/// </summary>
internal sealed class QuasiNewton(SearchSpace space, MetricDirection direction, ulong seed, ImmutableArray<Elite> elites)
    : SteppedExplorer(space, direction, seed, elites)
{
    private const double WeightGrowth = 10;
    private const double FineTolerance = 1e-15;
    private const double LevelTolerance = 1e-6;
    private const int MostLevels = 12;
    private const int MostRepairs = 40;

    private double[] _best = [];
    private Score _bestScore = Score.Worst;
    private double _firstWeight;

    protected override IEnumerable<Batch> Search()
    {
        var surface = new PenaltySurface(Scale, Batch);
        var descent = new Descent(surface, Batch);
        var hops = new Hops(Scale, Random);
        var genome = new double[Scale.Length];
        _best = new double[Scale.Length];
        for (var start = 0; ; start++)
        {
            ChooseStart(start, hops, genome);
            surface.Place(genome);
            yield return Batch;
            surface.Arrive();
            if (surface.Score.IsFailed)
            {
                continue;
            }

            surface.Power = 2;
            descent.Hessian.Reset();
            surface.AskGradient();
            yield return Batch;
            surface.ReadGradient();
            foreach (var step in Descend(surface, descent))
            {
                yield return step;
            }

            Finish(surface, hops, genome);
        }
    }

    private void ChooseStart(int start, Hops hops, double[] genome)
    {
        if (start == 0 && Elites.Length > 0)
        {
            GenomeOf(Elites[0]).CopyTo(genome, 0);
        }
        else if (_bestScore.IsFailed || Random.NextChance(0.1))
        {
            Scale.Draw(Random, genome);
        }
        else
        {
            _best.CopyTo(genome, 0);
            hops.Change(genome);
        }
    }

    private void Finish(PenaltySurface surface, Hops hops, double[] genome)
    {
        var improved = surface.Score < _bestScore;
        hops.Learn(improved);
        if (improved)
        {
            _bestScore = surface.Score;
            surface.Write(genome);
            genome.CopyTo(_best, 0);
        }
    }

    private IEnumerable<Batch> Descend(PenaltySurface surface, Descent descent)
    {
        surface.CountsCost = true;
        surface.Weight = ChooseWeight(surface);
        double[]? previous = null;
        var step = new double[surface.Size];
        for (var level = 0; level < MostLevels; level++)
        {
            foreach (var batch in descent.Minimise(surface.Weight == 0 ? FineTolerance : LevelTolerance, 300 + (10 * surface.Size)))
            {
                yield return batch;
            }

            if (surface.Score.IsFeasible || surface.Penalty <= 1e-9 * Math.Abs(surface.Value))
            {
                break;
            }

            var reached = surface.X.ToArray();
            surface.Weight *= WeightGrowth;
            descent.Hessian.ScaleBy(1 / WeightGrowth);
            if (previous is not null)
            {
                for (var i = 0; i < step.Length; i++)
                {
                    step[i] = (reached[i] - previous[i]) / (WeightGrowth - 1);
                }

                surface.Try(step, 1, step);
                yield return Batch;
                if (surface.ValueOf(Batch.ScoreAt(0)) < surface.Value)
                {
                    surface.Take(Batch.ScoreAt(0));
                    surface.AskGradient();
                    yield return Batch;
                    surface.ReadGradient();
                }
            }

            previous = reached;
        }

        if (surface.Score.IsFeasible)
        {
            yield break;
        }

        foreach (var batch in Repair(surface, descent))
        {
            yield return batch;
        }
    }

    /// <summary>Takes the violation down to 0 by quasi-Newton steps on the penalty alone, a little longer than needed.</summary>
    private IEnumerable<Batch> Repair(PenaltySurface surface, Descent descent)
    {
        surface.CountsCost = false;
        var difference = surface.Difference;
        var (gradient, direction, step) = (new double[surface.Size], new double[surface.Size], new double[surface.Size]);
        for (var i = 0; i < MostRepairs && !surface.Score.IsFeasible; i++)
        {
            surface.Gradient(gradient);
            descent.Hessian.Direction(gradient, direction);
            var taken = false;
            for (var length = 1.2; length > 0.1 && !taken; length /= 2)
            {
                surface.Try(direction, length, step);
                yield return Batch;
                if (Batch.ScoreAt(0).Violation < 0.7 * surface.Score.Violation)
                {
                    surface.Take(Batch.ScoreAt(0));
                    taken = true;
                }
            }

            if (surface.Score.IsFeasible)
            {
                break;
            }

            if (!taken)
            {
                break;
            }

            surface.Difference = Math.Clamp(surface.Score.Violation * 0.01, 1e-12, difference);
            surface.AskGradient();
            yield return Batch;
            surface.ReadGradient();
        }

        surface.Difference = difference;
    }

    private double ChooseWeight(PenaltySurface surface)
    {
        if (surface.Score.Violation > 0 && surface.PenaltySlope > 0)
        {
            var slope = surface.PenaltySlope / (surface.Power * Math.Pow(surface.Score.Violation, surface.Power - 1));
            _firstWeight = Math.Max(surface.CostSlope, 1e-6) * 10 / (slope * slope);
        }

        return _firstWeight;
    }
}
