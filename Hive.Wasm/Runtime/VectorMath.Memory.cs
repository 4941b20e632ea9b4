using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>Turns what a load fetched into a vector.</summary>
internal static partial class VectorMath
{
    [MethodImpl(Inline)]
    public static Vector128<byte> Load8x8S(long bits) => ExtendLS8(Vector128.CreateScalar(bits).AsByte());

    [MethodImpl(Inline)]
    public static Vector128<byte> Load8x8U(long bits) => ExtendLU8(Vector128.CreateScalar(bits).AsByte());

    [MethodImpl(Inline)]
    public static Vector128<byte> Load16x4S(long bits) => ExtendLS16(Vector128.CreateScalar(bits).AsByte());

    [MethodImpl(Inline)]
    public static Vector128<byte> Load16x4U(long bits) => ExtendLU16(Vector128.CreateScalar(bits).AsByte());

    [MethodImpl(Inline)]
    public static Vector128<byte> Load32x2S(long bits) => ExtendLS32(Vector128.CreateScalar(bits).AsByte());

    [MethodImpl(Inline)]
    public static Vector128<byte> Load32x2U(long bits) => ExtendLU32(Vector128.CreateScalar(bits).AsByte());

    [MethodImpl(Inline)]
    public static Vector128<byte> Splat8(int value) => Vector128.Create((byte)value);

    [MethodImpl(Inline)]
    public static Vector128<byte> Splat16(int value) => Vector128.Create((short)value).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> Splat32(int value) => Vector128.Create(value).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> Splat64(long value) => Vector128.Create(value).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> SplatF32(float value) => Vector128.Create(value).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> SplatF64(double value) => Vector128.Create(value).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> Zero32(int value) => Vector128.CreateScalar(value).AsByte();

    [MethodImpl(Inline)]
    public static Vector128<byte> Zero64(long value) => Vector128.CreateScalar(value).AsByte();
}
