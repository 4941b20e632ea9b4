using System.Numerics.Tensors;

namespace Hive.Research.Ml;

/// <summary>The sum of two inputs: the residual connection around a block (He et al., 2016).</summary>
internal sealed class Sum(Variable first, Variable second, Variable output) : Layer
{
    /// <inheritdoc/>
    public override long WorkPerRow => 3L * output.Columns;

    /// <inheritdoc/>
    public override void Forward(int rows, bool training) => TensorPrimitives.Add(first.Values(rows).Data, second.Values(rows).Data, output.Values(rows).Data);

    /// <inheritdoc/>
    public override void Backward(int rows)
    {
        var gradient = output.Gradients(rows).Data;
        TensorPrimitives.Add(first.Gradients(rows).Data, gradient, first.Gradients(rows).Data);
        TensorPrimitives.Add(second.Gradients(rows).Data, gradient, second.Gradients(rows).Data);
    }
}
