using System.Text;
using System.Text.Unicode;

namespace Hive.Wasm.Text;

/// <summary>A stretch of UTF-8 text with a name, able to say at which line and column an offset lies.</summary>
internal sealed class TextSource
{
    /// <summary>The longest text accepted, in bytes of UTF-8.</summary>
    public const int MaximumLength = 64 * 1024 * 1024;

    private readonly byte[] _bytes;

    private TextSource(string name, byte[] bytes, int start, int end)
    {
        Name = name;
        _bytes = bytes;
        Start = start;
        End = end;
    }

    public string Name { get; }

    public int Start { get; }

    public int End { get; }

    public static TextSource FromBytes(byte[] bytes, string name)
    {
        var source = new TextSource(name, bytes, 0, bytes.Length);
        if (bytes.Length > MaximumLength)
        {
            throw source.Error(0, $"the text has {bytes.Length} bytes; at most {MaximumLength} are accepted");
        }

        if (!Utf8.IsValid(bytes))
        {
            throw source.Error(FirstInvalidByte(bytes), "malformed UTF-8 encoding");
        }

        return source;
    }

    public static TextSource FromString(string text, string name)
    {
        if (text.Length > MaximumLength)
        {
            throw new WasmTextException(name, 1, 1, $"the text has {text.Length} characters; at most {MaximumLength} are accepted");
        }

        try
        {
            return FromBytes(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text), name);
        }
        catch (EncoderFallbackException e)
        {
            var before = text.AsSpan(0, e.Index);
            var line = before.Count('\n') + 1;
            throw new WasmTextException(name, line, e.Index - before.LastIndexOf('\n'), "malformed UTF-16: a surrogate stands alone");
        }
    }

    /// <summary>The part of this text from one offset to another; positions stay those of the whole.</summary>
    public TextSource Slice(int start, int end) => new(Name, _bytes, start, end);

    public byte ByteAt(int offset) => _bytes[offset];

    public ReadOnlySpan<byte> Span(int start, int end) => _bytes.AsSpan(start, end - start);

    public string Show(Token token)
    {
        const int Longest = 60;
        var length = token.End - token.Start;
        return length <= Longest
            ? Encoding.UTF8.GetString(Span(token.Start, token.End))
            : Encoding.UTF8.GetString(Span(token.Start, token.Start + Longest)) + "…";
    }

    public int LineAt(int offset) => Position(offset).Line;

    public WasmTextException Error(int offset, string rule)
    {
        var (line, column) = Position(offset);
        return new WasmTextException(Name, line, column, rule);
    }

    private (int Line, int Column) Position(int offset)
    {
        var before = _bytes.AsSpan(0, Math.Min(offset, _bytes.Length));
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        var column = 1;
        foreach (var b in before[lineStart..])
        {
            column += (b & 0xC0) != 0x80 ? 1 : 0;
        }

        return (before.Count((byte)'\n') + 1, column);
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> bytes)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            offset += consumed;
        }

        return offset;
    }
}
