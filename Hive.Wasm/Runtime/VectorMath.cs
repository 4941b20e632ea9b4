using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>Vector instructions that no single method of <see cref="Vector128"/> carries out; called by compiled code.</summary>
internal static partial class VectorMath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private static Vector128<float> NaN32 => Vector128.Create(0x7fc00000u).AsSingle();

    private static Vector128<double> NaN64 => Vector128.Create(0x7ff8000000000000ul).AsDouble();

    /// <summary>Makes NaN lanes canonical.</summary>
    [MethodImpl(Inline)]
    public static Vector128<byte> CanonicalF32x4(Vector128<byte> value)
    {
        var lanes = value.AsSingle();
        return Vector128.ConditionalSelect(Vector128.Equals(lanes, lanes), lanes, NaN32).AsByte();
    }

    /// <summary>Makes NaN lanes canonical.</summary>
    [MethodImpl(Inline)]
    public static Vector128<byte> CanonicalF64x2(Vector128<byte> value)
    {
        var lanes = value.AsDouble();
        return Vector128.ConditionalSelect(Vector128.Equals(lanes, lanes), lanes, NaN64).AsByte();
    }

    [MethodImpl(Inline)]
    public static Vector128<byte> Create(long low, long high) => Vector128.Create(low, high).AsByte();
}
