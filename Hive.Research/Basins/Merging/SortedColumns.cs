namespace Hive.Basins;

/// <summary>A function of the numbers of one coordinate, in order, and of their weights.</summary>
internal delegate double ColumnFunction(ReadOnlySpan<double> values, ReadOnlySpan<double> weights);

/// <summary>Vectors by coordinate, each coordinate's numbers in order with their weights: sorted once, used for the median and for what is left after a refusal.</summary>
internal sealed class SortedColumns
{
    private readonly double[] _weights;
    private readonly double[][] _values;
    private readonly int[][] _rows;
    private bool[]? _left;

    public SortedColumns(IReadOnlyList<double[]> rows, double[] weights)
    {
        _weights = weights;
        var dimension = rows[0].Length;
        (_values, _rows) = (new double[dimension][], new int[dimension][]);
        for (var j = 0; j < dimension; j++)
        {
            var (values, order, isZero) = (new double[rows.Count], new int[rows.Count], true);
            for (var i = 0; i < values.Length; i++)
            {
                (values[i], order[i]) = (rows[i][j], i);
                isZero &= values[i] == 0;
            }

            if (!isZero) values.AsSpan().Sort(order.AsSpan());
            (_values[j], _rows[j]) = (values, order);
        }
    }

    /// <summary>Keeps those vectors alone.</summary>
    /// <param name="rows">Whether a vector stays.</param>
    public void Leave(bool[] rows) => _left = rows;

    /// <summary>A function of every coordinate.</summary>
    public double[] Of(ColumnFunction function)
    {
        var result = new double[_values.Length];
        var (values, weights) = (new double[_weights.Length], new double[_weights.Length]);
        for (var j = 0; j < result.Length; j++)
        {
            var count = 0;
            for (var i = 0; i < values.Length; i++)
            {
                var row = _rows[j][i];
                if (_left is { } left && !left[row]) continue;
                (values[count], weights[count++]) = (_values[j][i], _weights[row]);
            }

            result[j] = function(values.AsSpan(0, count), weights.AsSpan(0, count));
        }

        return result;
    }
}
