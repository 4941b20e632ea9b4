using System.Globalization;
using System.Numerics;
using System.Text;

namespace Hive.Wasm.Text;

/// <summary>
/// Reads float literals as bit patterns, correctly rounded (to nearest, ties to even) straight to the wanted format, so that an f32 is never
/// rounded twice. Grammar: the specification's section "Floating-Point": decimal, hexadecimal, <c>inf</c>, <c>nan</c>, <c>nan:0x</c>payload.
/// </summary>
internal static class FloatLiteral
{
    // The value of a decimal literal is 0.d₁d₂… × 10^point. Beyond these points it is zero or infinite in both formats.
    private const long LargestDecimalPoint = 400;

    public static LiteralStatus Float32(ReadOnlySpan<byte> text, out uint bits)
    {
        var status = Parse(text, 23, 8, s => BitConverter.SingleToUInt32Bits(float.Parse(s, CultureInfo.InvariantCulture)), out var wide);
        bits = (uint)wide;
        return status;
    }

    public static LiteralStatus Float64(ReadOnlySpan<byte> text, out ulong bits) =>
        Parse(text, 52, 11, s => BitConverter.DoubleToUInt64Bits(double.Parse(s, CultureInfo.InvariantCulture)), out bits);

    private static LiteralStatus Parse(
        ReadOnlySpan<byte> text, int fractionBits, int exponentBits, Func<string, ulong> parseDecimal, out ulong bits)
    {
        var negative = text.StartsWith("-"u8);
        text = negative || text.StartsWith("+"u8) ? text[1..] : text;
        var infinity = ((1UL << exponentBits) - 1) << fractionBits;
        var status = Magnitude(text, fractionBits, exponentBits, infinity, parseDecimal, out bits);
        bits |= negative ? 1UL << (fractionBits + exponentBits) : 0;
        return status;
    }

    private static LiteralStatus Magnitude(
        ReadOnlySpan<byte> text, int fractionBits, int exponentBits, ulong infinity, Func<string, ulong> parseDecimal, out ulong bits)
    {
        bits = infinity;
        if (text.SequenceEqual("inf"u8))
        {
            return LiteralStatus.Parsed;
        }

        if (text.SequenceEqual("nan"u8))
        {
            bits |= 1UL << (fractionBits - 1);
            return LiteralStatus.Parsed;
        }

        if (text.StartsWith("nan:0x"u8))
        {
            var status = IntegerLiteral.Natural(text[4..], out var payload);
            bits |= payload;
            return status == LiteralStatus.Parsed && (payload == 0 || payload >> fractionBits != 0) ? LiteralStatus.OutOfRange : status;
        }

        var hexadecimal = text.StartsWith("0x"u8);
        if (!TrySplit(hexadecimal ? text[2..] : text, hexadecimal, out var parts))
        {
            return LiteralStatus.Malformed;
        }

        bits = hexadecimal ? Hexadecimal(parts, fractionBits, exponentBits) : Decimal(parts, infinity, parseDecimal);
        return bits >= infinity ? LiteralStatus.OutOfRange : LiteralStatus.Parsed;
    }

    /// <summary>The significant digits without leading zeros; the value is 0.digits × base^Point × (2 or 10)^Exponent.</summary>
    private readonly record struct Parts(string Digits, long Point, long Exponent);

    // digits ('.' digits?)? (('e' | 'p') sign? decimal digits)?
    private static bool TrySplit(ReadOnlySpan<byte> text, bool hexadecimal, out Parts parts)
    {
        parts = default;
        var radix = hexadecimal ? 16u : 10u;
        var mark = hexadecimal ? text.IndexOfAny((byte)'p', (byte)'P') : text.IndexOfAny((byte)'e', (byte)'E');
        long exponent = 0;
        if (mark >= 0)
        {
            var exponentText = text[(mark + 1)..];
            var negative = exponentText.StartsWith("-"u8);
            exponentText = negative || exponentText.StartsWith("+"u8) ? exponentText[1..] : exponentText;
            if (!IntegerLiteral.AreDigits(exponentText, 10))
            {
                return false;
            }

            exponent = ClampedDecimal(exponentText) * (negative ? -1 : 1);
            text = text[..mark];
        }

        var dot = text.IndexOf((byte)'.');
        var whole = dot < 0 ? text : text[..dot];
        var fraction = dot < 0 ? default : text[(dot + 1)..];
        if (!IntegerLiteral.AreDigits(whole, radix) || (!fraction.IsEmpty && !IntegerLiteral.AreDigits(fraction, radix)))
        {
            return false;
        }

        var wholeDigits = Plain(whole);
        var digits = string.Concat(wholeDigits, Plain(fraction));
        var significant = digits.TrimStart('0');
        parts = new Parts(significant, wholeDigits.Length - (digits.Length - significant.Length), exponent);
        return true;
    }

    private static string Plain(ReadOnlySpan<byte> digits) => Encoding.ASCII.GetString(digits).Replace("_", "", StringComparison.Ordinal);

    // An exponent whose size no text can make up for by the number of its digits.
    private static long ClampedDecimal(ReadOnlySpan<byte> digits)
    {
        long value = 0;
        foreach (var c in digits)
        {
            value = c == '_' ? value : Math.Min((value * 10) + IntegerLiteral.DigitValue(c), 1L << 40);
        }

        return value;
    }

    private static ulong Decimal(Parts parts, ulong infinity, Func<string, ulong> parseDecimal)
    {
        var point = parts.Point + parts.Exponent;
        if (parts.Digits.Length == 0 || point < -LargestDecimalPoint)
        {
            return 0;
        }

        return point > LargestDecimalPoint ? infinity : parseDecimal(string.Create(CultureInfo.InvariantCulture, $"0.{parts.Digits}e{point}"));
    }

    private static ulong Hexadecimal(Parts parts, int fractionBits, int exponentBits)
    {
        // The first 15 digits as an integer with a zero digit in front; the rest counts only as "not zero", in the lowest bit.
        ulong significand = 0;
        var sticky = false;
        for (var i = 0; i < parts.Digits.Length; i++)
        {
            var digit = IntegerLiteral.DigitValue((byte)parts.Digits[i]);
            significand = i < 15 ? (significand << 4) | digit : significand;
            sticky |= i >= 15 && digit != 0;
        }

        if (significand == 0)
        {
            return 0;
        }

        var taken = Math.Min(parts.Digits.Length, 15);
        var exponent = (4 * (parts.Point - taken)) + parts.Exponent;

        // Left-align to bit 62, so that bit 0 is free for the sticky bit: value = significand × 2^exponent.
        var shift = BitOperations.LeadingZeroCount(significand) - 1;
        significand = (significand << shift) | (sticky ? 1UL : 0);
        exponent -= shift;

        var bias = (1 << (exponentBits - 1)) - 1;
        var biased = exponent + 62 + bias;
        if (biased >= (1 << exponentBits) - 1)
        {
            return ((1UL << exponentBits) - 1) << fractionBits;
        }

        // A subnormal loses one more bit for every step below the smallest normal exponent.
        var dropped = 62 - fractionBits + Math.Max(0, 1 - biased);
        if (dropped > 63)
        {
            return 0;
        }

        var kept = significand >> (int)dropped;
        var remainder = significand & ((1UL << (int)dropped) - 1);
        var half = 1UL << ((int)dropped - 1);
        kept += remainder > half || (remainder == half && (kept & 1) == 1) ? 1UL : 0;

        // The leading bit of a normal number adds one to the exponent field, and so does a carry out of the fraction.
        return biased < 1 ? kept : ((ulong)(biased - 1) << fractionBits) + kept;
    }
}
