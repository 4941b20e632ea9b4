using System.Numerics.Tensors;

namespace Hive.Research.Ml;

/// <summary>Adds a learnt vector for a row's place in its sequence.</summary>
internal sealed class Position(Variable input, Variable output, Variable table, int length) : Layer
{
    /// <inheritdoc/>
    public override long WorkPerRow => 3L * input.Columns;

    /// <inheritdoc/>
    public override void Forward(int rows, bool training)
    {
        var values = input.Values(rows);
        var result = output.Values(rows);
        var places = table.Values(length);
        for (var row = 0; row < rows; row++) TensorPrimitives.Add(values.Row(row), places.Row(row % length), result.Row(row));
    }

    /// <inheritdoc/>
    public override void Backward(int rows)
    {
        var gradient = output.Gradients(rows);
        var result = input.Gradients(rows);
        var places = table.Gradients(length);
        TensorPrimitives.Add(result.Data, gradient.Data, result.Data);
        for (var row = 0; row < rows; row++) TensorPrimitives.Add(places.Row(row % length), gradient.Row(row), places.Row(row % length));
    }
}
