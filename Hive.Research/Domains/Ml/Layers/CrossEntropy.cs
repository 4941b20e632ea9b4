using System.Runtime.Intrinsics;

namespace Hive.Research.Ml;

/// <summary>
/// The mean over rows of −Σ q ln softmax(x), where q gives the true character 1 − s and spreads the smoothing s evenly over all (Szegedy et al., 2016).
/// Its gradient by x is (softmax(x) − q) / rows.
/// </summary>
/// <param name="scores">x; a column a character.</param>
/// <param name="targets">The true characters; read at each pass.</param>
/// <param name="smoothing">s, from 0 to below 1.</param>
internal sealed class CrossEntropy(Variable scores, byte[] targets, float smoothing)
{
    /// <summary>The multiply-adds a row.</summary>
    public long WorkPerRow => 12L * scores.Columns;

    /// <summary>The sum over rows of −ln softmax(x) of the true character, in nats; no smoothing. Not finite where the scores are not.</summary>
    /// <param name="rows">How many rows are in use.</param>
    public double Loss(int rows)
    {
        var x = scores.Values(rows);
        var loss = 0.0;
        for (var row = 0; row < rows; row++)
        {
            var most = Most(x.Row(row));
            var sum = Vector256<float>.Zero;
            for (var i = 0; i < x.Columns; i += VectorMath.Lanes) sum += VectorMath.Exp(VectorMath.Load(x.Row(row), i) - Vector256.Create(most));
            loss += VectorMath.Log(VectorMath.Sum(sum)) + most - x.Row(row)[targets[row]];
        }

        return loss;
    }

    /// <summary>Like <see cref="Loss"/>, and sets the gradient by the scores.</summary>
    /// <param name="rows">How many rows are in use.</param>
    public double LossAndGradient(int rows)
    {
        var x = scores.Values(rows);
        var gradient = scores.Gradients(rows);
        var loss = 0.0;
        for (var row = 0; row < rows; row++) loss += LossAndGradient(x.Row(row), gradient.Row(row), targets[row], rows);
        return loss;
    }

    private static float Most(ReadOnlySpan<float> row)
    {
        var most = VectorMath.Load(row, 0);
        for (var i = VectorMath.Lanes; i < row.Length; i += VectorMath.Lanes) most = Vector256.Max(most, VectorMath.Load(row, i));
        return VectorMath.Max(most);
    }

    private double LossAndGradient(ReadOnlySpan<float> x, Span<float> gradient, byte target, int rows)
    {
        var most = Most(x);
        var sums = Vector256<float>.Zero;
        for (var i = 0; i < x.Length; i += VectorMath.Lanes)
        {
            var e = VectorMath.Exp(VectorMath.Load(x, i) - Vector256.Create(most));
            VectorMath.Store(e, gradient, i);
            sums += e;
        }

        var sum = VectorMath.Sum(sums);
        var scale = Vector256.Create(1 / (sum * rows));
        var spread = Vector256.Create(smoothing / (x.Length * rows));
        for (var i = 0; i < x.Length; i += VectorMath.Lanes) VectorMath.Store((VectorMath.Load(gradient, i) * scale) - spread, gradient, i);
        gradient[target] -= (1 - smoothing) / rows;
        return VectorMath.Log(sum) + most - x[target];
    }
}
