using System.Collections.Immutable;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>
/// CMA-ES on the numbers (Hansen, 2016) with restarts of two regimes (BIPOP: Hansen, 2009): ever larger populations from anywhere, and small ones from elites. Outside the bounds the
/// surface is its mirror image. Choices are drawn from probabilities that follow the best (as in CatCMA: Hamano et al., 2024); permutations are mutated copies of the best's.
/// A violation is a penalty whose weight keeps part of the population feasible.
/// </summary>
internal sealed class CmaEs(SearchSpace space, MetricDirection direction, ulong seed, ImmutableArray<Elite> elites)
    : SteppedExplorer(space, direction, seed, elites)
{
    private const double LeastSpread = 1e-13;

    private readonly AdaptivePenalty _penalty = new();
    private double[] _best = [];
    private Score _bestScore = Score.Worst;

    protected override IEnumerable<Batch> Search()
    {
        var usual = 4 + (int)(3 * Math.Log(Scale.Numbers.Length));
        _best = new double[Scale.Length];
        var state = new CmaState(Scale.Numbers.Length);
        var choices = new ChoiceModel(Scale);
        var mutation = new Mutation(Scale, Random);
        long large = 0, small = 0;
        var larger = 0;
        for (var start = 0; ; start++)
        {
            var isLarge = start > 0 && large <= small;
            var population = isLarge ? (int)Math.Min(usual * Math.Pow(2, Math.Min(++larger, 12)), 2_000) : usual;
            var origin = Origin(start, isLarge, out var spread);
            state.Restart(population, spread, [.. Scale.Numbers.Select(place => origin[place])]);
            choices.Restart(origin);
            _penalty.Reset();
            var bestCost = double.PositiveInfinity;
            var patience = 60 + (30 * Scale.Numbers.Length / population);
            var spent = 0L;
            var heard = Heard;
            for (var idle = 0; idle < patience && state.Spread > LeastSpread; idle++)
            {
                var genomes = Sample(state, choices, mutation, origin);
                yield return Batch;
                spent += population;
                var order = Rank(genomes, origin);
                var cost = _penalty.Of(Batch.ScoreAt(order[0]));
                if (cost < bestCost - (1e-12 * Math.Abs(bestCost)) || _penalty.HasChanged || !double.IsFinite(bestCost))
                {
                    idle = double.IsFinite(cost) ? 0 : idle;
                    bestCost = cost;
                }

                state.Update(order);
                choices.Update(genomes, order);
                if (heard != Heard && !isLarge && IsOutrun(Batch.ScoreAt(order[0])))
                {
                    break;
                }

                heard = Heard;
            }

            (large, small) = isLarge ? (large + spent, small) : (large, small + spent);
        }
    }

    private double[] Origin(int start, bool isLarge, out double spread)
    {
        spread = 0.3;
        if (isLarge || (start > 0 && Random.NextChance(0.3)) || (Elites.Length == 0 && _bestScore.IsFailed))
        {
            return Scale.Draw(Random);
        }

        spread = start == 0 ? 0.15 : 0.3 * Math.Pow(10, -2 * Random.NextDouble());
        return Elites.Length > 0 ? GenomeOf(Elites[start == 0 ? 0 : Random.NextInt(Elites.Length)]) : [.. _best];
    }

    private double[][] Sample(CmaState state, ChoiceModel choices, Mutation mutation, double[] origin)
    {
        Batch.Clear();
        var genomes = new double[state.Population][];
        for (var k = 0; k < genomes.Length; k++)
        {
            var genome = genomes[k] = (double[])origin.Clone();
            var x = state.Draw(k, Random);
            for (var i = 0; i < x.Length; i++)
            {
                var place = Scale.Numbers[i];

                // A whole number keeps a chance to change, however small the spread has become.
                var jitter = Scale.KindOf(place) == GeneKind.Integer ? Math.Max(0, (0.4 / Scale.CountOf(place)) - state.Deviation(i)) : 0;
                genome[place] = Mutation.Reflect(jitter > 0 ? x[i] + (jitter * Random.NextGaussian()) : x[i]);
            }

            choices.Draw(genome, Random);
            foreach (var permutation in Scale.Permutations)
            {
                if (Random.NextChance(0.7))
                {
                    mutation.ChangePermutation(genome.AsSpan(permutation.Offset, permutation.Length));
                }
            }

            Add(genome);
        }

        return genomes;
    }

    /// <summary>The population's order, best first; the best's permutations become those that the next are copied from.</summary>
    private int[] Rank(double[][] genomes, double[] origin)
    {
        _penalty.Adapt(Batch);
        var costs = new double[genomes.Length];
        for (var i = 0; i < costs.Length; i++)
        {
            costs[i] = _penalty.Of(Batch.ScoreAt(i));
            if (Batch.ScoreAt(i) < _bestScore)
            {
                _bestScore = Batch.ScoreAt(i);
                genomes[i].CopyTo(_best, 0);
            }
        }

        int[] order = [.. Enumerable.Range(0, costs.Length).OrderBy(i => costs[i])];
        foreach (var permutation in Scale.Permutations)
        {
            genomes[order[0]].AsSpan(permutation.Offset, permutation.Length).CopyTo(origin.AsSpan(permutation.Offset));
        }

        return order;
    }

    private bool IsOutrun(Score score) => Elites.Length > 0 && ScoreOf(Elites[0]) < score && Random.NextChance(0.15);
}
