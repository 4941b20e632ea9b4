using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Hive.Wasm.Text;

/// <summary>Decodes string literals: the specification's section "Strings" (escapes) and "Names" (strings that are UTF-8).</summary>
internal static class StringLiteral
{
    /// <summary>Appends the bytes that the literal from <paramref name="start"/> to <paramref name="end"/> (quotes included) stands for.</summary>
    public static void Decode(TextSource source, int start, int end, ByteWriter target)
    {
        var position = start + 1;
        while (position < end - 1)
        {
            var rest = source.Span(position, end - 1);
            var plain = rest.IndexOf((byte)'\\');
            plain = plain < 0 ? rest.Length : plain;
            target.Bytes(rest[..plain]);
            position += plain;
            if (plain < rest.Length)
            {
                position = Escape(source, position, end - 1, target);
            }
        }
    }

    /// <summary>The literal as a name: its bytes must be UTF-8.</summary>
    public static byte[] Name(TextSource source, int start, int end)
    {
        var bytes = new ByteWriter();
        Decode(source, start, end, bytes);
        return Utf8.IsValid(bytes.Written) ? bytes.Written.ToArray() : throw source.Error(start, "malformed UTF-8 encoding");
    }

    private static int Escape(TextSource source, int backslash, int end, ByteWriter target)
    {
        var rest = source.Span(backslash + 1, end);
        int simple = rest.IsEmpty ? -1 : rest[0] switch
        {
            (byte)'t' => '\t',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'"' => '"',
            (byte)'\'' => '\'',
            (byte)'\\' => '\\',
            _ => -1,
        };
        if (simple >= 0)
        {
            target.Byte((byte)simple);
            return backslash + 2;
        }

        if (rest.Length >= 2 && char.IsAsciiHexDigit((char)rest[0]) && char.IsAsciiHexDigit((char)rest[1]))
        {
            target.Byte(byte.Parse(rest[..2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            return backslash + 3;
        }

        var close = rest.IndexOf((byte)'}');
        if (rest.StartsWith("u{"u8) && close > 0 && IntegerLiteral.TryParseHexadecimal(rest[2..close], out var scalar)
            && scalar <= 0x10FFFF && Rune.IsValid((int)scalar))
        {
            Span<byte> utf8 = stackalloc byte[4];
            target.Bytes(utf8[..new Rune((int)scalar).EncodeToUtf8(utf8)]);
            return backslash + close + 2;
        }

        throw source.Error(backslash, @"malformed escape: use \t \n \r \"" \' \\, two hexadecimal digits, or \u{…} with a Unicode scalar value");
    }
}
