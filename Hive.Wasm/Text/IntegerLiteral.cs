namespace Hive.Wasm.Text;

internal enum LiteralStatus
{
    Parsed,
    Malformed,
    OutOfRange,
}

/// <summary>
/// Reads integer literals: <c>num ::= digit ('_'? digit)*</c>, hexadecimal after <c>0x</c>, and an optional sign before either.
/// </summary>
internal static class IntegerLiteral
{
    /// <summary>An unsigned integer without sign.</summary>
    public static LiteralStatus Natural(ReadOnlySpan<byte> text, out ulong value) =>
        text.StartsWith("0x"u8) ? Digits(text[2..], 16, out value) : Digits(text, 10, out value);

    /// <summary>An integer of <paramref name="bits"/> bits, signed or unsigned, as its two's complement bit pattern.</summary>
    public static LiteralStatus Integer(ReadOnlySpan<byte> text, int bits, out ulong value)
    {
        var negative = text.StartsWith("-"u8);
        var status = Natural(negative || text.StartsWith("+"u8) ? text[1..] : text, out value);
        if (status != LiteralStatus.Parsed)
        {
            return status;
        }

        var mask = ulong.MaxValue >> (64 - bits);
        var limit = negative ? 1UL << (bits - 1) : mask;
        var inRange = value <= limit;
        value = (negative ? 0 - value : value) & mask;
        return inRange ? LiteralStatus.Parsed : LiteralStatus.OutOfRange;
    }

    public static bool TryParseHexadecimal(ReadOnlySpan<byte> digits, out ulong value) =>
        Digits(digits, 16, out value) == LiteralStatus.Parsed;

    /// <summary>Whether <paramref name="text"/> is <c>digit ('_'? digit)*</c> in the given base.</summary>
    public static bool AreDigits(ReadOnlySpan<byte> text, uint radix)
    {
        var afterDigit = false;
        foreach (var c in text)
        {
            var isDigit = DigitValue(c) < radix;
            if (!isDigit && !(c == '_' && afterDigit))
            {
                return false;
            }

            afterDigit = isDigit;
        }

        return afterDigit;
    }

    public static uint DigitValue(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => (uint)(c - '0'),
        >= (byte)'a' and <= (byte)'f' => (uint)(c - 'a' + 10),
        >= (byte)'A' and <= (byte)'F' => (uint)(c - 'A' + 10),
        _ => uint.MaxValue,
    };

    private static LiteralStatus Digits(ReadOnlySpan<byte> text, uint radix, out ulong value)
    {
        value = 0;
        if (!AreDigits(text, radix))
        {
            return LiteralStatus.Malformed;
        }

        foreach (var c in text)
        {
            if (c == '_')
            {
                continue;
            }

            var digit = DigitValue(c);
            if (value > (ulong.MaxValue - digit) / radix)
            {
                return LiteralStatus.OutOfRange;
            }

            value = (value * radix) + digit;
        }

        return LiteralStatus.Parsed;
    }
}
