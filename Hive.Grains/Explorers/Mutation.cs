using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>Small random changes of a genome, by the kind of gene: Gaussian steps of numbers, another value of a choice, and swaps, insertions and reversals in a permutation.</summary>
internal sealed class Mutation(UnitScale scale, SeededRandom random)
{
    private readonly int _permuted = scale.Permutations.Sum(gene => gene.Length);

    private int Sites => scale.Numbers.Length + scale.Choices.Length + _permuted;

    /// <summary>Moves every number by a Gaussian step, and now and then a choice or a permutation.</summary>
    public void ChangeAll(Span<double> genome, double step)
    {
        foreach (var place in scale.Numbers)
        {
            ChangeNumber(genome, place, step);
        }

        foreach (var choice in scale.Choices)
        {
            if (random.NextChance(Math.Max(1.0 / Sites, step * 0.2)))
            {
                ChangeChoice(genome, choice);
            }
        }

        foreach (var permutation in scale.Permutations)
        {
            ChangePermutation(genome.Slice(permutation.Offset, permutation.Length));
        }
    }

    /// <summary>Changes one site, or a few with a probability that falls as a power of their number (Doerr et al., 2017).</summary>
    public void ChangeFew(Span<double> genome, double step)
    {
        if (Sites == 0)
        {
            return;
        }

        var changes = Math.Min(Sites, (int)Math.Min(1e6, Math.Pow(1 - random.NextDouble(), -1 / 1.5)));
        for (var i = 0; i < changes; i++)
        {
            ChangeSite(genome, random.NextInt(Sites), step);
        }
    }

    public void ChangeNumber(Span<double> genome, int place, double step)
    {
        var before = genome[place];
        genome[place] = Reflect(before + (step * random.NextGaussian()));
        if (scale.KindOf(place) == GeneKind.Integer)
        {
            var width = 1 / scale.CountOf(place);
            if (Math.Floor(genome[place] / width) == Math.Floor(before / width))
            {
                genome[place] = Reflect(before + (random.NextChance(0.5) ? width : -width));
            }
        }
    }

    public void ChangeChoice(Span<double> genome, Gene choice)
    {
        var other = random.NextInt((int)choice.High);
        genome[choice.Offset] = other < genome[choice.Offset] ? other : other + 1;
    }

    /// <summary>Exchanges two numbers, takes a stretch elsewhere, or turns a stretch round (2-opt).</summary>
    public void ChangePermutation(Span<double> order)
    {
        var a = random.NextInt(order.Length);
        var b = random.NextInt(order.Length - 1);
        b = b < a ? b : b + 1;
        var (low, high) = (Math.Min(a, b), Math.Max(a, b));
        switch (random.NextInt(4))
        {
            case 0:
                (order[a], order[b]) = (order[b], order[a]);
                break;
            case 1:
                Rotate(order[low..(high + 1)], Math.Min(1 + random.NextInt(3), high - low));
                break;
            case 2:
                Rotate(order[low..(high + 1)], high - low + 1 - Math.Min(1 + random.NextInt(3), high - low));
                break;
            default:
                order[low..(high + 1)].Reverse();
                break;
        }
    }

    /// <summary>Takes a number back into 0 … 1 by reflection at the ends.</summary>
    public static double Reflect(double unit)
    {
        if (unit is >= 0 and <= 1)
        {
            return unit;
        }

        var folded = Math.Abs(unit) % 2;
        return folded <= 1 ? folded : 2 - folded;
    }

    private void ChangeSite(Span<double> genome, int site, double step)
    {
        if (site < scale.Numbers.Length)
        {
            ChangeNumber(genome, scale.Numbers[site], step);
            return;
        }

        site -= scale.Numbers.Length;
        if (site < scale.Choices.Length)
        {
            ChangeChoice(genome, scale.Choices[site]);
            return;
        }

        site -= scale.Choices.Length;
        foreach (var permutation in scale.Permutations)
        {
            if (site < permutation.Length)
            {
                ChangePermutation(genome.Slice(permutation.Offset, permutation.Length));
                return;
            }

            site -= permutation.Length;
        }
    }

    private static void Rotate(Span<double> stretch, int left)
    {
        stretch[..left].Reverse();
        stretch[left..].Reverse();
        stretch.Reverse();
    }
}
