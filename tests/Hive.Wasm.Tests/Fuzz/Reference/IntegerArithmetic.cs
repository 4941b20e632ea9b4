namespace Hive.Wasm.Tests.Fuzz.Reference;

/// <summary>
/// Integer operations of any width up to 64 bits, straight from the specification's section "Integer Operations", in arithmetic wide enough never to overflow.
/// </summary>
internal static class IntegerArithmetic
{
    public static ulong Mask(int width) => ulong.MaxValue >> (64 - width);

    public static Int128 Signed(int width, ulong value) =>
        (value >> (width - 1) & 1) == 1 ? (Int128)value - (Int128.One << width) : value;

    public static ulong Wrap(int width, Int128 value) => (ulong)(value & (Int128)Mask(width));

    public static ulong SaturateSigned(int width, Int128 value) =>
        Wrap(width, Int128.Clamp(value, -(Int128.One << (width - 1)), (Int128.One << (width - 1)) - 1));

    public static ulong SaturateUnsigned(int width, Int128 value) => Wrap(width, Int128.Clamp(value, 0, Mask(width)));

    public static Func<ulong, ulong>? Unary(string name, int width) => name switch
    {
        "clz" => a => (ulong)Enumerable.Range(0, width).TakeWhile(i => (a >> (width - 1 - i) & 1) == 0).Count(),
        "ctz" => a => (ulong)Enumerable.Range(0, width).TakeWhile(i => (a >> i & 1) == 0).Count(),
        "popcnt" => a => (ulong)Enumerable.Range(0, width).Count(i => (a >> i & 1) == 1),
        "extend8_s" => a => Wrap(width, Signed(8, a & 0xFF)),
        "extend16_s" => a => Wrap(width, Signed(16, a & 0xFFFF)),
        "extend32_s" => a => Wrap(width, Signed(32, a & 0xFFFF_FFFF)),
        "abs" => a => Wrap(width, Int128.Abs(Signed(width, a))),
        "neg" => a => Wrap(width, -(Int128)a),
        _ => null,
    };

    public static Func<ulong, ulong, ulong>? Binary(string name, int width) => name switch
    {
        "add" => (a, b) => Wrap(width, (Int128)a + b),
        "sub" => (a, b) => Wrap(width, (Int128)a - b),
        "mul" => (a, b) => (ulong)((UInt128)a * b & Mask(width)),
        "div_s" => (a, b) => DivideSigned(width, a, b),
        "div_u" => (a, b) => b == 0 ? throw new ReferenceTrap(TrapCode.IntegerDivideByZero) : a / b,
        "rem_s" => (a, b) => b == 0 ? throw new ReferenceTrap(TrapCode.IntegerDivideByZero) : Wrap(width, Signed(width, a) % Signed(width, b)),
        "rem_u" => (a, b) => b == 0 ? throw new ReferenceTrap(TrapCode.IntegerDivideByZero) : a % b,
        "and" => (a, b) => a & b,
        "or" => (a, b) => a | b,
        "xor" => (a, b) => a ^ b,
        "shl" => (a, b) => a << (int)(b % (ulong)width) & Mask(width),
        "shr_u" => (a, b) => a >> (int)(b % (ulong)width),
        "shr_s" => (a, b) => Wrap(width, Signed(width, a) >> (int)(b % (ulong)width)),
        "rotl" => (a, b) => Rotate(width, a, (int)(b % (ulong)width)),
        "rotr" => (a, b) => Rotate(width, a, (int)((ulong)width - (b % (ulong)width)) % width),
        "min_s" => (a, b) => Signed(width, a) < Signed(width, b) ? a : b,
        "max_s" => (a, b) => Signed(width, a) > Signed(width, b) ? a : b,
        "min_u" => Math.Min,
        "max_u" => Math.Max,
        "add_sat_s" => (a, b) => SaturateSigned(width, Signed(width, a) + Signed(width, b)),
        "sub_sat_s" => (a, b) => SaturateSigned(width, Signed(width, a) - Signed(width, b)),
        "add_sat_u" => (a, b) => SaturateUnsigned(width, (Int128)a + b),
        "sub_sat_u" => (a, b) => SaturateUnsigned(width, (Int128)a - b),
        "avgr_u" => (a, b) => (a + b + 1) / 2,
        "q15mulr_sat_s" => (a, b) => SaturateSigned(width, ((Signed(width, a) * Signed(width, b)) + 0x4000) >> 15),
        _ => null,
    };

    public static Func<ulong, ulong, bool>? Comparison(string name, int width) => name switch
    {
        "eq" => (a, b) => a == b,
        "ne" => (a, b) => a != b,
        "lt_s" => (a, b) => Signed(width, a) < Signed(width, b),
        "gt_s" => (a, b) => Signed(width, a) > Signed(width, b),
        "le_s" => (a, b) => Signed(width, a) <= Signed(width, b),
        "ge_s" => (a, b) => Signed(width, a) >= Signed(width, b),
        "lt_u" => (a, b) => a < b,
        "gt_u" => (a, b) => a > b,
        "le_u" => (a, b) => a <= b,
        "ge_u" => (a, b) => a >= b,
        _ => null,
    };

    private static ulong DivideSigned(int width, ulong a, ulong b)
    {
        if (b == 0)
        {
            throw new ReferenceTrap(TrapCode.IntegerDivideByZero);
        }

        var quotient = Signed(width, a) / Signed(width, b);
        return quotient == Int128.One << (width - 1) ? throw new ReferenceTrap(TrapCode.IntegerOverflow) : Wrap(width, quotient);
    }

    private static ulong Rotate(int width, ulong a, int left) =>
        left == 0 ? a : (a << left | a >> (width - left)) & Mask(width);
}
