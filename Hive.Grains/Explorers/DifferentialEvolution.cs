using System.Collections.Immutable;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>
/// Differential evolution after L-SHADE (Tanabe and Fukunaga, 2014): current-to-pbest/1 with an archive, factors and rates drawn around what has succeeded, a population that
/// shrinks, restarted ever larger. A violation below a level that falls to 0 is forgiven (Takahama and Sakai, 2006).
/// </summary>
internal sealed class DifferentialEvolution(SearchSpace space, MetricDirection direction, ulong seed, ImmutableArray<Elite> elites)
    : SteppedExplorer(space, direction, seed, elites)
{
    private const int LeastPopulation = 5;
    private const double BestShare = 0.15;
    private const int GenerationsPlanned = 40;

    private readonly SuccessMemory _memory = new();
    private readonly List<Individual> _population = [];
    private readonly List<double[]> _archive = [];
    private readonly List<Trial> _trials = [];
    private double _forgiven;

    private int Dimensions => Scale.Numbers.Length + Scale.Choices.Length + Scale.Permutations.Sum(gene => gene.Length);

    protected override IEnumerable<Batch> Search()
    {
        var mutation = new Mutation(Scale, Random);
        for (var start = 0; ; start++)
        {
            var size = (int)Math.Min((10 + (2.0 * Math.Min(Dimensions, 20))) * Math.Pow(1.6, Math.Min(start, 20)), 20 + (10.0 * Math.Min(Dimensions, 30)));
            var planned = size * (long)Math.Min(1e7, GenerationsPlanned * Math.Pow(2, start));
            Populate(size, start);
            yield return Batch;
            ReadPopulation();
            var firstForgiven = _forgiven = ViolationAt(0.2);
            long spent = size;
            while (spent < planned && !IsSame())
            {
                Batch.Clear();
                foreach (var target in _population)
                {
                    AddTrial(target, mutation);
                }

                yield return Batch;
                spent += _population.Count;
                Select();
                var share = (double)spent / planned;
                _forgiven = share < 0.5 ? firstForgiven * Math.Pow(1 - (share / 0.5), 5) : 0;
                Shrink((int)Math.Round(size + ((LeastPopulation - size) * Math.Min(1, share))));
            }
        }
    }

    private void Populate(int size, int start)
    {
        _population.Clear();
        _archive.Clear();
        _memory.Clear();
        Batch.Clear();
        var known = start == 0 || Random.NextChance(0.5) ? Math.Min(Elites.Length, Math.Max(1, size / 4)) : 0;
        for (var i = 0; i < size; i++)
        {
            var individual = new Individual(Scale.Length);
            if (i < known)
            {
                GenomeOf(Elites[i]).CopyTo(individual.Genome, 0);
            }
            else
            {
                Scale.Draw(Random, individual.Genome);
            }

            _population.Add(individual);
            Add(individual.Genome);
        }
    }

    private void ReadPopulation()
    {
        for (var i = 0; i < _population.Count; i++)
        {
            _population[i].Score = Batch.ScoreAt(i);
        }

        _population.Sort(Compare);
    }

    private void AddTrial(Individual target, Mutation mutation)
    {
        var (factor, rate) = _memory.Draw(Random);
        var best = _population[Random.NextInt(Math.Max(2, (int)(BestShare * _population.Count)))].Genome;
        var first = _population[Random.NextInt(_population.Count)].Genome;
        var at = Random.NextInt(_population.Count + _archive.Count);
        var second = at < _population.Count ? _population[at].Genome : _archive[at - _population.Count];
        var genome = (double[])target.Genome.Clone();
        var forced = Random.NextInt(Math.Max(1, Scale.Numbers.Length));
        for (var i = 0; i < Scale.Numbers.Length; i++)
        {
            if (i == forced || Random.NextChance(rate))
            {
                var place = Scale.Numbers[i];
                var before = target.Genome[place];
                var value = before + (factor * (best[place] - before)) + (factor * (first[place] - second[place]));
                genome[place] = value < 0 ? before / 2 : value > 1 ? (before + 1) / 2 : value;
            }
        }

        CrossOthers(genome, best, first, rate, mutation);
        _trials.Add(new Trial(genome, factor, rate));
        Add(genome);
    }

    private void CrossOthers(double[] genome, double[] best, double[] first, double rate, Mutation mutation)
    {
        foreach (var choice in Scale.Choices)
        {
            if (Random.NextChance(rate))
            {
                genome[choice.Offset] = (Random.NextChance(0.5) ? best : first)[choice.Offset];
            }

            if (Random.NextChance(0.3 / Scale.Choices.Length))
            {
                mutation.ChangeChoice(genome, choice);
            }
        }

        foreach (var permutation in Scale.Permutations)
        {
            var order = genome.AsSpan(permutation.Offset, permutation.Length);
            if (Random.NextChance(rate))
            {
                OrderCrossover.Apply(order, (Random.NextChance(0.5) ? best : first).AsSpan(permutation.Offset, permutation.Length), Random);
            }

            if (Random.NextChance(0.7))
            {
                mutation.ChangePermutation(order);
            }
        }
    }

    private void Select()
    {
        for (var i = 0; i < _population.Count; i++)
        {
            var target = _population[i];
            var score = Batch.ScoreAt(i);
            var order = CompareScores(score, target.Score);
            if (order > 0)
            {
                continue;
            }

            if (order < 0)
            {
                _memory.Note(_trials[i].Factor, _trials[i].Rate, Gain(target.Score, score));
                Archive(target.Genome);
            }

            _trials[i].Genome.CopyTo(target.Genome, 0);
            target.Score = score;
        }

        _trials.Clear();
        _memory.Learn();
        _population.Sort(Compare);
    }

    private void Archive(double[] genome)
    {
        if (_archive.Count < 2 * _population.Count)
        {
            _archive.Add((double[])genome.Clone());
        }
        else
        {
            genome.CopyTo(_archive[Random.NextInt(_archive.Count)], 0);
        }
    }

    private void Shrink(int size)
    {
        if (size < _population.Count)
        {
            _population.RemoveRange(size, _population.Count - size);
        }

        if (_archive.Count > 2 * _population.Count)
        {
            _archive.RemoveRange(2 * _population.Count, _archive.Count - (2 * _population.Count));
        }
    }

    private bool IsSame() => _population[0].Score == _population[^1].Score && Scale.Numbers.All(place => Math.Abs(_population[0].Genome[place] - _population[^1].Genome[place]) < 1e-13);

    private double ViolationAt(double share)
    {
        var violations = _population.Where(one => !one.Score.IsFailed).Select(one => one.Score.Violation).Order().ToArray();
        return violations.Length == 0 ? 0 : violations[(int)(share * violations.Length)];
    }

    private int Compare(Individual a, Individual b) => CompareScores(a.Score, b.Score);

    private int CompareScores(Score a, Score b) => Forgive(a).CompareTo(Forgive(b));

    private Score Forgive(Score score) => score.Violation <= _forgiven ? score with { Violation = 0 } : score;

    private static double Gain(Score before, Score after)
    {
        var gain = before.Violation > after.Violation ? before.Violation - after.Violation : Math.Abs(before.Cost - after.Cost);
        return double.IsFinite(gain) ? gain : 1;
    }

    private sealed record Trial(double[] Genome, double Factor, double Rate);
}
