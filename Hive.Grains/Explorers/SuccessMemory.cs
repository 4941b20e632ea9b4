namespace Hive.Explorers;

/// <summary>The scale factors and crossover rates that succeeded lately, of SHADE (Tanabe and Fukunaga, 2013).</summary>
internal sealed class SuccessMemory
{
    private const int Size = 6;

    private readonly double[] _factors = new double[Size];
    private readonly double[] _rates = new double[Size];
    private readonly List<(double Factor, double Rate, double Gain)> _successes = [];
    private int _next;

    public SuccessMemory() => Clear();

    public void Clear()
    {
        _factors.AsSpan().Fill(0.5);
        _rates.AsSpan().Fill(0.7);
        _successes.Clear();
        _next = 0;
    }

    public (double Factor, double Rate) Draw(SeededRandom random)
    {
        var slot = random.NextInt(Size);
        var factor = 0.0;
        for (var i = 0; i < 100 && factor <= 0; i++)
        {
            factor = _factors[slot] + (0.1 * random.NextCauchy());
        }

        return (factor <= 0 ? 0.5 : Math.Min(1, factor), Math.Clamp(_rates[slot] + (0.1 * random.NextGaussian()), 0, 1));
    }

    public void Note(double factor, double rate, double gain) => _successes.Add((factor, rate, gain));

    /// <summary>Takes in what succeeded in a generation: means weighted by gain, of the factors the Lehmer mean, which favours the larger.</summary>
    public void Learn()
    {
        if (_successes.Count == 0)
        {
            return;
        }

        var greatest = _successes.Max(success => success.Gain);
        double weights = 0, factors = 0, squares = 0, rates = 0;
        foreach (var (factor, rate, gain) in _successes)
        {
            var weight = greatest > 0 ? gain / greatest : 1;
            weights += weight;
            factors += weight * factor;
            squares += weight * factor * factor;
            rates += weight * rate;
        }

        (_factors[_next], _rates[_next]) = (squares / factors, rates / weights);
        _next = (_next + 1) % Size;
        _successes.Clear();
    }
}
