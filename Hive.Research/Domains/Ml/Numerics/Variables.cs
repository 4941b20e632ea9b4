namespace Hive.Research.Ml;

/// <summary>A matrix of values and, of the same shape, the gradient of the loss by each.</summary>
/// <param name="Store">The memory of both.</param>
/// <param name="Offset">Where it begins in either.</param>
/// <param name="Columns">Its columns.</param>
internal readonly record struct Variable(VariableStore Store, int Offset, int Columns)
{
    public MatrixView Values(int rows) => new(Store.Values.AsSpan(Offset, rows * Columns), rows, Columns, Columns);

    public MatrixView Gradients(int rows) => new(Store.Gradients.AsSpan(Offset, rows * Columns), rows, Columns, Columns);
}

/// <summary>The memory of many variables, one behind the other; it grows to the largest use and is kept for the next.</summary>
internal sealed class VariableStore
{
    private float[] _values = [];
    private float[] _gradients = [];

    /// <summary>How many numbers are in use.</summary>
    public int Length { get; private set; }

    public float[] Values => _values;

    public float[] Gradients => _gradients;

    /// <summary>The values in use.</summary>
    public Span<float> UsedValues => _values.AsSpan(0, Length);

    /// <summary>The gradients in use.</summary>
    public Span<float> UsedGradients => _gradients.AsSpan(0, Length);

    /// <summary>Forgets all variables.</summary>
    public void Clear() => Length = 0;

    /// <summary>Makes a variable of zeros. The columns are a multiple of eight.</summary>
    public Variable Add(int rows, int columns)
    {
        var offset = Length;
        Length = checked(offset + (rows * columns));
        if (Length > _values.Length)
        {
            var size = Math.Max(Length, 2 * _values.Length);
            Array.Resize(ref _values, size);
            Array.Resize(ref _gradients, size);
        }

        _values.AsSpan(offset, Length - offset).Clear();
        _gradients.AsSpan(offset, Length - offset).Clear();
        return new Variable(this, offset, columns);
    }
}
