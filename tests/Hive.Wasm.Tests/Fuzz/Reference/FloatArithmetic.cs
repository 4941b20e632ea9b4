using System.Numerics;

namespace Hive.Wasm.Tests.Fuzz.Reference;

/// <summary>
/// Float operations on bit patterns of 32 or 64 bits. An f32 is computed in double precision and rounded once more, which for these operations is exact
/// (53 ≥ 2·24 + 2, Figueroa 1995). Every NaN that an operation makes is the canonical one, positive.
/// </summary>
internal static class FloatArithmetic
{
    public static double Read(int width, ulong bits) =>
        width == 32 ? BitConverter.UInt32BitsToSingle((uint)bits) : BitConverter.UInt64BitsToDouble(bits);

    public static ulong Write(int width, double value) => (width, double.IsNaN(value)) switch
    {
        (32, true) => 0x7FC0_0000,
        (32, false) => BitConverter.SingleToUInt32Bits((float)value),
        (_, true) => 0x7FF8_0000_0000_0000,
        _ => BitConverter.DoubleToUInt64Bits(value),
    };

    public static Func<ulong, ulong>? Unary(string name, int width)
    {
        var sign = 1UL << (width - 1);
        Func<ulong, ulong> Computed(Func<double, double> f) => a => Write(width, f(Read(width, a)));
        return name switch
        {
            "abs" => a => a & ~sign,
            "neg" => a => a ^ sign,
            "ceil" => Computed(Math.Ceiling),
            "floor" => Computed(Math.Floor),
            "trunc" => Computed(Math.Truncate),
            "nearest" => Computed(x => Math.Round(x, MidpointRounding.ToEven)),
            "sqrt" => Computed(Math.Sqrt),
            _ => null,
        };
    }

    public static Func<ulong, ulong, ulong>? Binary(string name, int width)
    {
        var sign = 1UL << (width - 1);
        Func<ulong, ulong, ulong> Computed(Func<double, double, double> f) => (a, b) => Write(width, f(Read(width, a), Read(width, b)));
        return name switch
        {
            "add" => Computed((x, y) => x + y),
            "sub" => Computed((x, y) => x - y),
            "mul" => Computed((x, y) => x * y),
            "div" => Computed((x, y) => x / y),
            "min" => Computed((x, y) => Least(x, y)),
            "max" => Computed((x, y) => -Least(-x, -y)),
            "copysign" => (a, b) => (a & ~sign) | (b & sign),
            "pmin" => (a, b) => Read(width, b) < Read(width, a) ? b : a,
            "pmax" => (a, b) => Read(width, a) < Read(width, b) ? b : a,
            _ => null,
        };
    }

    public static Func<ulong, ulong, bool>? Comparison(string name, int width) => name switch
    {
        "eq" => (a, b) => Read(width, a) == Read(width, b),
        "ne" => (a, b) => Read(width, a) != Read(width, b),
        "lt" => (a, b) => Read(width, a) < Read(width, b),
        "gt" => (a, b) => Read(width, a) > Read(width, b),
        "le" => (a, b) => Read(width, a) <= Read(width, b),
        "ge" => (a, b) => Read(width, a) >= Read(width, b),
        _ => null,
    };

    public static ulong Truncate(int width, ulong bits, int integerWidth, bool signed)
    {
        var value = Read(width, bits);
        if (double.IsNaN(value))
        {
            throw new ReferenceTrap(TrapCode.InvalidConversionToInteger);
        }

        var (least, greatest) = Range(integerWidth, signed);
        return double.IsFinite(value) && new BigInteger(value) is var whole && whole >= least && whole <= greatest
            ? IntegerArithmetic.Wrap(integerWidth, (Int128)whole)
            : throw new ReferenceTrap(TrapCode.IntegerOverflow);
    }

    public static ulong TruncateSaturating(int width, ulong bits, int integerWidth, bool signed)
    {
        var value = Read(width, bits);
        var (least, greatest) = Range(integerWidth, signed);
        var whole = double.IsNaN(value) ? BigInteger.Zero
            : double.IsInfinity(value) ? (value > 0 ? greatest : least)
            : BigInteger.Min(BigInteger.Max(new BigInteger(value), least), greatest);
        return IntegerArithmetic.Wrap(integerWidth, (Int128)whole);
    }

    /// <summary>An integer as the nearest float, ties to even, worked out bit by bit.</summary>
    public static ulong Convert(int width, Int128 value)
    {
        var (fractionBits, bias) = width == 32 ? (23, 127) : (52, 1023);
        if (value == 0)
        {
            return 0;
        }

        var magnitude = (UInt128)Int128.Abs(value);
        var top = 127 - (int)UInt128.LeadingZeroCount(magnitude);
        var significand = magnitude;
        if (top > fractionBits)
        {
            var dropped = top - fractionBits;
            var half = UInt128.One << (dropped - 1);
            var remainder = magnitude & ((UInt128.One << dropped) - 1);
            significand = magnitude >> dropped;
            significand += remainder > half || (remainder == half && !UInt128.IsEvenInteger(significand)) ? 1u : 0u;
        }
        else
        {
            significand <<= fractionBits - top;
        }

        var bits = ((ulong)(top + bias - 1) << fractionBits) + (ulong)significand;
        return bits | (value < 0 ? 1UL << (width - 1) : 0);
    }

    private static double Least(double x, double y) =>
        double.IsNaN(x) || double.IsNaN(y) ? double.NaN
        : x == 0 && y == 0 ? (double.IsNegative(x) ? x : y)
        : x < y ? x : y;

    private static (BigInteger Least, BigInteger Greatest) Range(int width, bool signed) => signed
        ? (-(BigInteger.One << (width - 1)), (BigInteger.One << (width - 1)) - 1)
        : (BigInteger.Zero, (BigInteger.One << width) - 1);
}
