namespace Hive.Wasm.Text;

/// <summary>Numbers the definitions of one kind in their order and remembers the identifiers given to them.</summary>
internal sealed class IndexSpace(string kind)
{
    private Dictionary<string, uint>? _byName;

    public uint Count { get; private set; }

    /// <summary>The named definitions, in the order of their indices.</summary>
    public IEnumerable<KeyValuePair<string, uint>> Names => _byName ?? [];

    /// <summary>Gives the next index to a definition, which may have an identifier.</summary>
    public uint Declare(TokenReader reader, Token? identifier)
    {
        if (identifier is { } token)
        {
            _byName ??= new Dictionary<string, uint>(StringComparer.Ordinal);
            if (!_byName.TryAdd(reader.IdentifierName(token), Count))
            {
                throw reader.Source.Error(token.Start, $"duplicate {kind} `{reader.Source.Show(token)}`: give each {kind} its own identifier");
            }
        }

        return Count++;
    }

    public void DeclareUnnamed(uint count) => Count += count;

    public bool AtIndex(TokenReader reader) => reader.At(TokenKind.Identifier) || reader.AtNatural();

    /// <summary>Reads an index or an identifier. An index is not checked against the definitions: that is validation.</summary>
    public uint Resolve(TokenReader reader)
    {
        if (reader.TryIdentifier() is not { } token)
        {
            return reader.Unsigned32($"the index or identifier of a {kind}");
        }

        return _byName is not null && _byName.TryGetValue(reader.IdentifierName(token), out var index)
            ? index
            : throw reader.Source.Error(token.Start, $"unknown {kind} `{reader.Source.Show(token)}`");
    }
}
