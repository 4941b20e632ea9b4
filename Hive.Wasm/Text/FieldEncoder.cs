namespace Hive.Wasm.Text;

/// <summary>The last pass over a module: translates every field but type definitions into its section.</summary>
internal sealed class FieldEncoder
{
    private const byte FunctionSort = 0, TableSort = 1, MemorySort = 2, GlobalSort = 3, TagSort = 4;

    private readonly TextModule _module;
    private readonly TokenReader _reader;
    private readonly ModuleSections _sections;
    private readonly TypeParser _types;
    private readonly InstructionParser _instructions;
    private readonly SegmentEncoder _segments;
    private readonly ByteWriter _body = new();
    private uint _functions, _tables, _memories, _globals, _tags;

    public FieldEncoder(TextModule module)
    {
        _module = module;
        _reader = module.Reader;
        _sections = module.Sections;
        _types = new TypeParser(module);
        _instructions = new InstructionParser(module, _types);
        _segments = new SegmentEncoder(module, _types, _instructions);
    }

    /// <summary>Translates the field whose opening parenthesis comes next.</summary>
    public void Field(FieldKind kind)
    {
        _reader.Advance();
        _reader.Advance();
        switch (kind)
        {
            case FieldKind.Import:
                Import();
                break;
            case FieldKind.Export:
                Export();
                break;
            case FieldKind.Start:
                Start();
                break;
            case FieldKind.Element:
                _segments.Element();
                break;
            case FieldKind.Data:
                _segments.Data();
                break;
            case FieldKind.Function:
                Function();
                break;
            case FieldKind.Table:
                Table();
                break;
            case FieldKind.Memory:
                Memory();
                break;
            case FieldKind.Global:
                Global();
                break;
            case FieldKind.Tag:
                Tag();
                break;
        }

        _reader.Close();
    }

    private void Import()
    {
        var (module, name) = (_reader.Name(), _reader.Name());
        _reader.OpenParenthesis();
        var word = _reader.Text(_reader.Keyword("func, table, memory, global or tag"));
        var sort = word[0] switch
        {
            (byte)'f' => FunctionSort,
            (byte)'m' => MemorySort,
            (byte)'g' => GlobalSort,
            _ => word.SequenceEqual("tag"u8) ? TagSort : TableSort,
        };
        _reader.TryIdentifier();
        Imported(sort, module, name);
        _reader.Close();
    }

    private void Imported(byte sort, byte[] module, byte[] name)
    {
        var target = _sections.Imports.Add();
        target.Vector(module);
        target.Vector(name);
        target.Byte(sort);
        switch (sort)
        {
            case FunctionSort:
                target.Unsigned(_types.TypeUse(new IndexSpace("local")).Index);
                _functions++;
                break;
            case TableSort:
                TableType(target);
                _tables++;
                break;
            case MemorySort:
                CountMemory();
                Limits(target, AddressType(), null);
                break;
            case GlobalSort:
                _types.GlobalType(target);
                _globals++;
                break;
            default:
                TagType(target);
                _tags++;
                break;
        }
    }

    /// <summary>Reads inline exports and an inline import; tells whether the field is an import, which then is complete.</summary>
    private bool IsImport(byte sort, uint index)
    {
        _reader.TryIdentifier();
        while (_reader.TryOpen("export"u8))
        {
            WriteExport(_reader.Name(), sort, index);
            _reader.Close();
        }

        if (!_reader.TryOpen("import"u8))
        {
            return false;
        }

        var (module, name) = (_reader.Name(), _reader.Name());
        _reader.Close();
        Imported(sort, module, name);
        return true;
    }

    private void Export()
    {
        var name = _reader.Name();
        _reader.OpenParenthesis();
        var (sort, space) =
            _reader.TryKeyword("func"u8) ? (FunctionSort, _module.Functions)
            : _reader.TryKeyword("table"u8) ? (TableSort, _module.Tables)
            : _reader.TryKeyword("memory"u8) ? (MemorySort, _module.Memories)
            : _reader.TryKeyword("global"u8) ? (GlobalSort, _module.Globals)
            : _reader.TryKeyword("tag"u8) ? (TagSort, _module.Tags)
            : throw _reader.Unexpected("what to export: func, table, memory, global or tag");
        WriteExport(name, sort, space.Resolve(_reader));
        _reader.Close();
    }

    private void WriteExport(byte[] name, byte sort, uint index)
    {
        var target = _sections.Exports.Add();
        target.Vector(name);
        target.Byte(sort);
        target.Unsigned(index);
    }

    private void Start()
    {
        if (_sections.Start is not null)
        {
            throw _module.Error(_reader.Current.Start, "multiple start sections: a module has at most one start function");
        }

        _sections.Start = _module.Functions.Resolve(_reader);
    }

    private void Function()
    {
        if (IsImport(FunctionSort, _functions))
        {
            return;
        }

        _functions++;
        var locals = new IndexSpace("local");
        _sections.Functions.Add().Unsigned(_types.TypeUse(locals).Index);
        _body.Truncate(0);
        LocalDeclarations(locals);
        _instructions.Body(locals, _body);
        _sections.Code.Add().Vector(_body.Written);
    }

    // Neighbours of equal type share one declaration in the binary format.
    private void LocalDeclarations(IndexSpace locals)
    {
        var (groups, groupCount, type, run) = (new ByteWriter(), 0u, Array.Empty<byte>(), 0u);
        var next = new ByteWriter();
        while (_reader.TryOpen("local"u8))
        {
            var identifier = _reader.TryIdentifier();
            while (identifier is not null || !_reader.At(TokenKind.RightParenthesis))
            {
                locals.Declare(_reader, identifier);
                next.Truncate(0);
                _types.ValueType(next);
                if (run > 0 && next.Written.SequenceEqual(type))
                {
                    run++;
                }
                else
                {
                    WriteRun();
                    (type, run) = (next.Written.ToArray(), 1);
                }

                if (identifier is not null)
                {
                    break;
                }
            }

            _reader.Close();
        }

        WriteRun();
        _body.Unsigned(groupCount);
        _body.Bytes(groups.Written);

        void WriteRun()
        {
            if (run > 0)
            {
                groups.Unsigned(run);
                groups.Bytes(type);
                groupCount++;
            }
        }
    }

    private void Table()
    {
        var index = _tables;
        if (IsImport(TableSort, index))
        {
            return;
        }

        _tables++;
        var addressType = AddressType();
        if (_types.AtReferenceType())
        {
            TableWithElements(index, addressType);
            return;
        }

        var (limits, type, target) = (new ByteWriter(), new ByteWriter(), _sections.Tables.Add());
        Limits(limits, addressType, null);
        _types.ReferenceType(type);
        var initialised = !_reader.At(TokenKind.RightParenthesis);
        if (initialised)
        {
            _module.Require(WasmFeatures.FunctionReferences);
            target.Bytes([0x40, 0x00]);
        }

        target.Bytes(type.Written);
        target.Bytes(limits.Written);
        if (initialised)
        {
            _instructions.Sequence(target);
        }
    }

    private void TableWithElements(uint index, bool addressType)
    {
        var type = new ByteWriter();
        _types.ReferenceType(type);
        _reader.Open("elem"u8);
        var count = _segments.InlineElements(index, addressType, type.Written);
        _reader.Close();
        var target = _sections.Tables.Add();
        target.Bytes(type.Written);
        Limits(target, addressType, (count, count));
    }

    private void TableType(ByteWriter target)
    {
        var (limits, type) = (new ByteWriter(), new ByteWriter());
        Limits(limits, AddressType(), null);
        _types.ReferenceType(type);
        target.Bytes(type.Written);
        target.Bytes(limits.Written);
    }

    private void Memory()
    {
        const ulong PageSize = 65_536;
        var index = _memories;
        if (IsImport(MemorySort, index))
        {
            return;
        }

        CountMemory();
        var target = _sections.Memories.Add();
        var addressType = AddressType();
        if (!_reader.TryOpen("data"u8))
        {
            Limits(target, addressType, null);
            return;
        }

        var pages = (_segments.InlineData(index, addressType) + PageSize - 1) / PageSize;
        _reader.Close();
        Limits(target, addressType, (pages, pages));
    }

    private void CountMemory()
    {
        _memories++;
        _module.Require(_memories > 1 ? WasmFeatures.MultipleMemories : WasmFeatures.None);
    }

    private void Global()
    {
        if (IsImport(GlobalSort, _globals))
        {
            return;
        }

        _globals++;
        var target = _sections.Globals.Add();
        _types.GlobalType(target);
        _instructions.Sequence(target);
    }

    private void Tag()
    {
        _module.Require(WasmFeatures.Exceptions);
        if (!IsImport(TagSort, _tags))
        {
            _tags++;
            TagType(_sections.Tags.Add());
        }
    }

    private void TagType(ByteWriter target)
    {
        const byte ExceptionAttribute = 0;
        _module.Require(WasmFeatures.Exceptions);
        target.Byte(ExceptionAttribute);
        target.Unsigned(_types.TypeUse(new IndexSpace("local")).Index);
    }

    /// <summary>Whether addresses are 64 bits wide: <c>addrtype ::= 'i32' | 'i64'</c>, and <c>i32</c> if left out.</summary>
    private bool AddressType()
    {
        if (!_reader.TryKeyword("i64"u8))
        {
            _reader.TryKeyword("i32"u8);
            return false;
        }

        _module.Require(WasmFeatures.Memory64);
        return true;
    }

    private void Limits(ByteWriter target, bool wide, (ulong Minimum, ulong Maximum)? known)
    {
        var minimum = known?.Minimum ?? _reader.Unsigned64("the minimum size");
        var maximum = known?.Maximum ?? (_reader.AtNatural() ? _reader.Unsigned64("the maximum size") : null);
        target.Byte((byte)((maximum is null ? 0 : 1) | (wide ? 4 : 0)));
        target.Unsigned(minimum);
        if (maximum is { } most)
        {
            target.Unsigned(most);
        }
    }
}
