using System.Numerics.Tensors;

namespace Hive.Research.Ml;

/// <summary>The embeddings of a row's characters, one behind the other.</summary>
/// <param name="tokens">The characters, row after row; read at each pass.</param>
/// <param name="perRow">How many characters a row has.</param>
/// <param name="output">Receives them.</param>
/// <param name="table">An embedding a character of the vocabulary.</param>
internal sealed class Embedding(byte[] tokens, int perRow, Variable output, Variable table) : Layer
{
    /// <inheritdoc/>
    public override long WorkPerRow => output.Columns;

    /// <inheritdoc/>
    public override void Forward(int rows, bool training)
    {
        var embeddings = table.Store.Values.AsSpan(table.Offset);
        var result = output.Values(rows).Data;
        for (var i = 0; i < rows * perRow; i++) embeddings.Slice(tokens[i] * table.Columns, table.Columns).CopyTo(result[(i * table.Columns)..]);
    }

    /// <inheritdoc/>
    public override void Backward(int rows)
    {
        var gradients = table.Store.Gradients.AsSpan(table.Offset);
        var gradient = output.Gradients(rows).Data;
        for (var i = 0; i < rows * perRow; i++)
        {
            var sum = gradients.Slice(tokens[i] * table.Columns, table.Columns);
            TensorPrimitives.Add(sum, gradient.Slice(i * table.Columns, table.Columns), sum);
        }
    }
}
