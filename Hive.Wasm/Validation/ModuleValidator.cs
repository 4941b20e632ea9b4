namespace Hive.Wasm;

/// <summary>
/// Checks a decoded module against the validation rules.
/// Rules: https://webassembly.github.io/spec/core/valid/modules.html
/// </summary>
internal sealed class ModuleValidator
{
    private const ulong MaxPages32 = 1UL << 16;
    private const ulong MaxPages64 = 1UL << 48;

    private readonly ModuleDefinition _module;
    private readonly TypeDecoder _types;

    private ModuleValidator(ModuleDefinition module, TypeDecoder types)
    {
        _module = module;
        _types = types;
    }

    /// <summary>Checks everything, bodies last.</summary>
    /// <exception cref="WasmValidationException">A rule is broken.</exception>
    /// <exception cref="WasmDecodeException">A body is malformed.</exception>
    public static void Validate(Engine engine, ModuleDefinition module, TypeDecoder types)
    {
        new ModuleValidator(module, types).Run();
        var functions = new FunctionValidator(engine.Config, module, types);
        for (var i = 0; i < module.Bodies.Length; i++) functions.Validate(module.ImportedFunctions + i, module.Bodies[i]);
    }

    private void Run()
    {
        foreach (var table in _module.Tables) CheckTable(table);
        foreach (var memory in _module.Memories) CheckMemory(memory);
        foreach (var tag in _module.Tags)
        {
            if (tag.ResultArray.Length > 0) throw Invalid(0, "non-empty tag result type");
        }

        CheckGlobals();
        CheckTableInitializers();
        foreach (var export in _module.Exports) CheckExport(export);
        CheckStart();
        foreach (var segment in _module.Elements) CheckElements(segment);
        foreach (var segment in _module.Data) CheckData(segment);
    }

    private static void CheckTable(TableType table)
    {
        if (!table.Is64 && Math.Max(table.Minimum, table.Maximum ?? 0) > uint.MaxValue) throw Invalid(0, "table size must be at most 2^32-1");
        if (table.Minimum > table.Maximum) throw Invalid(0, "size minimum must not be greater than maximum");
    }

    private static void CheckMemory(MemoryType memory)
    {
        var limit = memory.Is64 ? MaxPages64 : MaxPages32;
        if (memory.Minimum > limit || memory.Maximum > limit)
            throw Invalid(0, memory.Is64 ? "memory size must be at most 2^48 pages" : "memory size must be at most 65536 pages (4GiB)");
        if (memory.Minimum > memory.Maximum) throw Invalid(0, "size minimum must not be greater than maximum");
    }

    private void CheckGlobals()
    {
        for (var i = 0; i < _module.GlobalInitializers.Count; i++)
        {
            var index = _module.ImportedGlobals + i;
            CheckConstant(_module.GlobalInitializers[i], _module.Globals[index].Content, index);
        }
    }

    private void CheckTableInitializers()
    {
        for (var i = 0; i < _module.TableInitializers.Count; i++)
        {
            var table = _module.Tables[_module.ImportedTables + i];
            if (_module.TableInitializers[i] is { } initializer) CheckConstant(initializer, table.Element, _module.ImportedGlobals);
            else if (!table.Element.IsNullable) throw Invalid(0, "type mismatch: a table of non-null references needs an initializer");
        }
    }

    private void CheckExport(ExportDefinition export)
    {
        var (count, what) = export.Kind switch
        {
            ExternalKind.Function => (_module.Functions.Count, "function"),
            ExternalKind.Table => (_module.Tables.Count, "table"),
            ExternalKind.Memory => (_module.Memories.Count, "memory"),
            ExternalKind.Global => (_module.Globals.Count, "global"),
            _ => (_module.Tags.Count, "tag"),
        };
        if ((uint)export.Index >= (uint)count) throw Invalid(0, $"unknown {what} {export.Index}");
    }

    private void CheckStart()
    {
        if (_module.StartFunction < 0) return;
        if (_module.StartFunction >= _module.Functions.Count) throw Invalid(0, $"unknown function {_module.StartFunction}");
        var type = _module.Functions[_module.StartFunction];
        if (type.ParameterArray.Length + type.ResultArray.Length > 0) throw Invalid(0, "start function must not have parameters or results");
    }

    private void CheckElements(ElementSegment segment)
    {
        if (segment.Mode == SegmentMode.Active)
        {
            if ((uint)segment.Table >= (uint)_module.Tables.Count) throw Invalid(segment.Position, $"unknown table {segment.Table}");
            var table = _module.Tables[segment.Table];
            if (!segment.Type.IsSubtypeOf(table.Element)) throw Invalid(segment.Position, "type mismatch: the segment's type is not the table's");
            CheckConstant(segment.Offset, table.Is64 ? ValueType.I64 : ValueType.I32, _module.Globals.Count);
        }

        foreach (var function in segment.Functions ?? [])
        {
            if ((uint)function >= (uint)_module.Functions.Count) throw Invalid(segment.Position, $"unknown function {function}");
        }

        foreach (var expression in segment.Expressions ?? []) CheckConstant(expression, segment.Type, _module.Globals.Count);
    }

    private void CheckData(DataSegment segment)
    {
        if (segment.Mode != SegmentMode.Active) return;
        if ((uint)segment.Memory >= (uint)_module.Memories.Count) throw Invalid(segment.Position, $"unknown memory {segment.Memory}");
        CheckConstant(segment.Offset, _module.Memories[segment.Memory].Is64 ? ValueType.I64 : ValueType.I32, _module.Globals.Count);
    }

    /// <summary>Checks the type of a constant expression that may read the first globals.</summary>
    private void CheckConstant(ConstantExpression expression, ValueType expected, int visibleGlobals)
    {
        var reader = new ByteReader(_module.Bytes, expression.Start, expression.End);
        var stack = new Stack<ValueType>();
        while (true)
        {
            var at = reader.Position;
            var opcode = reader.Byte();
            if (opcode == 0x0b)
            {
                if (stack.Count != 1 || !stack.Pop().IsSubtypeOf(expected)) throw Invalid(at, $"type mismatch: {expected} expected of a constant expression");
                return;
            }

            stack.Push(Constant(ref reader, opcode, at, stack, visibleGlobals));
        }
    }

    private ValueType Constant(ref ByteReader reader, byte opcode, int at, Stack<ValueType> stack, int visibleGlobals)
    {
        switch (opcode)
        {
            case 0x41:
                reader.S32();
                return ValueType.I32;
            case 0x42:
                reader.S64();
                return ValueType.I64;
            case 0x43:
                reader.F32Bits();
                return ValueType.F32;
            case 0x44:
                reader.F64Bits();
                return ValueType.F64;
            case 0xfd:
                reader.U32();
                reader.Span(16);
                return ValueType.V128;
            case 0xd0: return _types.Heap(ref reader, nullable: true);
            case 0xd2:
                var function = reader.U32();
                if (function >= (uint)_module.Functions.Count) throw Invalid(at, $"unknown function {function}");
                return ValueType.Reference(_module.Functions[(int)function], nullable: false);
            case 0x23:
                var global = reader.U32();
                if (global >= (uint)visibleGlobals) throw Invalid(at, $"unknown global {global}");
                if (_module.Globals[(int)global].IsMutable) throw Invalid(at, "constant expression required: the global is mutable");
                return _module.Globals[(int)global].Content;
            default:
                var type = opcode <= 0x6c ? ValueType.I32 : ValueType.I64;
                if (stack.Count < 2 || stack.Pop() != type || stack.Pop() != type) throw Invalid(at, $"type mismatch: {type} operands expected");
                return type;
        }
    }

    private static WasmValidationException Invalid(int at, string rule) => new(at, -1, rule);
}
