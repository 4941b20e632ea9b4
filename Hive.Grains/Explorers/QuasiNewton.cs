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
    private const double SquareGrowth = 10;
    private const double LinearGrowth = 4;
    private const double FineTolerance = 1e-15;
    private const double LevelTolerance = 1e-6;
    private const int MostLevels = 12;
    private static readonly (double Difference, bool IsCentral)[] Differences = [(1.5e-8, false), (1e-5, true), (1e-3, true), (2e-2, true)];

    private readonly double[] _firstWeights = new double[2];
    private readonly double[] _powerTries = new double[2];
    private readonly double[] _powerGains = new double[2];
    private readonly Repair _repair = new();
    private double[]? _feasible;
    private int _difference;
    private int _heard;
    private int _futile;
    private double[] _best = [];
    private Score _bestScore = Score.Worst;

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

            surface.Power = ChoosePower();
            descent.Hessian.Reset();
            (surface.Difference, surface.IsCentral) = Differences[_difference];
            surface.AskGradient();
            yield return Batch;
            surface.ReadGradient();
            var steps = descent.Steps;
            foreach (var step in Descend(surface, descent))
            {
                yield return step;
            }

            Widen(descent.Steps - steps);
            Finish(surface, hops, genome);
        }
    }

    /// <summary>Where descents come to nothing again and again, differences must span noise or plateaus: they are widened, at last back to the narrowest.</summary>
    private void Widen(long steps)
    {
        _futile = steps > 1 ? 0 : _futile + 1;
        if (_futile >= 2)
        {
            _futile = 0;
            _difference = (_difference + 1) % Differences.Length;
        }
    }

    private void ChooseStart(int start, Hops hops, double[] genome)
    {
        if (_heard != Heard)
        {
            _heard = Heard;
            Follow();
        }

        if (start == 0 && Elites.Length > 0)
        {
            GenomeOf(Elites[Random.NextChance(0.5) ? 0 : Random.NextInt(Elites.Length)]).CopyTo(genome, 0);
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

    /// <summary>Now and then takes up a better elite; mostly it stays in its own basin, so that agents differ.</summary>
    private void Follow()
    {
        if (Elites.Length > 0 && ScoreOf(Elites[0]) < _bestScore && Random.NextChance(0.25))
        {
            _bestScore = ScoreOf(Elites[0]);
            GenomeOf(Elites[0]).CopyTo(_best, 0);
        }
    }

    /// <summary>The power that has led to better points more often; which one suits depends on how the evaluator adds its violations up.</summary>
    private int ChoosePower()
    {
        var linear = (_powerGains[0] + 1) / (_powerTries[0] + 2);
        var square = (_powerGains[1] + 1) / (_powerTries[1] + 2);
        return _powerTries[1] == 0 || Random.NextDouble() * (linear + square) >= linear ? 2 : 1;
    }

    private void Finish(PenaltySurface surface, Hops hops, double[] genome)
    {
        var improved = surface.Score < _bestScore;
        hops.Learn(improved);
        _powerTries[surface.Power - 1]++;
        _powerGains[surface.Power - 1] += improved ? 1 : 0;
        if (surface.Score.IsFeasible && (improved || _feasible is null))
        {
            _feasible = surface.X.ToArray();
        }

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
        var growth = surface.Power == 2 ? SquareGrowth : LinearGrowth;
        for (var level = 0; level < MostLevels; level++)
        {
            foreach (var step in descent.Minimise(surface.Weight == 0 ? FineTolerance : LevelTolerance, 300 + (10 * surface.Size)))
            {
                yield return step;
            }

            if (surface.Score.IsFeasible || (surface.Weight > 0 && surface.Penalty <= 1e-9 * Math.Abs(surface.Value)))
            {
                break;
            }

            if (surface.Weight == 0)
            {
                surface.Weight = ChooseWeight(surface);
                descent.Hessian.Reset();
                continue;
            }

            var reached = surface.X.ToArray();
            surface.Weight *= growth;
            descent.Hessian.ScaleBy(1 / growth);
            if (previous is not null && surface.Power == 2)
            {
                foreach (var step in Extrapolate(surface, previous, reached, growth))
                {
                    yield return step;
                }
            }

            previous = reached;
        }

        if (!surface.Score.IsFeasible)
        {
            foreach (var step in _repair.Run(surface, descent, _feasible))
            {
                yield return step;
            }
        }
    }

    /// <summary>Where the minima go as the weight grows, their distance to the limit falls as its inverse.</summary>
    private IEnumerable<Batch> Extrapolate(PenaltySurface surface, double[] previous, double[] reached, double growth)
    {
        var step = new double[surface.Size];
        for (var i = 0; i < step.Length; i++)
        {
            step[i] = (reached[i] - previous[i]) / (growth - 1);
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

    private double ChooseWeight(PenaltySurface surface)
    {
        if (surface.Score.Violation > 0 && surface.PenaltySlope > 0)
        {
            var slope = surface.PenaltySlope / (surface.Power * Math.Pow(surface.Score.Violation, surface.Power - 1));
            var weight = Math.Max(surface.CostSlope, 1e-6) * (surface.Power == 2 ? 10 / (slope * slope) : 2 / slope);
            _firstWeights[surface.Power - 1] = double.IsFinite(weight) ? weight : 1;
        }

        return _firstWeights[surface.Power - 1];
    }
}
