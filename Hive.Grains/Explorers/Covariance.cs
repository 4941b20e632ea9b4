namespace Hive.Explorers;

/// <summary>
/// The normal distribution that CMA-ES adapts (Hansen, "The CMA Evolution Strategy: A Tutorial", 2016): a covariance kept as its Cholesky factor, updated by rank-one steps
/// (Krause, Arbonès and Igel, 2016), or for many variables as a diagonal (sep-CMA-ES: Ros and Hansen, 2008).
/// </summary>
internal sealed class Covariance
{
    /// <summary>The most variables for which the full covariance is kept.</summary>
    public const int MostFull = 100;

    private readonly int _size;
    private readonly double[] _factor;
    private readonly double[] _scratch;
    private readonly bool _isFull;

    public Covariance(int size)
    {
        _size = size;
        _isFull = size <= MostFull;
        _factor = new double[_isFull ? size * size : size];
        _scratch = new double[size];
        Reset();
    }

    public bool IsFull => _isFull;

    public void Reset()
    {
        Array.Clear(_factor);
        for (var i = 0; i < _size; i++)
        {
            _factor[_isFull ? (i * _size) + i : i] = 1;
        }
    }

    /// <summary>The standard deviation of one variable.</summary>
    public double Deviation(int variable) => _isFull ? Vectors.Norm(_factor.AsSpan(variable * _size, variable + 1)) : _factor[variable];

    /// <summary>y = A·z, where A·Aᵀ is the covariance.</summary>
    public void Shape(ReadOnlySpan<double> z, Span<double> y)
    {
        for (var i = 0; i < _size; i++)
        {
            y[i] = _isFull ? Vectors.Dot(_factor.AsSpan(i * _size, i + 1), z[..(i + 1)]) : _factor[i] * z[i];
        }
    }

    /// <summary>Multiplies the covariance.</summary>
    public void ScaleBy(double factor)
    {
        var root = Math.Sqrt(factor);
        foreach (ref var entry in _factor.AsSpan())
        {
            entry *= root;
        }
    }

    /// <summary>Adds weight·v·vᵀ to the covariance.</summary>
    public void AddOuter(double weight, ReadOnlySpan<double> v)
    {
        if (!_isFull)
        {
            for (var i = 0; i < _size; i++)
            {
                _factor[i] = Math.Sqrt((_factor[i] * _factor[i]) + (weight * v[i] * v[i]));
            }

            return;
        }

        // Column by column with plane rotations: A·Aᵀ + x·xᵀ keeps a triangular factor.
        var root = Math.Sqrt(weight);
        for (var i = 0; i < _size; i++)
        {
            _scratch[i] = root * v[i];
        }

        for (var k = 0; k < _size; k++)
        {
            var diagonal = _factor[(k * _size) + k];
            var length = Math.Sqrt((diagonal * diagonal) + (_scratch[k] * _scratch[k]));
            var (cosine, sine) = (diagonal / length, _scratch[k] / length);
            _factor[(k * _size) + k] = length;
            for (var i = k + 1; i < _size; i++)
            {
                var entry = _factor[(i * _size) + k];
                _factor[(i * _size) + k] = (cosine * entry) + (sine * _scratch[i]);
                _scratch[i] = (cosine * _scratch[i]) - (sine * entry);
            }
        }
    }
}
