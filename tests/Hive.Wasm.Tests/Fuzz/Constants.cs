using System.Globalization;

namespace Hive.Wasm.Tests.Fuzz;

/// <summary>Random numbers that lean to the edges where operations differ, as bits and as text.</summary>
internal static class Constants
{
    private static readonly ulong[] Edges32 =
    [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_FFFF, 31, 32, 33, 64,
        0x3F80_0000, 0xBF80_0000, 0x3F00_0000, 0x4F00_0000, 0xCF00_0000, 0x4F80_0000, 0x5F00_0000, 0x7F80_0000, 0xFF80_0000,
        0x7FC0_0000, 0xFFC0_0000, 0x7F80_0001, 0xFFBF_FFFF, 0x0080_0000, 0x007F_FFFF, 0x7F7F_FFFF, 0x4B00_0001, 0x3FC0_0000, 0x4020_0000,
    ];

    private static readonly ulong[] Edges64 =
    [
        0, 1, 0xFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, ulong.MaxValue, 63, 64, 65,
        0x3FF0_0000_0000_0000, 0xBFF0_0000_0000_0000, 0x3FE0_0000_0000_0000, 0x41DF_FFFF_FFC0_0000, 0x41E0_0000_0000_0000, 0xC1E0_0000_0020_0000,
        0x41EF_FFFF_FFE0_0000, 0x43E0_0000_0000_0000, 0xC3E0_0000_0000_0000, 0x43F0_0000_0000_0000, 0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000,
        0x7FF8_0000_0000_0000, 0xFFF8_0000_0000_0000, 0x7FF0_0000_0000_0001, 0x0010_0000_0000_0000, 0x000F_FFFF_FFFF_FFFF, 0x7FEF_FFFF_FFFF_FFFF,
        0x36A0_0000_0000_0000, 0x47EF_FFFF_F000_0000, 0x0020_0020_0001_0001, 0x8000_8000_7FFF_7FFF,
    ];

    public static UInt128 Bits(ValueKind kind, Random random) => kind switch
    {
        ValueKind.I32 or ValueKind.F32 => Bits32(random),
        ValueKind.V128 => new UInt128(Half(random), Half(random)),
        _ => Bits64(random),
    };

    /// <summary>The instruction that pushes a random constant.</summary>
    public static string Text(ValueKind kind, Random random)
    {
        var bits = kind >= ValueKind.FuncRef ? 0 : Bits(kind, random);
        return kind switch
        {
            ValueKind.I32 => $"i32.const {(int)(uint)bits}",
            ValueKind.I64 => $"i64.const {(long)(ulong)bits}",
            ValueKind.F32 => $"f32.const {Float((ulong)bits, 23, 8)}",
            ValueKind.F64 => $"f64.const {Float((ulong)bits, 52, 11)}",
            ValueKind.V128 => $"v128.const i64x2 0x{(ulong)bits:x} 0x{(ulong)(bits >> 64):x}",
            ValueKind.FuncRef => "ref.null func",
            ValueKind.ExnRef => "ref.null exn",
            _ => "ref.null extern",
        };
    }

    private static ulong Bits32(Random random) => random.Next(10) switch
    {
        < 5 => Edges32[random.Next(Edges32.Length)],
        < 8 => (uint)random.Next(-100, 100),
        _ => (uint)random.NextInt64(),
    };

    private static ulong Bits64(Random random) => random.Next(10) switch
    {
        < 5 => Edges64[random.Next(Edges64.Length)],
        < 8 => (ulong)random.Next(-100, 100),
        _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
    };

    private static ulong Half(Random random) => random.Next(2) == 0 ? Bits64(random) : (Bits32(random) << 32) | Bits32(random);

    private static string Float(ulong bits, int fractionBits, int exponentBits)
    {
        var fraction = bits & ((1UL << fractionBits) - 1);
        var exponent = (int)(bits >> fractionBits) & ((1 << exponentBits) - 1);
        var sign = (bits >> (fractionBits + exponentBits) & 1) == 1 ? "-" : "";
        var bias = (1 << (exponentBits - 1)) - 1;
        var magnitude = exponent == (1 << exponentBits) - 1
            ? fraction == 0 ? "inf" : $"nan:0x{fraction:x}"
            : string.Create(CultureInfo.InvariantCulture, $"0x{(exponent == 0 ? fraction : fraction | (1UL << fractionBits)):x}p{Math.Max(exponent, 1) - bias - fractionBits}");
        return sign + magnitude;
    }
}
