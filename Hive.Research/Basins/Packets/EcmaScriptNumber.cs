using System.Buffers.Text;
using System.Globalization;

namespace Hive.Basins;

/// <summary>
/// Numbers as JavaScript writes them (ECMA-262, Number::toString), which RFC 8785 asks for: the shortest digits that read back the same; plain from 10⁻⁶ to below 10²¹, with an
/// exponent elsewhere; no sign on zero.
/// </summary>
internal static class EcmaScriptNumber
{
    /// <summary>The most characters of a number.</summary>
    public const int MaxLength = 32;

    /// <summary>Writes a number.</summary>
    /// <param name="value">A finite number.</param>
    /// <param name="text">Receives it; <see cref="MaxLength"/> bytes are enough.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="FormatException">The number is not finite; JSON has no word for it.</exception>
    public static int Write(double value, Span<byte> text)
    {
        if (!double.IsFinite(value)) throw new FormatException($"{value.ToString(CultureInfo.InvariantCulture)} is no JSON number");
        if (value == 0)
        {
            text[0] = (byte)'0';
            return 1;
        }

        Span<byte> digits = stackalloc byte[MaxLength];
        var (count, point) = Digits(Math.Abs(value), digits);
        var writer = new Writer(text);
        if (value < 0) writer.Put((byte)'-');
        Write(ref writer, digits[..count], point);
        return writer.Length;
    }

    /// <summary>The cases of Number::toString: k digits s of a value s·10^(n−k).</summary>
    private static void Write(ref Writer writer, scoped ReadOnlySpan<byte> digits, int n)
    {
        const int Plain = 21;
        const int Leading = -6;
        var k = digits.Length;
        if (k <= n && n <= Plain)
        {
            writer.Put(digits);
            writer.Zeros(n - k);
        }
        else if (n is > 0 and <= Plain)
        {
            writer.Put(digits[..n]);
            writer.Put((byte)'.');
            writer.Put(digits[n..]);
        }
        else if (n is > Leading and <= 0)
        {
            writer.Put("0."u8);
            writer.Zeros(-n);
            writer.Put(digits);
        }
        else
        {
            writer.Put(digits[0]);
            if (k > 1)
            {
                writer.Put((byte)'.');
                writer.Put(digits[1..]);
            }

            writer.Put((byte)'e');
            writer.Put(n > 0 ? (byte)'+' : (byte)'-');
            writer.Number(Math.Abs(n - 1));
        }
    }

    /// <summary>The shortest digits of a number without leading and trailing zeros, and where its decimal point stands: 0 before the first digit.</summary>
    private static (int Count, int Point) Digits(double value, Span<byte> digits)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        text = text[..length];
        var exponent = 0;
        if (text.IndexOf((byte)'E') is >= 0 and var e)
        {
            var power = text[(e + 1)..];
            Utf8Parser.TryParse(power[0] == '+' ? power[1..] : power, out exponent, out _);
            text = text[..e];
        }

        var point = text.IndexOf((byte)'.');
        var before = point < 0 ? text.Length : point;
        var count = 0;
        foreach (var letter in text)
        {
            if (letter != '.') digits[count++] = letter;
        }

        var zeros = digits[..count].IndexOfAnyExcept((byte)'0');
        digits[zeros..count].CopyTo(digits);
        count = digits[..(count - zeros)].LastIndexOfAnyExcept((byte)'0') + 1;
        return (count, before - zeros + exponent);
    }

    private ref struct Writer(Span<byte> text)
    {
        private readonly Span<byte> _text = text;

        public int Length { get; private set; }

        public void Put(byte letter) => _text[Length++] = letter;

        public void Put(scoped ReadOnlySpan<byte> letters)
        {
            letters.CopyTo(_text[Length..]);
            Length += letters.Length;
        }

        public void Zeros(int count)
        {
            _text.Slice(Length, count).Fill((byte)'0');
            Length += count;
        }

        public void Number(int value)
        {
            Utf8Formatter.TryFormat(value, _text[Length..], out var written);
            Length += written;
        }
    }
}
