namespace Hive.Wasm.Text;

/// <summary>The labels of the enclosing blocks. Inner labels hide outer ones of the same name; a look-up takes constant time.</summary>
internal sealed class LabelScope
{
    private readonly List<(string? Name, int Hidden)> _labels = [];
    private readonly Dictionary<string, int> _depths = new(StringComparer.Ordinal);

    public void Push(string? name)
    {
        var hidden = name is not null && _depths.TryGetValue(name, out var outer) ? outer : -1;
        if (name is not null)
        {
            _depths[name] = _labels.Count;
        }

        _labels.Add((name, hidden));
    }

    public void Pop()
    {
        var (name, hidden) = _labels[^1];
        _labels.RemoveAt(_labels.Count - 1);
        if (name is not null && hidden >= 0)
        {
            _depths[name] = hidden;
        }
        else if (name is not null)
        {
            _depths.Remove(name);
        }
    }

    /// <summary>Reads a label as the number of blocks between it and the current place.</summary>
    public uint Resolve(TokenReader reader)
    {
        if (reader.TryIdentifier() is not { } token)
        {
            return reader.Unsigned32("a label");
        }

        return _depths.TryGetValue(reader.IdentifierName(token), out var depth)
            ? (uint)(_labels.Count - 1 - depth)
            : throw reader.Source.Error(token.Start, $"unknown label `{reader.Source.Show(token)}`: no enclosing block has it");
    }
}
