using System.Text;

namespace Hive.Wasm.Text;

/// <summary>Reads tokens with one token of look-ahead beyond the current one, and the small phrases that every construct shares.</summary>
internal sealed class TokenReader
{
    private readonly Lexer _lexer;

    public TokenReader(TextSource source)
    {
        Source = source;
        _lexer = new Lexer(source);
        Seek(source.Start);
    }

    public TextSource Source { get; }

    public Token Current { get; private set; }

    public Token Following { get; private set; }

    public void Seek(int offset)
    {
        _lexer.Seek(offset);
        Current = _lexer.Next();
        Following = Current.Kind == TokenKind.End ? Current : _lexer.Next();
    }

    public Token Advance()
    {
        var consumed = Current;
        Current = Following;
        Following = Current.Kind == TokenKind.End ? Current : _lexer.Next();
        return consumed;
    }

    public ReadOnlySpan<byte> Text(Token token) => Source.Span(token.Start, token.End);

    public bool AtKeyword(ReadOnlySpan<byte> keyword) => Current.Kind == TokenKind.Atom && Text(Current).SequenceEqual(keyword);

    public bool AtOpen(ReadOnlySpan<byte> keyword) =>
        Current.Kind == TokenKind.LeftParenthesis && Following.Kind == TokenKind.Atom && Text(Following).SequenceEqual(keyword);

    public bool At(TokenKind kind) => Current.Kind == kind;

    public bool TryKeyword(ReadOnlySpan<byte> keyword)
    {
        var found = AtKeyword(keyword);
        if (found)
        {
            Advance();
        }

        return found;
    }

    /// <summary>Passes over <c>(keyword</c> if it comes next.</summary>
    public bool TryOpen(ReadOnlySpan<byte> keyword)
    {
        var found = AtOpen(keyword);
        if (found)
        {
            Advance();
            Advance();
        }

        return found;
    }

    public void Open(ReadOnlySpan<byte> keyword)
    {
        if (!TryOpen(keyword))
        {
            throw Unexpected($"`({Encoding.ASCII.GetString(keyword)}`");
        }
    }

    public void OpenParenthesis() => Expect(TokenKind.LeftParenthesis, "`(`");

    public void Close() => Expect(TokenKind.RightParenthesis, "`)`");

    public Token Keyword(string expected) => Expect(TokenKind.Atom, expected);

    public Token? TryIdentifier() => Current.Kind == TokenKind.Identifier ? Advance() : null;

    /// <summary>What an identifier token names: <c>$a</c> and <c>$"a"</c> are the same identifier.</summary>
    public string IdentifierName(Token token) => Source.ByteAt(token.Start + 1) == '"'
        ? Encoding.UTF8.GetString(StringLiteral.Name(Source, token.Start + 1, token.End))
        : Encoding.ASCII.GetString(Source.Span(token.Start + 1, token.End));

    /// <summary>A string that must be UTF-8.</summary>
    public byte[] Name()
    {
        var token = Expect(TokenKind.String, "a name in quotes");
        return StringLiteral.Name(Source, token.Start, token.End);
    }

    /// <summary>Appends the bytes of all strings that come next.</summary>
    public void Strings(ByteWriter target)
    {
        while (Current.Kind == TokenKind.String)
        {
            var token = Advance();
            StringLiteral.Decode(Source, token.Start, token.End, target);
        }
    }

    public uint Unsigned32(string expected) => (uint)Natural(uint.MaxValue, expected);

    public ulong Unsigned64(string expected) => Natural(ulong.MaxValue, expected);

    public bool AtNatural() =>
        Current.Kind == TokenKind.Atom && IntegerLiteral.Natural(Text(Current), out _) != LiteralStatus.Malformed;

    public ulong Natural(ulong maximum, string expected)
    {
        if (Current.Kind != TokenKind.Atom)
        {
            throw Unexpected(expected);
        }

        var status = IntegerLiteral.Natural(Text(Current), out var value);
        if (status == LiteralStatus.Malformed)
        {
            throw Unexpected(expected);
        }

        if (status == LiteralStatus.OutOfRange || value > maximum)
        {
            throw Source.Error(Current.Start, $"constant out of range: `{Source.Show(Current)}` is greater than {maximum}");
        }

        Advance();
        return value;
    }

    /// <summary>Passes over everything up to and including the parenthesis that closes what is open; returns the offset after it.</summary>
    public int SkipToClose()
    {
        for (long depth = 1; ;)
        {
            var token = Advance();
            switch (token.Kind)
            {
                case TokenKind.LeftParenthesis:
                    depth++;
                    break;
                case TokenKind.RightParenthesis when --depth == 0:
                    return token.End;
                case TokenKind.End:
                    throw Source.Error(token.Start, "unexpected end of the text: a `)` is missing");
                case TokenKind.Reserved:
                    throw Unknown(token);
            }
        }
    }

    /// <summary>The error that the current token is not what the grammar asks for.</summary>
    public WasmTextException Unexpected(string expected) => Current.Kind switch
    {
        TokenKind.End => Source.Error(Current.Start, $"unexpected end of the text: expected {expected}"),
        TokenKind.Reserved => Unknown(Current),
        _ => Source.Error(Current.Start, $"unexpected token `{Source.Show(Current)}`: expected {expected}"),
    };

    private WasmTextException Unknown(Token token) => Text(token) is [(byte)'$'] or [(byte)'$', (byte)'"', (byte)'"']
        ? Source.Error(token.Start, "empty identifier: a name must follow `$`")
        : Source.Error(token.Start, $"unknown operator `{Source.Show(token)}`: tokens need space between them");

    private Token Expect(TokenKind kind, string expected) => Current.Kind == kind ? Advance() : throw Unexpected(expected);
}
