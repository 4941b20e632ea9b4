namespace Hive.Wasm;

/// <summary>
/// Reads a binary module's sections. Function bodies are only delimited; the validator reads them.
/// Grammar: https://webassembly.github.io/spec/core/binary/modules.html
/// </summary>
internal sealed partial class ModuleDecoder
{
    /// <summary>Order of the sections by id: tags come after memories, the data count before the code.</summary>
    private static readonly int[] Rank = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6];

    private readonly Config _config;
    private readonly ModuleDefinition _module;
    private readonly TypeDecoder _types;
    private readonly List<FunctionType> _declared = [];
    private ByteReader _reader;
    private bool _hasCode;
    private bool _hasData;

    private ModuleDecoder(Engine engine, byte[] bytes)
    {
        _config = engine.Config;
        _types = new TypeDecoder(engine);
        _module = new ModuleDefinition { Bytes = bytes, TypeDecoder = _types };
        _reader = new ByteReader(bytes, 0, bytes.Length);
    }

    /// <summary>Reads a module and checks it; the result refers to the bytes.</summary>
    /// <exception cref="WasmDecodeException">The bytes are no module.</exception>
    /// <exception cref="WasmValidationException">The module breaks a rule or a limit.</exception>
    public static ModuleDefinition Decode(Engine engine, byte[] bytes)
    {
        var decoder = new ModuleDecoder(engine, bytes);
        var module = decoder.Module();
        ModuleValidator.Validate(engine, module, decoder._types);
        return module;
    }

    private ModuleDefinition Module()
    {
        if (!_reader.Span((uint)Math.Min(4, _module.Bytes.Length)).SequenceEqual("\0asm"u8)) throw new WasmDecodeException(0, "magic header not detected");
        if (_reader.F32Bits() != 1) throw new WasmDecodeException(4, "unknown binary version");
        var last = 0;
        while (!_reader.AtEnd)
        {
            var at = _reader.Position;
            var id = _reader.Byte();
            var size = _reader.U32();
            if (id > 13) throw new WasmDecodeException(at, "malformed section id");
            if (size > (uint)(_reader.End - _reader.Position)) throw _reader.Error("unexpected end, length out of bounds");
            if (id != 0)
            {
                if (Rank[id] <= last) throw new WasmDecodeException(at, "unexpected content after last section");
                last = Rank[id];
            }

            var section = new ByteReader(_module.Bytes, _reader.Position, _reader.Position + (int)size);
            _reader.Position += (int)size;
            (section, var rest) = (_reader, section);
            _reader = rest;
            Section(id);
            if (!_reader.AtEnd) throw _reader.Error("section size mismatch");
            _reader = section;
        }

        if (!_hasCode && _declared.Count > 0) throw _reader.Error("function and code section have inconsistent lengths");
        if (!_hasData && _module.DataCount > 0) throw _reader.Error("data count and data section have inconsistent lengths");
        return _module;
    }

    private void Section(byte id)
    {
        switch (id)
        {
            case 0: Custom(); break;
            case 1:
                _types.Section(ref _reader);
                _module.Types = _types.Types;
                break;
            case 2: Repeat(ImportEntry); break;
            case 3: Repeat(() => _declared.Add(_types.Index(ref _reader))); break;
            case 4: Repeat(TableEntry, _config.MaxTables - _module.Tables.Count); break;
            case 5: Repeat(() => _module.Memories.Add(MemoryType()), _config.MaxMemories - _module.Memories.Count); break;
            case 6: Repeat(GlobalEntry); break;
            case 7: Exports(); break;
            case 8: _module.StartFunction = FunctionIndex(); break;
            case 9: Repeat(ElementEntry); break;
            case 10: Code(); break;
            case 11: Data(); break;
            case 12: _module.DataCount = (int)Math.Min(_reader.U32(), int.MaxValue); break;
            case 13: Repeat(() => _module.Tags.Add(TagEntry())); break;
            default: throw _reader.Error("malformed section id");
        }

        if (id == 3) _module.Functions.AddRange(_declared);
    }

    private void Repeat(Action entry, int? limit = null)
    {
        var count = _reader.Count(limit ?? _config.MaxEntries);
        for (var i = 0; i < count; i++) entry();
    }

    private void Custom()
    {
        var name = _reader.Name();
        if (name == "name") _module.NameSection = _reader.Position.._reader.End;
        _reader.Position = _reader.End;
    }

    private void ImportEntry()
    {
        var module = _reader.Name();
        var name = _reader.Name();
        var kind = _reader.Byte();
        switch (kind)
        {
            case 0:
                Add(ExternalKind.Function, _module.Functions.Count);
                _module.Functions.Add(_types.Index(ref _reader));
                _module.ImportedFunctions++;
                break;
            case 1:
                Add(ExternalKind.Table, _module.Tables.Count);
                _module.Tables.Add(TableType());
                _module.ImportedTables++;
                break;
            case 2:
                Add(ExternalKind.Memory, _module.Memories.Count);
                _module.Memories.Add(MemoryType());
                _module.ImportedMemories++;
                break;
            case 3:
                Add(ExternalKind.Global, _module.Globals.Count);
                _module.Globals.Add(GlobalType());
                _module.ImportedGlobals++;
                break;
            case 4:
                Add(ExternalKind.Tag, _module.Tags.Count);
                _module.Tags.Add(TagEntry());
                _module.ImportedTags++;
                break;
            default:
                _reader.Position--;
                throw _reader.Error("malformed import kind");
        }

        void Add(ExternalKind external, int index) => _module.Imports.Add(new ImportDefinition(module, name, external, index));
    }

    private TableType TableType()
    {
        var element = _types.Reference(ref _reader);
        var (minimum, maximum, is64) = Limits();
        return new TableType(element, minimum, maximum, is64);
    }

    private MemoryType MemoryType()
    {
        var (minimum, maximum, is64) = Limits();
        return new MemoryType(minimum, maximum, is64);
    }

    /// <summary>Limits: a flag byte, the minimum, and the maximum if the flag's lowest bit is set; bit 2 makes them 64-bit.</summary>
    private (ulong Minimum, ulong? Maximum, bool Is64) Limits()
    {
        var flags = _reader.Byte();
        if ((flags & ~5) != 0)
        {
            _reader.Position--;
            throw _reader.Error(flags > 0x7f ? "integer representation too long" : "integer too large, malformed limits flags");
        }

        var is64 = (flags & 4) != 0;
        var minimum = _reader.U64();
        ulong? maximum = (flags & 1) == 0 ? null : _reader.U64();
        return (minimum, maximum, is64);
    }

    private GlobalType GlobalType()
    {
        var content = _types.Value(ref _reader);
        var mutability = _reader.Byte();
        if (mutability <= 1) return new GlobalType(content, mutability == 1);
        _reader.Position--;
        throw _reader.Error("malformed mutability");
    }

    private FunctionType TagEntry()
    {
        if (!_config.Exceptions) throw new WasmValidationException(_reader.Position, -1, "exceptions are switched off");
        if (_reader.Byte() != 0) throw _reader.Error("malformed tag attribute");
        return _types.Index(ref _reader);
    }

    private void TableEntry()
    {
        if (_reader.Peek() == 0x40)
        {
            _reader.Byte();
            if (_reader.Byte() != 0) throw _reader.Error("zero byte expected");
            _module.Tables.Add(TableType());
            _module.TableInitializers.Add(Constant());
        }
        else
        {
            _module.Tables.Add(TableType());
            _module.TableInitializers.Add(null);
        }
    }

    private void GlobalEntry()
    {
        _module.Globals.Add(GlobalType());
        _module.GlobalInitializers.Add(Constant());
    }

    private void Exports()
    {
        var names = new HashSet<string>();
        Repeat(() =>
        {
            var at = _reader.Position;
            var name = _reader.Name();
            var kind = _reader.Byte();
            if (kind > 4)
            {
                _reader.Position--;
                throw _reader.Error("malformed export kind");
            }

            var index = _reader.U32();
            if (!names.Add(name)) throw new WasmValidationException(at, -1, $"duplicate export name {name}");
            if (kind == 0) _module.DeclaredFunctions.Add((int)index);
            _module.Exports.Add(new ExportDefinition(name, (ExternalKind)kind, (int)Math.Min(index, int.MaxValue)));
        });
    }

    private int FunctionIndex() => (int)Math.Min(_reader.U32(), int.MaxValue);
}
