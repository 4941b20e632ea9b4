using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>
/// Makes an instance: imports, then what the module defines, then segments, then the start function.
/// Steps: https://webassembly.github.io/spec/core/exec/modules.html#instantiation
/// </summary>
internal sealed class Instantiation
{
    private readonly InstanceContext _context;
    private readonly ModuleDefinition _module;

    private Instantiation(Store store, Module module)
    {
        _context = new InstanceContext(store, module);
        _module = module.Definition;
    }

    public static Instance Run(Store store, Module module, Func<ImportDefinition, int, object> resolve)
    {
        ObjectDisposedException.ThrowIf(store.IsDisposed, store);
        var instantiation = new Instantiation(store, module);
        store.Keep(instantiation._context);
        instantiation.Import(resolve);
        instantiation.Define();
        instantiation.Initialize();
        return instantiation._context.Instance;
    }

    private void Import(Func<ImportDefinition, int, object> resolve)
    {
        for (var i = 0; i < _module.Imports.Count; i++)
        {
            var import = _module.Imports[i];
            var item = resolve(import, i);
            if (item is HostFunction host) item = host.Bind(_context);
            if (ImportMatching.Mismatch(_module, import, item) is { } mismatch)
                throw new LinkException($"incompatible import type: {import.Module}.{import.Name} must be {_context.Module.Imports[i].Type}; {mismatch}");
            CheckStore(import, item);
            switch (item)
            {
                case Function function: _context.Functions[import.Index] = function; break;
                case Table table: _context.Tables[import.Index] = table; break;
                case Memory memory: _context.Memories[import.Index] = memory; break;
                case Global global: _context.Globals[import.Index] = global; break;
                case Tag tag: _context.Tags[import.Index] = tag; break;
            }
        }
    }

    private void CheckStore(ImportDefinition import, object item)
    {
        var store = item switch
        {
            Function function => function.Store,
            Table table => table.Store,
            Memory memory => memory.Store,
            Global global => global.Store,
            _ => _context.Store,
        };
        if (store != _context.Store) throw new LinkException($"{import.Module}.{import.Name} belongs to another store");
    }

    private void Define()
    {
        for (var i = _module.ImportedMemories; i < _module.Memories.Count; i++) _context.Memories[i] = new Memory(_context.Store, _module.Memories[i]);
        if (_context.Memories.Length > 0) _context.Memory0 = _context.Memories[0];
        for (var i = _module.ImportedTags; i < _module.Tags.Count; i++) _context.Tags[i] = new Tag(_module.Tags[i]);
        for (var i = _module.ImportedGlobals; i < _module.Globals.Count; i++)
        {
            var global = new Global(_context.Store, _module.Globals[i], _context.GlobalStorage, 16 * (i - _module.ImportedGlobals));
            global.Set(Evaluate(_module.GlobalInitializers[i - _module.ImportedGlobals]));
            _context.Globals[i] = global;
        }

        for (var i = _module.ImportedTables; i < _module.Tables.Count; i++)
        {
            var initial = _module.TableInitializers[i - _module.ImportedTables] is { } initializer ? Evaluate(initializer).Reference : null;
            _context.Tables[i] = new Table(_context.Store, _module.Tables[i], initial);
        }
    }

    private void Initialize()
    {
        for (var i = 0; i < _module.Elements.Count; i++) InitializeTable(i, _module.Elements[i]);
        for (var i = 0; i < _module.Data.Count; i++)
        {
            var data = _module.Data[i];
            if (data.Mode != SegmentMode.Active) continue;
            GuestRuntime.MemoryInit(_context, i, data.Memory, Offset(data.Offset), 0, (ulong)data.Length, -1);
            _context.DropData(i);
        }

        if (_module.StartFunction >= 0) _context.GetFunction(_module.StartFunction).Invoke();
    }

    private void InitializeTable(int index, ElementSegment segment)
    {
        if (segment.Mode == SegmentMode.Declarative) return;
        var elements = new object?[segment.Count];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = segment.Functions is { } functions
                ? _context.GetFunction(functions[i])
                : Evaluate(segment.Expressions![i]).Reference;
        }

        _context.SetElements(index, elements);
        if (segment.Mode != SegmentMode.Active) return;
        GuestRuntime.TableInit(_context, index, segment.Table, Offset(segment.Offset), 0, (ulong)elements.Length, -1);
        _context.SetElements(index, null);
    }

    private ulong Offset(ConstantExpression expression)
    {
        var value = Evaluate(expression);
        return value.Kind == ValueKind.I32 ? (uint)value.AsInt32() : (ulong)value.AsInt64();
    }

    /// <summary>Evaluates a validated constant expression.</summary>
    private Value Evaluate(ConstantExpression expression)
    {
        var reader = new ByteReader(_module.Bytes, expression.Start, expression.End);
        var stack = new Stack<Value>();
        for (byte opcode; (opcode = reader.Byte()) != 0x0b;) stack.Push(Constant(ref reader, opcode, stack));
        return stack.Pop();
    }

    private Value Constant(ref ByteReader reader, byte opcode, Stack<Value> stack)
    {
        switch (opcode)
        {
            case 0x41: return Value.FromInt32(reader.S32());
            case 0x42: return Value.FromInt64(reader.S64());
            case 0x43: return Value.FromSingleBits(reader.F32Bits());
            case 0x44: return Value.FromDoubleBits(reader.F64Bits());
            case 0x23: return _context.Globals[reader.U32()].Get();
            case 0xd0: return Value.Default(_context.Code.TypeDecoder.Heap(ref reader, nullable: true).Kind);
            case 0xd2: return Value.FromFuncRef(_context.GetFunction((int)reader.U32()));
            case 0xfd:
                reader.U32();
                return Value.FromV128(Vector128.Create<byte>(reader.Span(16)));
        }

        var right = stack.Pop();
        var left = stack.Pop();
        return opcode switch
        {
            0x6a => Value.FromInt32(left.AsInt32() + right.AsInt32()),
            0x6b => Value.FromInt32(left.AsInt32() - right.AsInt32()),
            0x6c => Value.FromInt32(left.AsInt32() * right.AsInt32()),
            0x7c => Value.FromInt64(left.AsInt64() + right.AsInt64()),
            0x7d => Value.FromInt64(left.AsInt64() - right.AsInt64()),
            _ => Value.FromInt64(left.AsInt64() * right.AsInt64()),
        };
    }
}
