namespace Hive.Explorers;

/// <summary>Mean, spread, paths and covariance of a CMA-ES, with the tutorial's default rates.</summary>
internal sealed class CmaState(int size)
{
    private readonly Covariance _covariance = new(size);
    private readonly double[] _mean = new double[size];
    private readonly double[] _spreadPath = new double[size];
    private readonly double[] _path = new double[size];
    private readonly double[] _meanZ = new double[size];
    private readonly double[] _meanY = new double[size];
    private readonly double _expectedLength = Math.Sqrt(size) * (1 - (1 / (4.0 * size)) + (1 / (21.0 * size * size)));
    private double[][] _z = [];
    private double[][] _y = [];
    private double[] _x = new double[size];
    private double[] _weights = [];
    private double _effective;
    private double _generation;

    public int Population { get; private set; }

    /// <summary>The step size σ.</summary>
    public double Spread { get; private set; }

    public double Deviation(int variable) => Spread * _covariance.Deviation(variable);

    public void Restart(int population, double spread, double[] mean)
    {
        (Population, Spread, _generation) = (population, spread, 0);
        mean.CopyTo(_mean, 0);
        _covariance.Reset();
        Array.Clear(_spreadPath);
        Array.Clear(_path);
        _z = [.. Enumerable.Range(0, population).Select(_ => new double[size])];
        _y = [.. Enumerable.Range(0, population).Select(_ => new double[size])];
        var parents = population / 2;
        _weights = [.. Enumerable.Range(1, parents).Select(i => Math.Log(parents + 0.5) - Math.Log(i))];
        var sum = _weights.Sum();
        _weights = [.. _weights.Select(weight => weight / sum)];
        _effective = 1 / _weights.Sum(weight => weight * weight);
    }

    /// <summary>The k-th of the next generation; the array is used again for the next one.</summary>
    public double[] Draw(int k, SeededRandom random)
    {
        foreach (ref var entry in _z[k].AsSpan())
        {
            entry = random.NextGaussian();
        }

        _covariance.Shape(_z[k], _y[k]);
        for (var i = 0; i < size; i++)
        {
            _x[i] = _mean[i] + (Spread * _y[k][i]);
        }

        return _x;
    }

    /// <param name="order">The generation's indices, best first.</param>
    public void Update(int[] order)
    {
        _generation++;
        Array.Clear(_meanZ);
        Array.Clear(_meanY);
        for (var i = 0; i < _weights.Length; i++)
        {
            Vectors.AddScaled(_meanZ, _weights[i], _z[order[i]]);
            Vectors.AddScaled(_meanY, _weights[i], _y[order[i]]);
        }

        Vectors.AddScaled(_mean, Spread, _meanY);
        var spreadRate = (_effective + 2) / (size + _effective + 5);
        var damping = 1 + (2 * Math.Max(0, Math.Sqrt((_effective - 1) / (size + 1)) - 1)) + spreadRate;
        Decay(_spreadPath, 1 - spreadRate);
        Vectors.AddScaled(_spreadPath, Math.Sqrt(spreadRate * (2 - spreadRate) * _effective), _meanZ);
        var length = Vectors.Norm(_spreadPath);
        UpdateCovariance(order, length / Math.Sqrt(1 - Math.Pow(1 - spreadRate, 2 * _generation)) < (1.4 + (2.0 / (size + 1))) * _expectedLength);
        Spread = Math.Min(1, Spread * Math.Exp(Math.Min(1, spreadRate / damping * ((length / _expectedLength) - 1))));
    }

    private void UpdateCovariance(int[] order, bool isSteady)
    {
        var pathRate = (4 + (_effective / size)) / (size + 4 + (2 * _effective / size));
        var oneRate = 2 / (((size + 1.3) * (size + 1.3)) + _effective);
        var manyRate = Math.Min(1 - oneRate, 2 * (_effective - 2 + (1 / _effective)) / (((size + 2.0) * (size + 2)) + _effective));
        if (!_covariance.IsFull)
        {
            oneRate *= (size + 2) / 3.0;
            manyRate = Math.Min(1 - oneRate, manyRate * (size + 2) / 3.0);
        }

        Decay(_path, 1 - pathRate);
        if (isSteady)
        {
            Vectors.AddScaled(_path, Math.Sqrt(pathRate * (2 - pathRate) * _effective), _meanY);
        }

        _covariance.ScaleBy(1 - oneRate - manyRate + (isSteady ? 0 : oneRate * pathRate * (2 - pathRate)));
        _covariance.AddOuter(oneRate, _path);
        for (var i = 0; i < _weights.Length; i++)
        {
            _covariance.AddOuter(manyRate * _weights[i], _y[order[i]]);
        }
    }

    private static void Decay(double[] path, double factor)
    {
        foreach (ref var entry in path.AsSpan())
        {
            entry *= factor;
        }
    }
}
