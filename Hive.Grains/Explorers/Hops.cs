using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>Large changes of a good genome, from which a descent may end in a better basin; the kinds that paid are drawn more often.</summary>
internal sealed class Hops
{
    private const int Kinds = 6;

    private readonly UnitScale _scale;
    private readonly SeededRandom _random;
    private readonly Mutation _mutation;
    private readonly double[] _tries = new double[Kinds];
    private readonly double[] _gains = new double[Kinds];
    private readonly Block[] _blocks;
    private int _kind = -1;

    public Hops(UnitScale scale, SeededRandom random)
    {
        (_scale, _random, _mutation) = (scale, random, new Mutation(scale, random));
        _blocks = [.. scale.Space.Blocks.Where(block => block.Length > 1)];
    }

    public void Change(double[] genome)
    {
        _kind = Draw();
        switch (_kind)
        {
            case 0:
                RedrawBlock(genome);
                break;
            case 1:
                ExchangeBlocks(genome);
                break;
            case 2:
                _mutation.ChangeAll(genome, 0.1);
                break;
            case 3:
                _mutation.ChangeAll(genome, 0.02);
                break;
            case 4:
                _mutation.ChangeFew(genome, 0.3);
                break;
            default:
                MoveBlock(genome);
                break;
        }
    }

    public void Learn(bool improved)
    {
        if (_kind >= 0)
        {
            _tries[_kind]++;
            _gains[_kind] += improved ? 1 : 0;
        }
    }

    private int Draw()
    {
        Span<double> weights = stackalloc double[Kinds];
        var total = 0.0;
        for (var i = 0; i < Kinds; i++)
        {
            var fits = _blocks.Length > 1 || i is not (0 or 1 or 5);
            weights[i] = fits ? (_gains[i] + 1) / (_tries[i] + 4) : 0;
            total += weights[i];
        }

        var at = _random.NextDouble() * total;
        for (var i = 0; i < Kinds - 1; i++)
        {
            at -= weights[i];
            if (at < 0)
            {
                return i;
            }
        }

        return 4;
    }

    private void RedrawBlock(double[] genome)
    {
        var drawn = _scale.Draw(_random);
        var block = _blocks[_random.NextInt(_blocks.Length)];
        drawn.AsSpan(block.Offset, block.Length).CopyTo(genome.AsSpan(block.Offset));
    }

    /// <summary>Redraws some of a block's numbers only.</summary>
    private void MoveBlock(double[] genome)
    {
        var drawn = _scale.Draw(_random);
        var block = _blocks[_random.NextInt(_blocks.Length)];
        for (var i = block.Offset; i < block.Offset + block.Length; i++)
        {
            if (_scale.KindOf(i) != GeneKind.Permutation && _random.NextChance(0.6))
            {
                genome[i] = drawn[i];
            }
        }
    }

    private void ExchangeBlocks(double[] genome)
    {
        var a = _blocks[_random.NextInt(_blocks.Length)];
        var b = _blocks[_random.NextInt(_blocks.Length)];
        if (a.Vector == b.Vector)
        {
            for (var i = 0; i < a.Length; i++)
            {
                if (_scale.KindOf(a.Offset + i) == GeneKind.Permutation || _random.NextChance(0.5))
                {
                    (genome[a.Offset + i], genome[b.Offset + i]) = (genome[b.Offset + i], genome[a.Offset + i]);
                }
            }
        }
    }
}
