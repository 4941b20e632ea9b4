namespace Hive.Explorers;

/// <summary>
/// What quasi-Newton steps have taught about the inverse of the Hessian (Nocedal and Wright, Numerical Optimization, 2006, chapters 6 and 7): a full matrix by BFGS for up to
/// <see cref="MostFull"/> variables, beyond that the last steps by L-BFGS.
/// </summary>
internal sealed class InverseHessian
{
    private const int MostFull = 256;
    private const int Memory = 16;

    private readonly int _size;
    private readonly double[]? _matrix;
    private readonly double[] _product;
    private readonly List<(double[] Step, double[] Change, double Curvature)> _pairs = [];
    private double _scale = 1;

    public InverseHessian(int size)
    {
        _size = size;
        _matrix = size <= MostFull ? new double[size * size] : null;
        _product = new double[size];
        Reset();
    }

    /// <summary>Whether nothing has been learnt.</summary>
    public bool IsBlank { get; private set; }

    public void Reset()
    {
        IsBlank = true;
        _scale = 1;
        _pairs.Clear();
        SetDiagonal(1);
    }

    /// <summary>Multiplies the matrix.</summary>
    public void ScaleBy(double factor)
    {
        _scale *= factor;
        if (_matrix is not null)
        {
            foreach (ref var entry in _matrix.AsSpan())
            {
                entry *= factor;
            }

            return;
        }

        for (var i = 0; i < _pairs.Count; i++)
        {
            var (step, change, curvature) = _pairs[i];
            foreach (ref var entry in change.AsSpan())
            {
                entry /= factor;
            }

            _pairs[i] = (step, change, curvature / factor);
        }
    }

    /// <summary>The step −H·g among the free variables, which are those where the gradient is not 0; the others stand still.</summary>
    public void Direction(ReadOnlySpan<double> gradient, Span<double> direction)
    {
        if (_matrix is not null)
        {
            for (var i = 0; i < _size; i++)
            {
                direction[i] = gradient[i] == 0 ? 0 : -Vectors.Dot(_matrix.AsSpan(i * _size, _size), gradient);
            }

            return;
        }

        Span<double> weights = stackalloc double[Memory];
        for (var i = 0; i < _size; i++)
        {
            direction[i] = -gradient[i];
        }

        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            weights[i] = Vectors.Dot(_pairs[i].Step, direction) / _pairs[i].Curvature;
            Vectors.AddScaled(direction, -weights[i], _pairs[i].Change);
        }

        foreach (ref var entry in direction)
        {
            entry *= _scale;
        }

        for (var i = 0; i < _pairs.Count; i++)
        {
            var weight = weights[i] - (Vectors.Dot(_pairs[i].Change, direction) / _pairs[i].Curvature);
            Vectors.AddScaled(direction, weight, _pairs[i].Step);
        }

        for (var i = 0; i < _size; i++)
        {
            direction[i] = gradient[i] == 0 ? 0 : direction[i];
        }
    }

    /// <summary>Learns from a step and how the gradient changed over it; a step of no positive curvature teaches nothing.</summary>
    public void Learn(double[] step, double[] change)
    {
        var curvature = Vectors.Dot(step, change);
        var length = Vectors.Dot(change, change);
        if (!(curvature > 1e-10 * Vectors.Norm(step) * Math.Sqrt(length)) || !double.IsFinite(curvature + length))
        {
            return;
        }

        if (IsBlank || _matrix is null)
        {
            _scale = curvature / length;
        }

        if (_matrix is null)
        {
            Remember(step, change, curvature);
        }
        else
        {
            if (IsBlank)
            {
                SetDiagonal(_scale);
            }

            Update(_matrix, step, change, curvature);
        }

        IsBlank = false;
    }

    private void Update(double[] matrix, double[] step, double[] change, double curvature)
    {
        for (var i = 0; i < _size; i++)
        {
            _product[i] = Vectors.Dot(matrix.AsSpan(i * _size, _size), change);
        }

        var factor = (1 + (Vectors.Dot(change, _product) / curvature)) / curvature;
        for (var i = 0; i < _size; i++)
        {
            var row = matrix.AsSpan(i * _size, _size);
            Vectors.AddScaled(row, (factor * step[i]) - (_product[i] / curvature), step);
            Vectors.AddScaled(row, -step[i] / curvature, _product);
        }
    }

    private void Remember(double[] step, double[] change, double curvature)
    {
        if (_pairs.Count == Memory)
        {
            _pairs.RemoveAt(0);
        }

        _pairs.Add(([.. step], [.. change], curvature));
    }

    private void SetDiagonal(double value)
    {
        if (_matrix is not null)
        {
            Array.Clear(_matrix);
            for (var i = 0; i < _size; i++)
            {
                _matrix[(i * _size) + i] = value;
            }
        }
    }
}
