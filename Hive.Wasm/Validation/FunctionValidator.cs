using System.Runtime.CompilerServices;

namespace Hive.Wasm;

/// <summary>Checks function bodies, one after another, in one pass and without recursion.</summary>
internal sealed partial class FunctionValidator
{
    private readonly Config _config;
    private readonly ModuleDefinition _module;
    private readonly TypeDecoder _types;
    private readonly OperandStack _stack;
    private readonly Dictionary<ValueType, ValueType[]> _single = [];
    private readonly List<int> _initializedOrder = [];
    private ValueType[] _locals = [];
    private bool[] _initialized = [];
    private ByteReader _reader;
    private int _function;
    private int _at;
    private bool _hasCalls;
    private bool _hasLoops;
    private bool _hasMemory;
    private bool _hasFloatArithmetic;
    private int _vectorBytes;

    public FunctionValidator(Config config, ModuleDefinition module, TypeDecoder types)
    {
        _config = config;
        _module = module;
        _types = types;
        _stack = new OperandStack { Error = Invalid, MaxOperands = config.MaxOperands };
    }

    private WasmValidationException Invalid(string rule) => new(_at, _function, rule);

    public void Validate(int function, FunctionBody body)
    {
        _function = function;
        _reader = new ByteReader(_module.Bytes, body.Start, body.End);
        _at = body.Start;
        _vectorBytes = 0;
        _hasCalls = _hasLoops = _hasMemory = _hasFloatArithmetic = false;
        var type = _module.Functions[function];
        DeclareLocals(type, body);
        _stack.Clear();
        _initializedOrder.Clear();
        _stack.PushFrame(0x02, [], type.ResultArray, 0);
        while (_stack.FrameCount > 0)
        {
            _at = _reader.Position;
            Instruction(_reader.Byte());
        }

        if (!_reader.AtEnd) throw _reader.Error("END opcode expected, section size mismatch");
        body.Facts = new FunctionFacts(_hasCalls, _hasLoops, _hasMemory, _hasFloatArithmetic, _vectorBytes + FunctionFacts.BytesPerOperand * (_stack.MaxHeight + _stack.MaxArity));
    }

    private void DeclareLocals(FunctionType type, FunctionBody body)
    {
        if (_locals.Length < body.LocalCount)
        {
            _locals = new ValueType[body.LocalCount];
            _initialized = new bool[body.LocalCount];
        }

        var at = 0;
        foreach (var parameter in type.ParameterArray)
        {
            _initialized[at] = true;
            _locals[at++] = parameter;
        }

        foreach (var run in body.Locals)
        {
            _locals.AsSpan(at, run.Count).Fill(run.Type);
            _initialized.AsSpan(at, run.Count).Fill(run.Type.IsDefaultable);
            at += run.Count;
        }

        _localCount = body.LocalCount;
    }

    private int _localCount;

    private void Instruction(byte opcode)
    {
        if (OpcodeTable.Single[opcode] is { } plain)
        {
            Plain(plain);
            // The JIT expands minima and maxima into vectors.
            if (opcode is 0x96 or 0x97 or 0xa4 or 0xa5) _vectorBytes += FunctionFacts.BytesPerShuffle;
            _hasFloatArithmetic |= plain.Result is ValueKind.F32 or ValueKind.F64 && opcode >= 0x8b;
            return;
        }

        switch (opcode)
        {
            case 0x00: _stack.MarkUnreachable(); break;
            case 0x01: break;
            case 0x02 or 0x03: Block(opcode); break;
            case 0x04:
                _stack.Pop(ValueKind.I32);
                Block(opcode);
                break;
            case 0x05: Else(); break;
            case 0x08 or 0x0a or 0x1f: Exceptions(opcode); break;
            case 0x0b: End(); break;
            case 0x0c:
                _stack.Pop(Label().Label);
                _stack.MarkUnreachable();
                break;
            case 0x0d: BranchIf(); break;
            case 0x0e: BranchTable(); break;
            case 0x0f:
                _stack.Pop(_module.Functions[_function].ResultArray);
                _stack.MarkUnreachable();
                break;
            case >= 0x10 and <= 0x15: Call(opcode); break;
            case 0x1a: _stack.Pop(); break;
            case 0x1b: Select(); break;
            case 0x1c: TypedSelect(); break;
            case 0x20:
                var read = Local();
                if (!_initialized[read]) throw Invalid($"uninitialized local {read}");
                _stack.Push(_locals[read]);
                break;
            case 0x21:
                var written = Local();
                _stack.Pop(_locals[written]);
                Initialize(written);
                break;
            case 0x22:
                var teed = Local();
                _stack.Pop(_locals[teed]);
                _stack.Push(_locals[teed]);
                Initialize(teed);
                break;
            case 0x23: _stack.Push(Global().Content); break;
            case 0x24:
                var global = Global();
                if (!global.IsMutable) throw Invalid("global is immutable");
                _stack.Pop(global.Content);
                break;
            case 0x25:
                var source = Table();
                _stack.Pop(source.Is64 ? ValueKind.I64 : ValueKind.I32);
                _stack.Push(source.Element);
                break;
            case 0x26:
                var target = Table();
                _stack.Pop(target.Element);
                _stack.Pop(target.Is64 ? ValueKind.I64 : ValueKind.I32);
                break;
            case 0x3f: _stack.Push(AddressType(Memory())); break;
            case 0x40:
                var grown = AddressType(Memory());
                _stack.Pop(grown.Kind);
                _stack.Push(grown);
                break;
            case 0x41:
                _reader.S32();
                _stack.Push(ValueType.I32);
                break;
            case 0x42:
                _reader.S64();
                _stack.Push(ValueType.I64);
                break;
            case 0x43:
                _reader.F32Bits();
                _stack.Push(ValueType.F32);
                break;
            case 0x44:
                _reader.F64Bits();
                _stack.Push(ValueType.F64);
                break;
            case >= 0xd0 and <= 0xd6: References(opcode); break;
            case 0xfb: throw Invalid("garbage collection instructions are not supported");
            case 0xfc: Bulk(); break;
            case 0xfd: Vector(); break;
            default: throw new WasmDecodeException(_at, $"illegal opcode {opcode:x2}");
        }
    }

    private void Plain(PlainInstruction plain)
    {
        var operands = plain.Operands;
        var address = ValueKind.I32;
        if (plain.Immediate != Immediate.None) address = Immediates(plain);
        for (var i = operands.Length - 1; i >= 0; i--) _stack.Pop(operands[i] == OpcodeTable.Address ? address : operands[i]);
        if (plain.Result != 0) _stack.Push(TypeOf(plain.Result));
    }

    private ValueKind Immediates(PlainInstruction plain)
    {
        switch (plain.Immediate)
        {
            case Immediate.Memory: return MemoryArgument(plain.AlignLog2);
            case Immediate.MemoryLane:
                var address = MemoryArgument(plain.AlignLog2);
                if (_reader.Byte() >= plain.Lanes) throw Invalid("invalid lane index");
                return address;
            case Immediate.Lane:
                if (_reader.Byte() >= plain.Lanes) throw Invalid("invalid lane index");
                break;
            case Immediate.Shuffle:
                foreach (var lane in _reader.Span(16))
                {
                    if (lane >= 32) throw Invalid("invalid lane index");
                }

                break;
            default:
                _reader.Span(16);
                break;
        }

        return ValueKind.I32;
    }

    /// <summary>A memory argument: alignment, in bit 6 whether a memory index follows, and offset.</summary>
    private ValueKind MemoryArgument(int natural)
    {
        _hasMemory = true;
        var flags = _reader.U32();
        if (flags >= 128) throw new WasmDecodeException(_at, "malformed memop flags");
        var memory = _module.Memories.Count > 0 || (flags & 64) != 0 ? MemoryAt((flags & 64) != 0 ? _reader.U32() : 0) : throw Invalid("unknown memory 0");
        var offset = _reader.U64();
        if ((flags & 63) > natural) throw Invalid("alignment must not be larger than natural");
        if (!memory.Is64 && offset > uint.MaxValue) throw Invalid("offset out of range");
        return memory.Is64 ? ValueKind.I64 : ValueKind.I32;
    }

    private void Vector()
    {
        if (!_config.Simd) throw Invalid("vectors are switched off");
        var opcode = _reader.U32();
        if (opcode >= OpcodeTable.Vector.Length || OpcodeTable.Vector[opcode] is not { } plain) throw new WasmDecodeException(_at, $"illegal opcode fd {opcode:x}");
        Plain(plain);
        _vectorBytes += opcode == 13 ? FunctionFacts.BytesPerShuffle : FunctionFacts.BytesPerVector;
        _hasFloatArithmetic |= opcode is 94 or 95 or >= 103;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Local()
    {
        var index = _reader.U32();
        return index < (uint)_localCount ? (int)index : throw Invalid($"unknown local {index}");
    }

    private void Initialize(int local)
    {
        if (_initialized[local]) return;
        _initialized[local] = true;
        _initializedOrder.Add(local);
    }

    private GlobalType Global()
    {
        var index = _reader.U32();
        return index < (uint)_module.Globals.Count ? _module.Globals[(int)index] : throw Invalid($"unknown global {index}");
    }

    private TableType Table() => TableAt(_reader.U32());

    private TableType TableAt(uint index) =>
        index < (uint)_module.Tables.Count ? _module.Tables[(int)index] : throw Invalid($"unknown table {index}");

    private MemoryType Memory() => MemoryAt(_reader.U32());

    private MemoryType MemoryAt(uint index) =>
        index < (uint)_module.Memories.Count ? _module.Memories[(int)index] : throw Invalid($"unknown memory {index}");

    private FunctionType TypeAt(uint index) =>
        index < (uint)_module.Types.Length ? _module.Types[index] : throw Invalid($"unknown type {index}");

    private static ValueType AddressType(MemoryType memory) => memory.Is64 ? ValueType.I64 : ValueType.I32;

    private static ValueType TypeOf(ValueKind kind) => kind switch
    {
        ValueKind.I32 => ValueType.I32,
        ValueKind.I64 => ValueType.I64,
        ValueKind.F32 => ValueType.F32,
        ValueKind.F64 => ValueType.F64,
        _ => ValueType.V128,
    };
}
