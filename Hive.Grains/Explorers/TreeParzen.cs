using System.Collections.Immutable;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>
/// Tree-structured Parzen estimation (Bergstra et al., 2011): each gene of the next point is drawn near the good ones' values, where those are dense and the others' are not. It makes much of few measurements; after many it only draws near the good ones, so that its own cost stays bounded.
/// </summary>
internal sealed class TreeParzen(SearchSpace space, MetricDirection direction, ulong seed, ImmutableArray<Elite> elites)
    : SteppedExplorer(space, direction, seed, elites)
{
    private const int MostGood = 24;
    private const int MostKept = 64;
    private const int Candidates = 12;
    private const int Careful = 1_000;
    private const double GoodShare = 0.15;

    private readonly List<Individual> _kept = [];
    private readonly List<Individual> _others = [];
    private long _told;

    protected override IEnumerable<Batch> Search()
    {
        var mutation = new Mutation(Scale, Random);
        var heard = -1;
        var first = Math.Min(20, 5 + Scale.Numbers.Length + Scale.Choices.Length);
        while (true)
        {
            if (heard != Heard)
            {
                heard = Heard;
                foreach (var elite in Elites)
                {
                    Keep(GenomeOf(elite), ScoreOf(elite));
                }
            }

            var isCareful = _told < Careful;
            var count = _told < first ? 4 : isCareful ? 1 : 16;
            var narrowest = 0.5 / Math.Sqrt(_told + 1);
            var good = new ParzenDensity(Scale, _kept[..GoodCount()], narrowest);
            var other = new ParzenDensity(Scale, isCareful ? [.. _kept[GoodCount()..], .. _others] : [], narrowest);
            var genomes = new double[count][];
            Batch.Clear();
            for (var i = 0; i < count; i++)
            {
                genomes[i] = _told < first && (_kept.Count < 4 || Random.NextChance(0.7)) ? Scale.Draw(Random) : Choose(good, other, isCareful ? Candidates : 1, mutation);
                Add(genomes[i]);
            }

            yield return Batch;
            _told += count;
            for (var i = 0; i < count; i++)
            {
                Keep(genomes[i], Batch.ScoreAt(i));
            }
        }
    }

    private int GoodCount() => Math.Min(_kept.Count, Math.Clamp((int)Math.Ceiling(GoodShare * Math.Min(_told, 1e6)), 3, MostGood));

    private double[] Choose(ParzenDensity good, ParzenDensity other, int candidates, Mutation mutation)
    {
        var genome = Scale.Draw(Random);
        for (var i = 0; i < Scale.Numbers.Length; i++)
        {
            var best = double.NegativeInfinity;
            for (var k = 0; k < candidates; k++)
            {
                var value = good.DrawNumber(i, Random);
                var ratio = candidates == 1 ? 0 : good.DensityOf(i, value) / other.DensityOf(i, value);
                if (ratio > best)
                {
                    (best, genome[Scale.Numbers[i]]) = (ratio, value);
                }
            }
        }

        foreach (var choice in Scale.Choices)
        {
            genome[choice.Offset] = ChooseValue(choice, good, other, candidates);
        }

        foreach (var permutation in Scale.Permutations)
        {
            var order = genome.AsSpan(permutation.Offset, permutation.Length);
            _kept[Math.Min(Random.NextInt(_kept.Count), Random.NextInt(_kept.Count))].Genome.AsSpan(permutation.Offset, permutation.Length).CopyTo(order);
            mutation.ChangePermutation(order);
        }

        return genome;
    }

    private int ChooseValue(Gene choice, ParzenDensity good, ParzenDensity other, int candidates)
    {
        var (chosen, best) = (0, double.NegativeInfinity);
        for (var k = 0; k < Math.Min(candidates, 3); k++)
        {
            var (at, value) = (Random.NextDouble(), 0);
            while (value < choice.High && (at -= good.ShareOf(choice, value)) >= 0)
            {
                value++;
            }

            var ratio = candidates == 1 ? 0 : good.ShareOf(choice, value) / other.ShareOf(choice, value);
            if (ratio > best)
            {
                (best, chosen) = (ratio, value);
            }
        }

        return chosen;
    }

    /// <summary>Keeps the best in order, and of the others the latest.</summary>
    private void Keep(double[] genome, Score score)
    {
        if (_kept.Any(one => one.Genome.AsSpan().SequenceEqual(genome)))
        {
            return;
        }

        var individual = new Individual(Scale.Length) { Score = score };
        genome.CopyTo(individual.Genome, 0);
        var at = _kept.Count;
        while (at > 0 && score < _kept[at - 1].Score)
        {
            at--;
        }

        _kept.Insert(at, individual);
        if (_kept.Count > MostGood)
        {
            _others.Add(_kept[^1]);
            _kept.RemoveAt(MostGood);
        }

        if (_others.Count > MostKept)
        {
            _others.RemoveAt(Random.NextInt(_others.Count));
        }
    }
}
