using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hive.Research.Ml;

/// <summary>
/// Elementary functions and reductions that give the same bits on every machine: always eight lanes in the same order whatever the hardware's width, and
/// only operations that IEEE 754 rounds exactly (+ − × ÷ √ and the fused multiply-add). Libraries' exp, log and cos, and sums whose order follows the vector
/// width, are not so.
/// </summary>
internal static class VectorMath
{
    /// <summary>How many numbers are handled at once; lengths are multiples of it.</summary>
    public const int Lanes = 8;

    /// <summary>The eight numbers from an index on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ReadOnlySpan<float> values, int index) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values[index..(index + Lanes)]));

    /// <summary>Stores eight numbers from an index on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, Span<float> values, int index) =>
        value.StoreUnsafe(ref MemoryMarshal.GetReference(values[index..(index + Lanes)]));

    /// <summary>The sum of the lanes, in a fixed order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> x)
    {
        var four = x.GetLower() + x.GetUpper();
        return (four.GetElement(0) + four.GetElement(2)) + (four.GetElement(1) + four.GetElement(3));
    }

    /// <summary>The greatest lane; NaN where one is.</summary>
    public static float Max(Vector256<float> x)
    {
        var four = Vector128.Max(x.GetLower(), x.GetUpper());
        return MathF.Max(MathF.Max(four.GetElement(0), four.GetElement(2)), MathF.Max(four.GetElement(1), four.GetElement(3)));
    }

    /// <summary>The sum of all values, in a fixed order.</summary>
    public static float Sum(ReadOnlySpan<float> values)
    {
        var sum = Vector256<float>.Zero;
        for (var i = 0; i < values.Length; i += Lanes) sum += Load(values, i);
        return Sum(sum);
    }

    /// <summary>The sum of squares, in a fixed order.</summary>
    public static float SumOfSquares(ReadOnlySpan<float> values)
    {
        var (even, odd) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var i = 0;
        for (; i + (2 * Lanes) <= values.Length; i += 2 * Lanes)
        {
            var (a, b) = (Load(values, i), Load(values, i + Lanes));
            even = Vector256.FusedMultiplyAdd(a, a, even);
            odd = Vector256.FusedMultiplyAdd(b, b, odd);
        }

        for (; i < values.Length; i += Lanes)
        {
            var a = Load(values, i);
            even = Vector256.FusedMultiplyAdd(a, a, even);
        }

        return Sum(even + odd);
    }

    /// <summary>The sum of products, in a fixed order.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = Vector256<float>.Zero;
        for (var i = 0; i < a.Length; i += Lanes) sum = Vector256.FusedMultiplyAdd(Load(a, i), Load(b, i), sum);
        return Sum(sum);
    }

    /// <summary>
    /// eˣ within 2 units in the last place, x clamped to ±87: e^(n ln 2 + r) = 2ⁿ eʳ with |r| ≤ ln 2 / 2 and ln 2 in two parts (Cody and Waite, 1980), eʳ by
    /// its Taylor polynomial.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(-87f)), Vector256.Create(87f));
        var n = Vector256.Round(x * Vector256.Create(1.44269504f));
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-0.693359375f), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(2.12194440e-4f), r);
        var p = Vector256.Create(1f / 5040);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1f / 720));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1f / 120));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1f / 24));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1f / 6));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(0.5f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256<float>.One);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256<float>.One);
        var power = Vector256.ShiftLeft(Vector256.ConvertToInt32(n) + Vector256.Create(127), 23);
        return p * power.AsSingle();
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sigmoid(Vector256<float> x) => Vector256<float>.One / (Vector256<float>.One + Exp(-x));

    /// <summary>The hyperbolic tangent, to 2⁻²³ of 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x) => Vector256<float>.One - (Vector256.Create(2f) / (Exp(x + x) + Vector256<float>.One));

    /// <summary>
    /// The natural logarithm of a positive normal number, to some 1e-14: ln(2ᵉ m) = e ln 2 + 2 artanh((m − 1) / (m + 1)), the latter by its series, m
    /// between √½ and √2.
    /// </summary>
    public static double Log(double x)
    {
        const int MantissaBits = 52;
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> MantissaBits) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & ((1L << MantissaBits) - 1)) | (1023L << MantissaBits));
        if (mantissa > 1.4142135623730951) (mantissa, exponent) = (mantissa / 2, exponent + 1);
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var series = 0.0;
        for (var k = 19; k >= 1; k -= 2) series = (series * square) + (1.0 / k);
        return (exponent * 0.6931471805599453) + (2 * s * series);
    }

    /// <summary>cos(πt) for t from 0 to 1, to some 1e-15: sin(π (½ − t)) by its Taylor series.</summary>
    public static double CosineOfHalfTurns(double t)
    {
        var x = Math.PI * (0.5 - t);
        var square = x * x;
        var series = 1.0;
        for (var k = 21; k >= 3; k -= 2) series = 1 - (series * square / (k * (k - 1)));
        return x * series;
    }
}
