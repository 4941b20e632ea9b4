using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>Names: L or H for the low or high half, S or U for signed or unsigned, and the width of the narrow lanes.</summary>
internal static partial class VectorMath
{
    [MethodImpl(Inline)]
    public static Vector128<byte> ExtendLS8(Vector128<byte> value) => Vector128.WidenLower(value.AsSByte()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ExtendHS8(Vector128<byte> value) => Vector128.WidenUpper(value.AsSByte()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ExtendLU8(Vector128<byte> value) => Vector128.WidenLower(value).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ExtendHU8(Vector128<byte> value) => Vector128.WidenUpper(value).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ExtendLS16(Vector128<byte> value) => Vector128.WidenLower(value.AsInt16()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ExtendHS16(Vector128<byte> value) => Vector128.WidenUpper(value.AsInt16()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ExtendLU16(Vector128<byte> value) => Vector128.WidenLower(value.AsUInt16()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ExtendHU16(Vector128<byte> value) => Vector128.WidenUpper(value.AsUInt16()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ExtendLS32(Vector128<byte> value) => Vector128.WidenLower(value.AsInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ExtendHS32(Vector128<byte> value) => Vector128.WidenUpper(value.AsInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ExtendLU32(Vector128<byte> value) => Vector128.WidenLower(value.AsUInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> ExtendHU32(Vector128<byte> value) => Vector128.WidenUpper(value.AsUInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyLS8(Vector128<byte> a, Vector128<byte> b) => (ExtendLS8(a).AsInt16() * ExtendLS8(b).AsInt16()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyHS8(Vector128<byte> a, Vector128<byte> b) => (ExtendHS8(a).AsInt16() * ExtendHS8(b).AsInt16()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyLU8(Vector128<byte> a, Vector128<byte> b) => (ExtendLU8(a).AsInt16() * ExtendLU8(b).AsInt16()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyHU8(Vector128<byte> a, Vector128<byte> b) => (ExtendHU8(a).AsInt16() * ExtendHU8(b).AsInt16()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyLS16(Vector128<byte> a, Vector128<byte> b) => (ExtendLS16(a).AsInt32() * ExtendLS16(b).AsInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyHS16(Vector128<byte> a, Vector128<byte> b) => (ExtendHS16(a).AsInt32() * ExtendHS16(b).AsInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyLU16(Vector128<byte> a, Vector128<byte> b) => (ExtendLU16(a).AsInt32() * ExtendLU16(b).AsInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyHU16(Vector128<byte> a, Vector128<byte> b) => (ExtendHU16(a).AsInt32() * ExtendHU16(b).AsInt32()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyLS32(Vector128<byte> a, Vector128<byte> b) => (ExtendLS32(a).AsInt64() * ExtendLS32(b).AsInt64()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyHS32(Vector128<byte> a, Vector128<byte> b) => (ExtendHS32(a).AsInt64() * ExtendHS32(b).AsInt64()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyLU32(Vector128<byte> a, Vector128<byte> b) => (ExtendLU32(a).AsInt64() * ExtendLU32(b).AsInt64()).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> MultiplyHU32(Vector128<byte> a, Vector128<byte> b) => (ExtendHU32(a).AsInt64() * ExtendHU32(b).AsInt64()).AsByte();
}
