using System.Runtime.Intrinsics;

namespace Hive.Research.Ml;

/// <summary>
/// Scales each row to a mean square of one and then by learnt gains: y = g (x − m) / √(v + ε) + b with the row's mean m and variance v (layer normalisation,
/// Ba et al., 2016), or with m = 0, b = 0 and the mean square v (RMS normalisation, Zhang and Sennrich, 2019).
/// </summary>
/// <param name="input">x.</param>
/// <param name="output">y.</param>
/// <param name="normalised">Keeps (x − m) / √(v + ε) for the backward pass.</param>
/// <param name="scales">Keeps 1 / √(v + ε), a number a row.</param>
/// <param name="gain">g.</param>
/// <param name="bias">b; null for RMS normalisation.</param>
internal sealed class Normalisation(Variable input, Variable output, Variable normalised, Variable scales, Variable gain, Variable? bias) : Layer
{
    private const float Epsilon = 1e-5f;

    /// <inheritdoc/>
    public override long WorkPerRow => 16L * input.Columns;

    /// <inheritdoc/>
    public override void Forward(int rows, bool training)
    {
        var x = input.Values(rows);
        var y = output.Values(rows);
        var unit = normalised.Values(rows);
        var scale = scales.Values(rows);
        var g = gain.Values(1).Data;
        var b = bias is { } variable ? variable.Values(1).Data : default;
        for (var row = 0; row < rows; row++) scale.Row(row)[0] = Forward(x.Row(row), unit.Row(row), y.Row(row), g, b);
    }

    /// <inheritdoc/>
    public override void Backward(int rows)
    {
        var dx = input.Gradients(rows);
        var dy = output.Gradients(rows);
        var unit = normalised.Values(rows);
        var scale = scales.Values(rows);
        var g = gain.Values(1).Data;
        var dg = gain.Gradients(1).Data;
        var db = bias is { } variable ? variable.Gradients(1).Data : default;
        for (var row = 0; row < rows; row++) Backward(dx.Row(row), dy.Row(row), unit.Row(row), scale.Row(row)[0], g, dg, db);
    }

    private static float Forward(Span<float> x, Span<float> unit, Span<float> y, Span<float> g, Span<float> b)
    {
        var mean = Vector256.Create(b.IsEmpty ? 0 : VectorMath.Sum(x) / x.Length);
        for (var i = 0; i < x.Length; i += VectorMath.Lanes) VectorMath.Store(VectorMath.Load(x, i) - mean, unit, i);
        var scale = 1 / MathF.Sqrt((VectorMath.SumOfSquares(unit) / x.Length) + Epsilon);
        for (var i = 0; i < x.Length; i += VectorMath.Lanes)
        {
            var value = VectorMath.Load(unit, i) * scale;
            VectorMath.Store(value, unit, i);
            value *= VectorMath.Load(g, i);
            VectorMath.Store(b.IsEmpty ? value : value + VectorMath.Load(b, i), y, i);
        }

        return scale;
    }

    /// <summary>dx = (u − mean(u) − n mean(u n)) / √(v + ε) where u = g dy and n is the normalised row; without the first mean for RMS normalisation.</summary>
    private static void Backward(Span<float> dx, Span<float> dy, Span<float> unit, float scale, Span<float> g, Span<float> dg, Span<float> db)
    {
        var (sum, sumOfProducts) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var i = 0; i < dx.Length; i += VectorMath.Lanes)
        {
            var (gradient, n) = (VectorMath.Load(dy, i), VectorMath.Load(unit, i));
            VectorMath.Store(VectorMath.Load(dg, i) + (gradient * n), dg, i);
            if (!db.IsEmpty) VectorMath.Store(VectorMath.Load(db, i) + gradient, db, i);
            var u = gradient * VectorMath.Load(g, i);
            sum += u;
            sumOfProducts += u * n;
        }

        var mean = Vector256.Create(db.IsEmpty ? 0 : VectorMath.Sum(sum) / dx.Length);
        var meanOfProducts = Vector256.Create(VectorMath.Sum(sumOfProducts) / dx.Length);
        for (var i = 0; i < dx.Length; i += VectorMath.Lanes)
        {
            var u = VectorMath.Load(dy, i) * VectorMath.Load(g, i);
            VectorMath.Store(VectorMath.Load(dx, i) + ((u - mean - (VectorMath.Load(unit, i) * meanOfProducts)) * scale), dx, i);
        }
    }
}
