using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>
/// For each number and choice by itself, the density of some genomes' values: a Gaussian kernel around each, or a share of each choice's values, and a little of the uniform density.
/// </summary>
internal sealed class ParzenDensity
{
    private const double UniformShare = 0.05;

    private readonly UnitScale _scale;
    private readonly List<Individual> _centres;
    private readonly double[] _widths;

    public ParzenDensity(UnitScale scale, List<Individual> centres, double narrowest)
    {
        (_scale, _centres) = (scale, centres);
        _widths = new double[scale.Numbers.Length];
        for (var i = 0; i < _widths.Length; i++)
        {
            _widths[i] = Width(scale.Numbers[i], narrowest);
        }
    }

    public double DrawNumber(int number, SeededRandom random)
    {
        if (_centres.Count == 0 || random.NextChance(UniformShare))
        {
            return random.NextDouble();
        }

        var centre = _centres[random.NextInt(_centres.Count)].Genome[_scale.Numbers[number]];
        return Mutation.Reflect(centre + (_widths[number] * random.NextGaussian()));
    }

    /// <summary>The density of one number's value.</summary>
    public double DensityOf(int number, double value)
    {
        if (_centres.Count == 0)
        {
            return 1;
        }

        var (place, width, sum) = (_scale.Numbers[number], _widths[number], 0.0);
        foreach (var centre in _centres)
        {
            var distance = (value - centre.Genome[place]) / width;
            sum += distance is > -6 and < 6 ? Math.Exp(-0.5 * distance * distance) : 0;
        }

        return UniformShare + ((1 - UniformShare) * sum / (_centres.Count * width * Math.Sqrt(2 * Math.PI)));
    }

    /// <summary>The probability of one choice's value.</summary>
    public double ShareOf(Gene choice, int value)
    {
        var count = 0;
        foreach (var centre in _centres)
        {
            count += centre.Genome[choice.Offset] == value ? 1 : 0;
        }

        return (count + (2 / (choice.High + 1))) / (_centres.Count + 2);
    }

    /// <summary>Silverman's rule of thumb (1986).</summary>
    private double Width(int place, double narrowest)
    {
        if (_centres.Count < 3)
        {
            return 0.2;
        }

        double sum = 0, squares = 0;
        foreach (var centre in _centres)
        {
            sum += centre.Genome[place];
        }

        var mean = sum / _centres.Count;
        foreach (var centre in _centres)
        {
            squares += (centre.Genome[place] - mean) * (centre.Genome[place] - mean);
        }

        return Math.Max(narrowest, 0.9 * Math.Sqrt(squares / _centres.Count) * Math.Pow(_centres.Count, -0.2));
    }
}
