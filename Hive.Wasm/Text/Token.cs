namespace Hive.Wasm.Text;

internal enum TokenKind
{
    End,
    LeftParenthesis,
    RightParenthesis,

    /// <summary>A run of identifier characters that is not an identifier: a keyword or a number.</summary>
    Atom,
    Identifier,
    String,

    /// <summary>A run that the grammar reserves: no token may look like it.</summary>
    Reserved,
}

/// <summary>One token: its kind and the offsets of its first byte and of the byte after its last.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End);
