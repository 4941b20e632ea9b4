using System.Text;

namespace Hive.Wasm.Text;

internal enum FieldKind
{
    Type,
    Import,
    Function,
    Table,
    Memory,
    Global,
    Tag,
    Export,
    Start,
    Element,
    Data,
}

/// <summary>Where a field of the module begins: the offset of its opening parenthesis.</summary>
internal readonly record struct ModuleField(FieldKind Kind, int Start);

/// <summary>
/// The first pass over a module: gives every definition its index, so that later passes can resolve identifiers that are used before they are defined.
/// </summary>
internal sealed class FieldIndexer(TextModule module)
{
    private readonly TokenReader _reader = module.Reader;
    private FieldKind? _firstDefinition;

    /// <summary>Where the function of each index begins, imported ones included.</summary>
    public List<int> FunctionStarts { get; } = [];

    /// <summary>Reads fields up to the parenthesis or the end of the text that closes the module.</summary>
    public List<ModuleField> Fields()
    {
        var fields = new List<ModuleField>();
        while (_reader.At(TokenKind.LeftParenthesis))
        {
            fields.Add(Field());
        }

        return fields;
    }

    private ModuleField Field()
    {
        var start = _reader.Current.Start;
        _reader.OpenParenthesis();
        var word = _reader.Current;
        var name = _reader.At(TokenKind.Atom) ? Encoding.ASCII.GetString(_reader.Text(word)) : null;
        FieldKind? kind = name switch
        {
            "type" or "rec" => FieldKind.Type,
            "import" => FieldKind.Import,
            "export" => FieldKind.Export,
            "start" => FieldKind.Start,
            "elem" => FieldKind.Element,
            "data" => FieldKind.Data,
            _ => Definable(name),
        };
        if (kind is not { } known)
        {
            throw _reader.Unexpected("a field of a module: type, rec, import, func, table, memory, global, tag, export, start, elem or data");
        }

        _reader.Advance();
        Index(known, start, recursive: name == "rec");
        _reader.SkipToClose();
        return new ModuleField(known, start);
    }

    private static FieldKind? Definable(string? name) => name switch
    {
        "func" => FieldKind.Function,
        "table" => FieldKind.Table,
        "memory" => FieldKind.Memory,
        "global" => FieldKind.Global,
        "tag" => FieldKind.Tag,
        _ => null,
    };

    private void Index(FieldKind kind, int start, bool recursive)
    {
        switch (kind)
        {
            case FieldKind.Type when recursive:
                while (_reader.TryOpen("type"u8))
                {
                    module.Types.Index.Declare(_reader, _reader.TryIdentifier());
                    _reader.SkipToClose();
                }

                break;
            case FieldKind.Type:
                module.Types.Index.Declare(_reader, _reader.TryIdentifier());
                break;
            case FieldKind.Import:
                Import(start);
                break;
            case FieldKind.Element:
                module.Elements.Declare(_reader, _reader.TryIdentifier());
                break;
            case FieldKind.Data:
                module.DataSegments.Declare(_reader, _reader.TryIdentifier());
                break;
            case FieldKind.Export or FieldKind.Start:
                break;
            default:
                Declare(kind, start);
                Definition(kind, start);
                break;
        }
    }

    private void Import(int start)
    {
        _reader.Name();
        _reader.Name();
        _reader.OpenParenthesis();
        var name = _reader.At(TokenKind.Atom) ? Encoding.ASCII.GetString(_reader.Text(_reader.Current)) : null;
        if (Definable(name) is not { } kind)
        {
            throw _reader.Unexpected("what to import: func, table, memory, global or tag");
        }

        _reader.Advance();
        RefuseImportAfterDefinition(start);
        Declare(kind, start);
        _reader.SkipToClose();
    }

    private void Declare(FieldKind kind, int start)
    {
        Space(kind).Declare(_reader, _reader.TryIdentifier());
        if (kind == FieldKind.Function)
        {
            FunctionStarts.Add(start);
        }
    }

    private void Definition(FieldKind kind, int start)
    {
        while (_reader.TryOpen("export"u8))
        {
            _reader.SkipToClose();
        }

        if (_reader.AtOpen("import"u8))
        {
            RefuseImportAfterDefinition(start);
            return;
        }

        _firstDefinition ??= kind;
        if (kind is FieldKind.Table or FieldKind.Memory)
        {
            InlineSegment();
        }
    }

    // A segment written inside a table or memory takes its index where it stands.
    private void InlineSegment()
    {
        while (_reader.At(TokenKind.Atom) || _reader.AtOpen("ref"u8))
        {
            if (_reader.TryOpen("ref"u8))
            {
                _reader.SkipToClose();
            }
            else
            {
                _reader.Advance();
            }
        }

        if (_reader.AtOpen("elem"u8))
        {
            module.Elements.Declare(_reader, null);
        }
        else if (_reader.AtOpen("data"u8))
        {
            module.DataSegments.Declare(_reader, null);
        }
    }

    private void RefuseImportAfterDefinition(int start)
    {
        if (_firstDefinition is { } kind)
        {
            throw module.Error(start, $"import after {kind.ToString().ToLowerInvariant()}: imports must stand before all definitions");
        }
    }

    private IndexSpace Space(FieldKind kind) => kind switch
    {
        FieldKind.Function => module.Functions,
        FieldKind.Table => module.Tables,
        FieldKind.Memory => module.Memories,
        FieldKind.Global => module.Globals,
        _ => module.Tags,
    };
}
