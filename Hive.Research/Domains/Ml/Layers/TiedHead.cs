namespace Hive.Research.Ml;

/// <summary>Scores each character by the product with its embedding, y = x Eᵀ: input and output share their weights (Press and Wolf, 2017).</summary>
internal sealed class TiedHead(Variable input, Variable output, Variable embedding, Variable scratch) : Layer
{
    /// <inheritdoc/>
    public override long WorkPerRow => 3L * input.Columns * output.Columns;

    /// <inheritdoc/>
    public override void Forward(int rows, bool training)
    {
        var transposed = new MatrixView(scratch.Store.Values.AsSpan(scratch.Offset), input.Columns, output.Columns, output.Columns);
        embedding.Values(output.Columns).Transposed.CopyTo(transposed);
        MatrixProduct.Multiply(input.Values(rows), transposed, output.Values(rows), add: false);
    }

    /// <inheritdoc/>
    public override void Backward(int rows)
    {
        var gradient = output.Gradients(rows);
        MatrixProduct.Multiply(gradient.Transposed, input.Values(rows), embedding.Gradients(output.Columns), add: true);
        MatrixProduct.Multiply(gradient, embedding.Values(output.Columns), input.Gradients(rows), add: true);
    }
}
