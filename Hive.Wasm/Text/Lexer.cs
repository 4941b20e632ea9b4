using System.Buffers;

namespace Hive.Wasm.Text;

/// <summary>
/// Cuts text into tokens: the lexical format of the WebAssembly specification, section "Lexical Format".
/// Comments and annotations are passed over, their characters checked. Neither recursion nor look-back: linear in the text.
/// </summary>
internal sealed class Lexer(TextSource source)
{
    private const string IdentifierCharacters =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&'*+-./:<=>?@\\^_`|~";

    private static readonly SearchValues<byte> IdentifierBytes = SearchValues.Create(IdentifierCharacters.Select(c => (byte)c).ToArray());

    private int _position = source.Start;

    public Token Next()
    {
        while (true)
        {
            SkipSpace();
            if (_position == source.End)
            {
                return new Token(TokenKind.End, _position, _position);
            }

            var start = _position;
            switch (source.ByteAt(_position))
            {
                case (byte)'(' when Following() == '@':
                    SkipAnnotation();
                    continue;
                case (byte)'(':
                    _position++;
                    return new Token(TokenKind.LeftParenthesis, start, _position);
                case (byte)')':
                    _position++;
                    return new Token(TokenKind.RightParenthesis, start, _position);
                default:
                    return Run();
            }
        }
    }

    public void Seek(int offset) => _position = offset;

    private int Following() => _position + 1 < source.End ? source.ByteAt(_position + 1) : -1;

    private void SkipSpace()
    {
        while (_position < source.End)
        {
            var c = source.ByteAt(_position);
            if (c is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            {
                _position++;
            }
            else if (c == ';' && Following() == ';')
            {
                var length = source.Span(_position, source.End).IndexOfAny((byte)'\n', (byte)'\r');
                _position = length < 0 ? source.End : _position + length;
            }
            else if (c == '(' && Following() == ';')
            {
                SkipBlockComment();
            }
            else
            {
                return;
            }
        }
    }

    private void SkipBlockComment()
    {
        var start = _position;
        _position += 2;
        for (var depth = 1; depth > 0;)
        {
            var next = source.Span(_position, source.End).IndexOfAny((byte)'(', (byte)';');
            if (next < 0)
            {
                throw source.Error(start, "unclosed comment: its end `;)` is missing");
            }

            _position += next;
            var (first, second) = (source.ByteAt(_position), Following());
            if (first == '(' && second == ';')
            {
                depth++;
                _position += 2;
            }
            else if (first == ';' && second == ')')
            {
                depth--;
                _position += 2;
            }
            else
            {
                _position++;
            }
        }
    }

    // An annotation is `(@id …)`: any tokens with balanced parentheses. `(@` inside it opens no annotation of its own.
    private void SkipAnnotation()
    {
        var start = _position;
        _position += 2;
        var name = _position < source.End ? source.ByteAt(_position) : (byte)0;
        if (name == '"')
        {
            SkipString();
            if (_position - start == 4)
            {
                throw source.Error(start, "empty annotation id");
            }

            _ = StringLiteral.Name(source, start + 2, _position);
        }
        else if (name == 0 || !IdentifierBytes.Contains(name))
        {
            throw source.Error(start, "empty annotation id");
        }

        for (var depth = 1; depth > 0;)
        {
            SkipSpace();
            if (_position == source.End)
            {
                throw source.Error(start, "unclosed annotation: its `)` is missing");
            }

            switch (source.ByteAt(_position))
            {
                case (byte)'(':
                    depth++;
                    _position++;
                    break;
                case (byte)')':
                    depth--;
                    _position++;
                    break;
                default:
                    Run();
                    break;
            }
        }
    }

    // The longest run of identifier characters, strings and reserved punctuation is one token.
    private Token Run()
    {
        var start = _position;
        var (strings, firstStringStart, punctuation, characters) = (0, -1, false, 0);
        while (_position < source.End)
        {
            var c = source.ByteAt(_position);
            if (c == '"')
            {
                firstStringStart = strings++ == 0 ? _position : firstStringStart;
                SkipString();
            }
            else if (IdentifierBytes.Contains(c))
            {
                var length = source.Span(_position, source.End).IndexOfAnyExcept(IdentifierBytes);
                length = length < 0 ? source.End - _position : length;
                characters += length;
                _position += length;
            }
            else if (c is (byte)',' or (byte)'[' or (byte)']' or (byte)'{' or (byte)'}' || (c == ';' && Following() != ';'))
            {
                punctuation = true;
                _position++;
            }
            else
            {
                break;
            }
        }

        if (_position == start)
        {
            throw source.Error(start, "illegal character");
        }

        var token = new Token(TokenKind.Reserved, start, _position);
        var dollar = source.ByteAt(start) == '$';
        return (strings, characters, punctuation) switch
        {
            (_, _, true) => token,
            (0, 1, _) when dollar => token,
            (0, _, _) => token with { Kind = dollar ? TokenKind.Identifier : TokenKind.Atom },
            (1, 0, _) => token with { Kind = TokenKind.String },
            (1, 1, _) when dollar && firstStringStart == start + 1 && _position - start > 3 => token with { Kind = TokenKind.Identifier },
            _ => token,
        };
    }

    private void SkipString()
    {
        var start = _position++;
        while (true)
        {
            if (_position >= source.End)
            {
                throw source.Error(start, "unclosed string");
            }

            var c = source.ByteAt(_position);
            switch (c)
            {
                case (byte)'"':
                    _position++;
                    return;
                case (byte)'\\':
                    _position += Math.Min(2, source.End - _position);
                    break;
                case < 0x20 or 0x7F:
                    throw source.Error(_position, c == '\n' ? "unclosed string: a line ends inside it" : "illegal character in a string");
                default:
                    _position++;
                    break;
            }
        }
    }
}
