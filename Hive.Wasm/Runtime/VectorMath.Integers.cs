using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

internal static partial class VectorMath
{
    [MethodImpl(Inline)]
    public static Vector128<byte> Swizzle(Vector128<byte> value, Vector128<byte> lanes) => Vector128.Shuffle(value, lanes);

    [MethodImpl(Inline)]
    public static Vector128<byte> BitSelect(Vector128<byte> ones, Vector128<byte> zeros, Vector128<byte> mask) =>
        Vector128.ConditionalSelect(mask, ones, zeros);

    [MethodImpl(Inline)]
    public static int AnyTrue(Vector128<byte> value) => value != Vector128<byte>.Zero ? 1 : 0;

    [MethodImpl(Inline)]
    public static int AllTrue<T>(Vector128<byte> value) => Vector128.EqualsAny(value.As<byte, T>(), Vector128<T>.Zero) ? 0 : 1;

    [MethodImpl(Inline)]
    public static int BitMask<T>(Vector128<byte> value) => (int)value.As<byte, T>().ExtractMostSignificantBits();

    [MethodImpl(Inline)]
    public static Vector128<byte> NotEquals<T>(Vector128<byte> a, Vector128<byte> b) => ~Vector128.Equals(a.As<byte, T>(), b.As<byte, T>()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> Abs<T>(Vector128<byte> value)
    {
        var lanes = value.As<byte, T>();
        var negative = Vector128.LessThan(lanes, Vector128<T>.Zero);
        return ((lanes ^ negative) - negative).AsByte();
    }

    /// <summary>Counts bits in each byte by adding ever wider fields.</summary>
    public static Vector128<byte> PopCount(Vector128<byte> value)
    {
        value -= Vector128.ShiftRightLogical(value, 1) & Vector128.Create((byte)0x55);
        value = (value & Vector128.Create((byte)0x33)) + (Vector128.ShiftRightLogical(value, 2) & Vector128.Create((byte)0x33));
        return (value + Vector128.ShiftRightLogical(value, 4)) & Vector128.Create((byte)0x0f);
    }

    [MethodImpl(Inline)]
    public static Vector128<byte> NarrowI16Signed(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.Narrow(Clamp<short>(a.AsInt16(), sbyte.MinValue, sbyte.MaxValue), Clamp<short>(b.AsInt16(), sbyte.MinValue, sbyte.MaxValue)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> NarrowI16Unsigned(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.Narrow(Clamp<short>(a.AsInt16(), 0, byte.MaxValue).AsUInt16(), Clamp<short>(b.AsInt16(), 0, byte.MaxValue).AsUInt16());

    [MethodImpl(Inline)]
    public static Vector128<byte> NarrowI32Signed(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.Narrow(Clamp(a.AsInt32(), short.MinValue, short.MaxValue), Clamp(b.AsInt32(), short.MinValue, short.MaxValue)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> NarrowI32Unsigned(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.Narrow(Clamp(a.AsInt32(), 0, ushort.MaxValue).AsUInt32(), Clamp(b.AsInt32(), 0, ushort.MaxValue).AsUInt32()).AsByte();

    [MethodImpl(Inline)]
    private static Vector128<T> Clamp<T>(Vector128<T> value, T low, T high) =>
        Vector128.Min(Vector128.Max(value, Vector128.Create(low)), Vector128.Create(high));

    /// <summary>The rounded mean without a wider type: (a + b + 1) / 2 = (a | b) − ((a ^ b) / 2).</summary>
    [MethodImpl(Inline)]
    public static Vector128<byte> Average8(Vector128<byte> a, Vector128<byte> b) => (a | b) - Vector128.ShiftRightLogical(a ^ b, 1);

    /// <inheritdoc cref="Average8"/>
    [MethodImpl(Inline)]
    public static Vector128<byte> Average16(Vector128<byte> a, Vector128<byte> b) =>
        ((a | b).AsUInt16() - Vector128.ShiftRightLogical((a ^ b).AsUInt16(), 1)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> Q15MultiplySaturate(Vector128<byte> a, Vector128<byte> b)
    {
        var low = Round(Vector128.WidenLower(a.AsInt16()) * Vector128.WidenLower(b.AsInt16()));
        var high = Round(Vector128.WidenUpper(a.AsInt16()) * Vector128.WidenUpper(b.AsInt16()));
        return Vector128.Narrow(low, high).AsByte();

        static Vector128<int> Round(Vector128<int> product) =>
            Vector128.Min(Vector128.ShiftRightArithmetic(product + Vector128.Create(0x4000), 15), Vector128.Create((int)short.MaxValue));
    }

    [MethodImpl(Inline)]
    public static Vector128<byte> DotI16(Vector128<byte> a, Vector128<byte> b) => (Even16(a) * Even16(b) + Odd16(a) * Odd16(b)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> DotI8(Vector128<byte> a, Vector128<byte> b) => Vector128.AddSaturate(Even8(a) * Even8(b), Odd8(a) * Odd8(b)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> DotAddI8(Vector128<byte> a, Vector128<byte> b, Vector128<byte> sum) => (AddPairs16(DotI8(a, b)).AsInt32() + sum.AsInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> AddPairs8(Vector128<byte> value) => (Even8(value) + Odd8(value)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> AddPairs8Unsigned(Vector128<byte> value) =>
        ((value.AsUInt16() & Vector128.Create((ushort)0xff)) + Vector128.ShiftRightLogical(value.AsUInt16(), 8)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> AddPairs16(Vector128<byte> value) => (Even16(value) + Odd16(value)).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> AddPairs16Unsigned(Vector128<byte> value) =>
        ((value.AsUInt32() & Vector128.Create(0xffffu)) + Vector128.ShiftRightLogical(value.AsUInt32(), 16)).AsByte();

    [MethodImpl(Inline)]
    private static Vector128<short> Even8(Vector128<byte> value) => Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(value.AsInt16(), 8), 8);

    [MethodImpl(Inline)]
    private static Vector128<short> Odd8(Vector128<byte> value) => Vector128.ShiftRightArithmetic(value.AsInt16(), 8);

    [MethodImpl(Inline)]
    private static Vector128<int> Even16(Vector128<byte> value) => Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(value.AsInt32(), 16), 16);

    [MethodImpl(Inline)]
    private static Vector128<int> Odd16(Vector128<byte> value) => Vector128.ShiftRightArithmetic(value.AsInt32(), 16);
}
