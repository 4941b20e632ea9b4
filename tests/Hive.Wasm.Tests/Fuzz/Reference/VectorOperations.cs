namespace Hive.Wasm.Tests.Fuzz.Reference;

/// <summary>Vector instructions without immediates, lane by lane: the specification's section "Vector Operations".</summary>
internal static class VectorOperations
{
    public static ulong[] Lanes(UInt128 bits, int width) =>
        [.. Enumerable.Range(0, 128 / width).Select(i => (ulong)(bits >> (i * width)) & IntegerArithmetic.Mask(width))];

    public static UInt128 Join(IEnumerable<ulong> lanes, int width) =>
        lanes.Select((lane, i) => (UInt128)lane << (i * width)).Aggregate(UInt128.Zero, (all, lane) => all | lane);

    public static int LaneWidth(string shape) => shape switch
    {
        "i8x16" => 8,
        "i16x8" => 16,
        "i32x4" or "f32x4" => 32,
        _ => 64,
    };

    public static ValueKind LaneKind(string shape) => shape switch
    {
        "i8x16" or "i16x8" or "i32x4" => ValueKind.I32,
        "i64x2" => ValueKind.I64,
        "f32x4" => ValueKind.F32,
        _ => ValueKind.F64,
    };

    public static NumericOperation? For(string shape, string name)
    {
        if (shape == "v128")
        {
            return Bitwise(name);
        }

        var width = LaneWidth(shape);
        var isFloat = shape[0] == 'f';
        if (name == "splat")
        {
            var kind = LaneKind(shape);
            return new NumericOperation([kind], ValueKind.V128, c =>
                Vector(Enumerable.Repeat(c[0].Word & IntegerArithmetic.Mask(width), 128 / width), width));
        }

        if (!isFloat && name is "shl" or "shr_s" or "shr_u")
        {
            var shift = IntegerArithmetic.Binary(name, width)!;
            return new NumericOperation([ValueKind.V128, ValueKind.I32], ValueKind.V128, c =>
                Vector(Lanes(c[0].Bits, width).Select(a => shift(a, c[1].Word)), width));
        }

        var comparison = isFloat ? FloatArithmetic.Comparison(name, width) : IntegerArithmetic.Comparison(name, width);
        var unary = isFloat ? FloatArithmetic.Unary(name, width) : IntegerArithmetic.Unary(name, width);
        var binary = isFloat ? FloatArithmetic.Binary(name, width) : IntegerArithmetic.Binary(name, width);
        return comparison is not null ? Binary((a, b) => Zip(a, b, width, (x, y) => comparison(x, y) ? IntegerArithmetic.Mask(width) : 0))
            : unary is not null ? Unary(a => Join(Lanes(a, width).Select(unary), width))
            : binary is not null ? Binary((a, b) => Zip(a, b, width, binary))
            : isFloat ? FloatConversion(name)
            : IntegerShape(name, width);
    }

    private static NumericOperation? Bitwise(string name) => name switch
    {
        "not" => Unary(a => ~a),
        "and" => Binary((a, b) => a & b),
        "andnot" => Binary((a, b) => a & ~b),
        "or" => Binary((a, b) => a | b),
        "xor" => Binary((a, b) => a ^ b),
        "bitselect" => new NumericOperation([ValueKind.V128, ValueKind.V128, ValueKind.V128], ValueKind.V128, c =>
            new Cell(ValueKind.V128, (c[0].Bits & c[2].Bits) | (c[1].Bits & ~c[2].Bits))),
        "any_true" => Test(a => a == 0 ? 0u : 1),
        _ => null,
    };

    private static NumericOperation? IntegerShape(string name, int width)
    {
        var half = width / 2;
        var signed = name.EndsWith("_s", StringComparison.Ordinal);
        ulong Widen(ulong lane) => signed ? IntegerArithmetic.Wrap(width, IntegerArithmetic.Signed(half, lane)) : lane;
        ulong[] Half(UInt128 bits, bool high) => Lanes(bits, half)[(high ? 64 / half : 0)..(high ? 128 / half : 64 / half)];
        ulong Product(ulong a, ulong b) => IntegerArithmetic.Binary("mul", width)!(Widen(a), Widen(b));
        switch (name.Split('_'))
        {
            case ["all", "true"]:
                return Test(a => Lanes(a, width).All(l => l != 0) ? 1u : 0);
            case ["bitmask"]:
                return Test(a => (uint)Lanes(a, width).Select((l, i) => l >> (width - 1) << i).Aggregate(0UL, (all, bit) => all | bit));
            case ["swizzle"]:
                return Binary((a, b) => Join(Lanes(b, 8).Select(i => i < 16 ? Lanes(a, 8)[i] : 0), 8));
            case ["narrow", _, _]:
                ulong Narrow(ulong lane) => signed
                    ? IntegerArithmetic.SaturateSigned(width, IntegerArithmetic.Signed(width * 2, lane))
                    : IntegerArithmetic.SaturateUnsigned(width, IntegerArithmetic.Signed(width * 2, lane));
                return Binary((a, b) => Join([.. Lanes(a, width * 2).Select(Narrow), .. Lanes(b, width * 2).Select(Narrow)], width));
            case ["extend", var part, _, _]:
                return Unary(a => Join(Half(a, part == "high").Select(Widen), width));
            case ["extmul", var part, _, _]:
                return Binary((a, b) => Join(Half(a, part == "high").Zip(Half(b, part == "high"), Product), width));
            case ["extadd", "pairwise", _, _]:
                return Unary(a => Join(Lanes(a, half).Chunk(2).Select(p => IntegerArithmetic.Wrap(width, (Int128)Widen(p[0]) + Widen(p[1]))), width));
            case ["dot", _, _]:
                return Binary((a, b) => Join(
                    Lanes(a, half).Zip(Lanes(b, half), Product).Chunk(2).Select(p => IntegerArithmetic.Wrap(width, (Int128)p[0] + p[1])), width));
            case ["trunc", "sat", "f32x4", _]:
                return Unary(a => Join(Lanes(a, 32).Select(l => FloatArithmetic.TruncateSaturating(32, l, 32, signed)), 32));
            case ["trunc", "sat", "f64x2", var sign, "zero"]:
                return Unary(a => Join(Lanes(a, 64).Select(l => FloatArithmetic.TruncateSaturating(64, l, 32, sign == "s")), 32));
            default:
                return null;
        }
    }

    private static NumericOperation? FloatConversion(string name) => name switch
    {
        "convert_i32x4_s" => Unary(a => Join(Lanes(a, 32).Select(l => FloatArithmetic.Convert(32, IntegerArithmetic.Signed(32, l))), 32)),
        "convert_i32x4_u" => Unary(a => Join(Lanes(a, 32).Select(l => FloatArithmetic.Convert(32, l)), 32)),
        "convert_low_i32x4_s" => Unary(a => Join(Lanes(a, 32)[..2].Select(l => FloatArithmetic.Convert(64, IntegerArithmetic.Signed(32, l))), 64)),
        "convert_low_i32x4_u" => Unary(a => Join(Lanes(a, 32)[..2].Select(l => FloatArithmetic.Convert(64, l)), 64)),
        "demote_f64x2_zero" => Unary(a => Join(Lanes(a, 64).Select(l => FloatArithmetic.Write(32, FloatArithmetic.Read(64, l))), 32)),
        "promote_low_f32x4" => Unary(a => Join(Lanes(a, 32)[..2].Select(l => FloatArithmetic.Write(64, FloatArithmetic.Read(32, l))), 64)),
        _ => null,
    };

    private static UInt128 Zip(UInt128 a, UInt128 b, int width, Func<ulong, ulong, ulong> f) => Join(Lanes(a, width).Zip(Lanes(b, width), f), width);

    private static Cell Vector(IEnumerable<ulong> lanes, int width) => new(ValueKind.V128, Join(lanes, width));

    private static NumericOperation Unary(Func<UInt128, UInt128> f) =>
        new([ValueKind.V128], ValueKind.V128, c => new Cell(ValueKind.V128, f(c[0].Bits)));

    private static NumericOperation Binary(Func<UInt128, UInt128, UInt128> f) =>
        new([ValueKind.V128, ValueKind.V128], ValueKind.V128, c => new Cell(ValueKind.V128, f(c[0].Bits, c[1].Bits)));

    private static NumericOperation Test(Func<UInt128, uint> f) => new([ValueKind.V128], ValueKind.I32, c => Cell.I32(f(c[0].Bits)));
}
