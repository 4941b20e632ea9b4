using System.Numerics.Tensors;

namespace Hive.Research.Ml;

/// <summary>y = x W + b.</summary>
internal sealed class Linear(Variable input, Variable output, Variable weight, Variable bias, Variable scratch) : Layer
{
    /// <inheritdoc/>
    public override long WorkPerRow => 3L * input.Columns * output.Columns;

    /// <inheritdoc/>
    public override void Forward(int rows, bool training)
    {
        var result = output.Values(rows);
        var bias1 = bias.Values(1).Data;
        for (var row = 0; row < rows; row++) bias1.CopyTo(result.Row(row));
        MatrixProduct.Multiply(input.Values(rows), weight.Values(input.Columns), result, add: true);
    }

    /// <inheritdoc/>
    public override void Backward(int rows)
    {
        var gradient = output.Gradients(rows);
        var biasGradient = bias.Gradients(1).Data;
        for (var row = 0; row < rows; row++) TensorPrimitives.Add(biasGradient, gradient.Row(row), biasGradient);
        MatrixProduct.Multiply(input.Values(rows).Transposed, gradient, weight.Gradients(input.Columns), add: true);
        var transposed = new MatrixView(scratch.Store.Values.AsSpan(scratch.Offset), output.Columns, input.Columns, input.Columns);
        weight.Values(input.Columns).Transposed.CopyTo(transposed);
        MatrixProduct.Multiply(gradient, transposed, input.Gradients(rows), add: true);
    }
}
