namespace Hive.Research.Ml;

/// <summary>A matrix within a stretch of memory.</summary>
internal readonly ref struct MatrixView
{
    /// <summary>A matrix stored by rows.</summary>
    /// <param name="data">Its memory, from its first element on.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="rowStride">How far one row is from the next.</param>
    public MatrixView(Span<float> data, int rows, int columns, int rowStride)
        : this(data, rows, columns, rowStride, 1)
    {
        if (rows > 0 && ((long)(rows - 1) * rowStride) + columns > data.Length) throw new ArgumentException("the matrix is larger than its memory", nameof(data));
    }

    private MatrixView(Span<float> data, int rows, int columns, int rowStride, int columnStride)
    {
        Data = data;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    public Span<float> Data { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int RowStride { get; }

    public int ColumnStride { get; }

    /// <summary>The same memory with rows and columns exchanged.</summary>
    public MatrixView Transposed => new(Data, Columns, Rows, ColumnStride, RowStride);

    /// <summary>One row of a matrix stored by rows.</summary>
    /// <param name="index">Which.</param>
    public Span<float> Row(int index) => Data.Slice(index * RowStride, Columns);

    /// <summary>Copies a matrix, element by element, so that it is stored by rows.</summary>
    /// <param name="target">Receives it; of the same shape, stored by rows.</param>
    public void CopyTo(MatrixView target)
    {
        const int Tile = 8;
        for (var top = 0; top < Rows; top += Tile)
        {
            for (var left = 0; left < Columns; left += Tile)
            {
                var right = Math.Min(left + Tile, Columns);
                for (var i = top; i < Math.Min(top + Tile, Rows); i++)
                {
                    var row = target.Row(i);
                    for (var j = left; j < right; j++) row[j] = Data[(i * RowStride) + (j * ColumnStride)];
                }
            }
        }
    }
}
