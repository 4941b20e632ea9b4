using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hive.Explorers;

/// <summary>The few operations on vectors that descent spends its time in. Their width is fixed, so that a sum rounds alike on every machine.</summary>
internal static class Vectors
{
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var a0 = ref MemoryMarshal.GetReference(a);
        ref var b0 = ref MemoryMarshal.GetReference(b);
        var sums = Vector256<double>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            sums += Vector256.LoadUnsafe(ref a0, (nuint)i) * Vector256.LoadUnsafe(ref b0, (nuint)i);
        }

        var sum = sums[0] + sums[1] + (sums[2] + sums[3]);
        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    public static double Norm(ReadOnlySpan<double> a) => Math.Sqrt(Dot(a, a));

    /// <summary>Adds a multiple of one vector to another.</summary>
    public static void AddScaled(Span<double> to, double factor, ReadOnlySpan<double> of)
    {
        ref var to0 = ref MemoryMarshal.GetReference(to);
        ref var of0 = ref MemoryMarshal.GetReference(of);
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i <= to.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            (Vector256.LoadUnsafe(ref to0, (nuint)i) + (factors * Vector256.LoadUnsafe(ref of0, (nuint)i))).StoreUnsafe(ref to0, (nuint)i);
        }

        for (; i < to.Length; i++)
        {
            to[i] += factor * of[i];
        }
    }

    public static double Greatest(ReadOnlySpan<double> a)
    {
        var greatest = 0.0;
        foreach (var value in a)
        {
            greatest = Math.Max(greatest, Math.Abs(value));
        }

        return greatest;
    }
}
