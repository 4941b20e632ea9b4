using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

internal static partial class VectorMath
{
    [MethodImpl(Inline)]
    public static Vector128<byte> AbsF32(Vector128<byte> value) => (value.AsUInt32() & Vector128.Create(0x7fffffffu)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> AbsF64(Vector128<byte> value) => (value.AsUInt64() & Vector128.Create(0x7ffffffffffffffful)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> NegateF32(Vector128<byte> value) => (value.AsUInt32() ^ Vector128.Create(0x80000000u)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> NegateF64(Vector128<byte> value) => (value.AsUInt64() ^ Vector128.Create(0x8000000000000000ul)).AsByte();

    /// <summary>b if b is less than a, else a: NaNs and signs of zero as the comparison has it.</summary>
    [MethodImpl(Inline)]
    public static Vector128<byte> PseudoMin<T>(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(b.As<byte, T>(), a.As<byte, T>()), b.As<byte, T>(), a.As<byte, T>()).AsByte();

    /// <summary>b if a is less than b, else a.</summary>
    [MethodImpl(Inline)]
    public static Vector128<byte> PseudoMax<T>(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a.As<byte, T>(), b.As<byte, T>()), b.As<byte, T>(), a.As<byte, T>()).AsByte();

    /// <summary>Rounded after the product and after the sum, so that machines with and without fused instructions agree.</summary>
    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyAddF32(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => (a.AsSingle() * b.AsSingle() + c.AsSingle()).AsByte();

    /// <inheritdoc cref="MultiplyAddF32"/>
    [MethodImpl(Inline)]
    public static Vector128<byte> NegatedMultiplyAddF32(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) =>
        (c.AsSingle() - a.AsSingle() * b.AsSingle()).AsByte();

    /// <inheritdoc cref="MultiplyAddF32"/>
    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyAddF64(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => (a.AsDouble() * b.AsDouble() + c.AsDouble()).AsByte();

    /// <inheritdoc cref="MultiplyAddF32"/>
    [MethodImpl(Inline)]
    public static Vector128<byte> NegatedMultiplyAddF64(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) =>
        (c.AsDouble() - a.AsDouble() * b.AsDouble()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> Demote(Vector128<byte> value) => Vector128.Narrow(value.AsDouble(), Vector128<double>.Zero).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> Promote(Vector128<byte> value) => Vector128.WidenLower(value.AsSingle()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> TruncateF32Signed(Vector128<byte> value) => Vector128.ConvertToInt32(value.AsSingle()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> TruncateF32Unsigned(Vector128<byte> value) => Vector128.ConvertToUInt32(value.AsSingle()).AsByte();

    public static Vector128<byte> TruncateF64Signed(Vector128<byte> value)
    {
        var lanes = value.AsDouble();
        return Vector128.Create((int)lanes[0], (int)lanes[1], 0, 0).AsByte();
    }

    public static Vector128<byte> TruncateF64Unsigned(Vector128<byte> value)
    {
        var lanes = value.AsDouble();
        return Vector128.Create((uint)lanes[0], (uint)lanes[1], 0, 0).AsByte();
    }

    [MethodImpl(Inline)]
    public static Vector128<byte> ConvertSignedF32(Vector128<byte> value) => Vector128.ConvertToSingle(value.AsInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ConvertUnsignedF32(Vector128<byte> value) => Vector128.ConvertToSingle(value.AsUInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ConvertSignedF64(Vector128<byte> value) => Vector128.ConvertToDouble(Vector128.WidenLower(value.AsInt32())).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ConvertUnsignedF64(Vector128<byte> value) => Vector128.ConvertToDouble(Vector128.WidenLower(value.AsUInt32())).AsByte();
}
