using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Hive.Research.Ml;

/// <summary>
/// Causal attention with several heads over sequences of one length: softmax(Q Kᵀ / √d) V, where no character sees a later one (Vaswani et al., 2017).
/// </summary>
/// <param name="input">Queries, keys and values side by side: three times the output's columns.</param>
/// <param name="output">Receives the heads' results side by side.</param>
/// <param name="weights">Keeps the attention weights: a row a character, <paramref name="length"/> columns a head.</param>
/// <param name="scratch">
/// Room for <paramref name="length"/> × max(<paramref name="length"/>, <see cref="HeadColumns"/>) numbers, as values and as gradients.
/// </param>
/// <param name="length">How long a sequence is; a multiple of eight.</param>
internal sealed class Attention(Variable input, Variable output, Variable weights, Variable scratch, int length) : Layer
{
    /// <summary>The columns of a head.</summary>
    public const int HeadColumns = 16;

    /// <summary>1 / √<see cref="HeadColumns"/>.</summary>
    private const float Scale = 0.25f;

    private int Heads => output.Columns / HeadColumns;

    /// <inheritdoc/>
    public override long WorkPerRow => (6L * length * output.Columns) + (16L * length * Heads);

    /// <inheritdoc/>
    public override void Forward(int rows, bool training)
    {
        var transposed = new MatrixView(scratch.Store.Values.AsSpan(scratch.Offset), HeadColumns, length, length);
        for (var first = 0; first < rows; first += length)
        {
            for (var head = 0; head < Heads; head++)
            {
                var attention = Weights(first, head);
                Keys(first, head).Transposed.CopyTo(transposed);
                MatrixProduct.Multiply(Queries(first, head), transposed, attention, add: false);
                for (var row = 0; row < length; row++) Softmax(attention.Row(row), row);
                MatrixProduct.Multiply(attention, Contents(first, head), Head(output.Store.Values, output, first, head), add: false);
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(int rows)
    {
        var transposed = new MatrixView(scratch.Store.Values.AsSpan(scratch.Offset), HeadColumns, length, length);
        var scores = new MatrixView(scratch.Store.Gradients.AsSpan(scratch.Offset), length, length, length);
        for (var first = 0; first < rows; first += length)
        {
            for (var head = 0; head < Heads; head++)
            {
                var attention = Weights(first, head);
                var gradient = Head(output.Store.Gradients, output, first, head);
                MatrixProduct.Multiply(attention.Transposed, gradient, Head(input.Store.Gradients, input, first, (2 * Heads) + head), add: true);
                Contents(first, head).Transposed.CopyTo(transposed);
                MatrixProduct.Multiply(gradient, transposed, scores, add: false);
                for (var row = 0; row < length; row++) SoftmaxBackward(attention.Row(row), scores.Row(row));
                MatrixProduct.Multiply(scores, Keys(first, head), Head(input.Store.Gradients, input, first, head), add: true);
                MatrixProduct.Multiply(scores.Transposed, Queries(first, head), Head(input.Store.Gradients, input, first, Heads + head), add: true);
            }
        }
    }

    /// <summary>Turns the scores of a character into weights: only itself and what is before it count.</summary>
    private static void Softmax(Span<float> row, int last)
    {
        row[(last + 1)..].Fill(float.NegativeInfinity);
        var most = Vector256.Create(float.NegativeInfinity);
        for (var i = 0; i < row.Length; i += VectorMath.Lanes) most = Vector256.Max(most, VectorMath.Load(row, i));
        var shift = Vector256.Create(VectorMath.Max(most));
        var sum = Vector256<float>.Zero;
        for (var i = 0; i < row.Length; i += VectorMath.Lanes)
        {
            var e = VectorMath.Exp((VectorMath.Load(row, i) - shift) * Scale);
            VectorMath.Store(e, row, i);
        }

        row[(last + 1)..].Clear();
        for (var i = 0; i < row.Length; i += VectorMath.Lanes) sum += VectorMath.Load(row, i);
        TensorPrimitives.Multiply(row, 1 / VectorMath.Sum(sum), row);
    }

    /// <summary>Turns the gradient by the weights p into that by the scores: p (g − Σ p g) / √d.</summary>
    private static void SoftmaxBackward(Span<float> weights, Span<float> gradient)
    {
        var mean = Vector256.Create(VectorMath.Dot(weights, gradient));
        for (var i = 0; i < weights.Length; i += VectorMath.Lanes)
        {
            VectorMath.Store(VectorMath.Load(weights, i) * (VectorMath.Load(gradient, i) - mean) * Scale, gradient, i);
        }
    }

    private MatrixView Queries(int first, int head) => Head(input.Store.Values, input, first, head);

    private MatrixView Keys(int first, int head) => Head(input.Store.Values, input, first, Heads + head);

    /// <summary>What a head hands on of each character: V.</summary>
    private MatrixView Contents(int first, int head) => Head(input.Store.Values, input, first, (2 * Heads) + head);

    private MatrixView Head(float[] data, Variable variable, int first, int head) =>
        new(data.AsSpan(variable.Offset + (first * variable.Columns) + (head * HeadColumns)), length, HeadColumns, variable.Columns);

    private MatrixView Weights(int first, int head) =>
        new(weights.Store.Values.AsSpan(weights.Offset + (first * weights.Columns) + (head * length)), length, length, weights.Columns);
}
