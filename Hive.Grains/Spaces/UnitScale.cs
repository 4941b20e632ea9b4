using Hive.Explorers;

namespace Hive.Spaces;

/// <summary>
/// A space as the explorers see it: a genome has a double for each double of a point, where reals, log-reals and integers are scaled to 0 … 1
/// (a log-real logarithmically, an integer so that each whole number has an equal share), and choices and permutations stand as they are.
/// </summary>
internal sealed class UnitScale
{
    private readonly GeneKind[] _kinds;
    private readonly double[] _lows;
    private readonly double[] _highs;
    private readonly bool _isLinear;

    public UnitScale(SearchSpace space)
    {
        Space = space;
        _kinds = new GeneKind[space.Length];
        _lows = new double[space.Length];
        _highs = new double[space.Length];
        foreach (var gene in space.Genes)
        {
            for (var i = gene.Offset; i < gene.Offset + gene.Length; i++)
            {
                _kinds[i] = gene.Kind;
                _lows[i] = gene.Low;
                _highs[i] = gene.High;
            }
        }

        var varied = space.Genes.Where(gene => gene.High > gene.Low).ToArray();
        Reals = [.. varied.Where(gene => gene.Kind is GeneKind.Real or GeneKind.LogReal).Select(gene => gene.Offset)];
        Numbers = [.. varied.Where(gene => gene.Kind is GeneKind.Real or GeneKind.LogReal or GeneKind.Integer).Select(gene => gene.Offset)];
        Choices = [.. varied.Where(gene => gene.Kind == GeneKind.Choice)];
        Permutations = [.. varied.Where(gene => gene.Kind == GeneKind.Permutation)];
        _isLinear = Array.TrueForAll(_kinds, kind => kind == GeneKind.Real);
    }

    public SearchSpace Space { get; }

    public int Length => _kinds.Length;

    /// <summary>Where the reals and log-reals stand.</summary>
    public int[] Reals { get; }

    /// <summary>Where the reals, log-reals and integers stand that have more than one value.</summary>
    public int[] Numbers { get; }

    /// <summary>The choices among more than one value.</summary>
    public Gene[] Choices { get; }

    /// <summary>The permutations.</summary>
    public Gene[] Permutations { get; }

    public GeneKind KindOf(int place) => _kinds[place];

    /// <summary>How many values a choice or integer has.</summary>
    public double CountOf(int place) => _highs[place] - _lows[place] + 1;

    /// <summary>The point's double for the genome's at one place; a scaled value outside 0 … 1 is taken to the nearer end, what is no number to 0.</summary>
    public double Decode(int place, double unit)
    {
        var (low, high) = (_lows[place], _highs[place]);
        unit = _kinds[place] is GeneKind.Choice or GeneKind.Permutation ? unit : Inside(unit);
        return _kinds[place] switch
        {
            GeneKind.Real => Math.Clamp(Between(low, high, unit), low, high),
            GeneKind.LogReal => Math.Clamp(Math.Exp(Between(Math.Log(low), Math.Log(high), unit)), low, high),
            GeneKind.Integer => Math.Clamp(Math.Floor(low + (unit * (high - low + 1))), low, high),
            _ => unit,
        };
    }

    public void Decode(ReadOnlySpan<double> genome, Span<double> point)
    {
        if (_isLinear)
        {
            for (var i = 0; i < point.Length; i++)
            {
                point[i] = Math.Clamp(Between(_lows[i], _highs[i], Inside(genome[i])), _lows[i], _highs[i]);
            }

            return;
        }

        for (var i = 0; i < point.Length; i++)
        {
            point[i] = Decode(i, genome[i]);
        }
    }

    public double[] Encode(ReadOnlySpan<double> point)
    {
        var genome = new double[Length];
        for (var i = 0; i < genome.Length; i++)
        {
            var (low, high) = (_lows[i], _highs[i]);
            genome[i] = _kinds[i] switch
            {
                GeneKind.Real => Share(point[i], low, high),
                GeneKind.LogReal => Share(Math.Log(point[i]), Math.Log(low), Math.Log(high)),
                GeneKind.Integer => (point[i] - low + 0.5) / (high - low + 1),
                _ => point[i],
            };
        }

        return genome;
    }

    /// <summary>A genome drawn uniformly.</summary>
    public double[] Draw(SeededRandom random)
    {
        var genome = new double[Length];
        Draw(random, genome);
        return genome;
    }

    public void Draw(SeededRandom random, Span<double> genome)
    {
        for (var i = 0; i < genome.Length; i++)
        {
            genome[i] = _kinds[i] == GeneKind.Choice ? random.NextInt((int)_highs[i] + 1) : random.NextDouble();
        }

        foreach (var permutation in Permutations)
        {
            var places = genome.Slice(permutation.Offset, permutation.Length);
            for (var i = 0; i < places.Length; i++)
            {
                places[i] = i;
            }

            random.Shuffle(places);
        }
    }

    /// <summary>How far apart two points are: the root mean square over their places, each scaled to 0 … 1; for choices and permutations 0 or 1.</summary>
    public double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = _kinds[i] switch
            {
                _ when a[i] == b[i] => 0,
                GeneKind.Real or GeneKind.Integer => ((a[i] / 2) - (b[i] / 2)) / ((_highs[i] / 2) - (_lows[i] / 2)),
                GeneKind.LogReal => Math.Log(a[i] / b[i]) / Math.Log(_highs[i] / _lows[i]),
                _ => 1,
            };
            sum += difference * difference;
        }

        return Math.Sqrt(sum / a.Length);
    }

    private static double Inside(double unit) => unit >= 0 ? Math.Min(unit, 1) : 0;

    // Weighted rather than low + unit·(high − low): the difference of two finite bounds may overflow.
    private static double Between(double low, double high, double unit) => (low * (1 - unit)) + (high * unit);

    private static double Share(double value, double low, double high) =>
        high > low ? Math.Clamp(((value / 2) - (low / 2)) / ((high / 2) - (low / 2)), 0, 1) : 0.5;
}
