using System.Collections.Immutable;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>
/// A steady-state genetic algorithm on the elites: children of two good parents by whole vector elements, by genes or by blending (BLX: Eshelman and Schaffer, 1993), permutations by order
/// crossover, most of them slightly mutated; a child takes the place of the worst.
/// </summary>
internal sealed class EliteCrossover(SearchSpace space, MetricDirection direction, ulong seed, ImmutableArray<Elite> elites)
    : SteppedExplorer(space, direction, seed, elites)
{
    private const int Size = 32;
    private const int Children = 8;

    private readonly List<Individual> _population = [];
    private int _heard;

    protected override IEnumerable<Batch> Search()
    {
        var mutation = new Mutation(Scale, Random);
        var children = Enumerable.Range(0, Children).Select(_ => new Individual(Scale.Length)).ToArray();
        while (true)
        {
            Welcome();
            _heard = Heard;
            Batch.Clear();
            while (_population.Count + Batch.Size < Size)
            {
                Add(Scale.Draw(Random));
            }

            if (Batch.Size > 0)
            {
                var drawn = Enumerable.Range(0, Batch.Size).Select(i => Scale.Encode(Batch.PointAt(i))).ToArray();
                yield return Batch;
                for (var i = 0; i < drawn.Length; i++)
                {
                    Insert(drawn[i], Batch.ScoreAt(i));
                }
            }

            var patience = 100 + (4 * Scale.Length);
            var step = 0.1;
            for (var idle = 0; idle < patience; idle++)
            {
                if (_heard != Heard)
                {
                    _heard = Heard;
                    Welcome();
                }

                Batch.Clear();
                foreach (var child in children)
                {
                    Breed(child.Genome, mutation, step);
                    Add(child.Genome);
                }

                yield return Batch;
                var best = _population[0].Score;
                var accepted = 0;
                for (var i = 0; i < Children; i++)
                {
                    accepted += Insert(children[i].Genome, Batch.ScoreAt(i)) ? 1 : 0;
                }

                idle = _population[0].Score < best ? 0 : idle;
                step = Math.Clamp(step * (accepted >= 2 ? 1.1 : 0.95), 1e-9, 0.3);
            }

            _population.RemoveRange(Math.Min(Size / 4, _population.Count), Math.Max(0, _population.Count - (Size / 4)));
        }
    }

    private void Welcome()
    {
        foreach (var elite in Elites)
        {
            Insert(GenomeOf(elite), ScoreOf(elite));
        }
    }

    private bool Insert(double[] genome, Score score)
    {
        if (score.IsFailed && _population.Count >= 2)
        {
            return false;
        }

        if ((_population.Count >= Size && score >= _population[^1].Score) || _population.Any(one => one.Genome.AsSpan().SequenceEqual(genome)))
        {
            return false;
        }

        var place = _population.Count < Size ? new Individual(Scale.Length) : _population[^1];
        _population.Remove(place);
        genome.CopyTo(place.Genome, 0);
        place.Score = score;
        var at = _population.Count;
        while (at > 0 && score < _population[at - 1].Score)
        {
            at--;
        }

        _population.Insert(at, place);
        return true;
    }

    private void Breed(double[] child, Mutation mutation, double step)
    {
        var mother = Parent();
        var father = Parent();
        mother.CopyTo(child, 0);
        switch (Random.NextInt(3))
        {
            case 0 when Scale.Space.Blocks.Length > 1:
                foreach (var block in Scale.Space.Blocks)
                {
                    if (Random.NextChance(0.5))
                    {
                        father.AsSpan(block.Offset, block.Length).CopyTo(child.AsSpan(block.Offset));
                    }
                }

                break;
            case 1:
                foreach (var place in Scale.Numbers)
                {
                    var share = -0.25 + (1.5 * Random.NextDouble());
                    child[place] = Mutation.Reflect(mother[place] + (share * (father[place] - mother[place])));
                }

                CrossChoices(child, father);
                break;
            default:
                foreach (var place in Scale.Numbers)
                {
                    child[place] = Random.NextChance(0.5) ? father[place] : mother[place];
                }

                CrossChoices(child, father);
                break;
        }

        foreach (var permutation in Scale.Permutations)
        {
            if (Random.NextChance(0.5))
            {
                OrderCrossover.Apply(child.AsSpan(permutation.Offset, permutation.Length), father.AsSpan(permutation.Offset, permutation.Length), Random);
            }
        }

        if (Random.NextChance(0.7))
        {
            mutation.ChangeFew(child, step);
        }
    }

    private void CrossChoices(double[] child, double[] father)
    {
        foreach (var choice in Scale.Choices)
        {
            if (Random.NextChance(0.5))
            {
                child[choice.Offset] = father[choice.Offset];
            }
        }
    }

    private double[] Parent() => _population[Math.Min(Random.NextInt(_population.Count), Random.NextInt(_population.Count))].Genome;
}
