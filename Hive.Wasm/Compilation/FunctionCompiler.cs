using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>
/// Turns one validated function into IL in one pass. Operands without side effects stay trees until something needs them;
/// between instructions the IL stack is empty, so control flow and traps can leave from anywhere.
/// A compiled function is a static method (context, depth left, parameters…) that returns the first result; further results
/// are left in the store's state.
/// </summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>More locals than these live in an array on the heap, so that a frame's size is bounded.</summary>
    private const int MaxFrameLocals = 400;

    /// <summary>Fuel for <c>throw</c> and <c>throw_ref</c>.</summary>
    internal const int CostOfThrow = 1000;

    /// <summary>More pending operands than these are computed, so that looking through them stays cheap.</summary>
    private const int MaxPending = 48;

    private readonly ModuleDefinition _module;
    private readonly CallTargets _targets;
    private readonly bool _metered;
    private readonly int _function;
    private readonly FunctionType _type;
    private readonly FunctionBody _body;
    private readonly FunctionFacts _facts;
    private readonly ILGenerator _il;
    private readonly Temporaries _temporaries;
    private readonly TypeDecoder _types;
    private readonly ValueKind[] _localKinds;
    private readonly NanFlow? _nanFlow;
    private readonly NanState[]? _nanLocals;
    private readonly LocalBuilder?[] _localBuilders;
    private readonly List<Node> _stack = [];
    private int _stable;
    private ByteReader _reader;
    private LocalBuilder? _state;
    private LocalBuilder? _fuel;
    private LocalBuilder? _depth;
    private LocalBuilder? _heapLocals;
    private LocalBuilder? _heapReferences;
    private long _cost;

    private FunctionCompiler(ModuleCode code, int function, ILGenerator il, CallTargets targets, NanState[]? nanLocals, bool findNanFlow)
    {
        _module = code.Definition;
        _metered = code.Engine.Config.ConsumeFuel;
        _function = function;
        _type = _module.Functions[function];
        _body = _module.Bodies[function - _module.ImportedFunctions];
        _facts = _body.Facts!;
        _il = il;
        _targets = targets;
        _types = code.TypeDecoder;
        _temporaries = new Temporaries(il);
        _localKinds = LocalKinds();
        _localBuilders = new LocalBuilder?[Math.Min(_localKinds.Length, MaxFrameLocals)];
        _nanLocals = nanLocals;
        if (findNanFlow) _nanFlow = new NanFlow(_localKinds.Length, _type.ParameterArray.Length);
        _reader = new ByteReader(_module.Bytes, _body.Start, _body.End);
    }

    /// <summary>Writes a function's IL. Float loops are read twice: first to learn where NaNs flow.</summary>
    public static void Compile(ModuleCode code, int function, ILGenerator il, CallTargets targets)
    {
        NanState[]? nanLocals = null;
        var facts = code.Definition.Bodies[function - code.Definition.ImportedFunctions].Facts!;
        if (facts.HasFloatArithmetic && facts.HasLoops)
        {
            var scratch = new DynamicMethod("scan", null, null).GetILGenerator();
            var scan = new FunctionCompiler(code, function, scratch, CallTargets.None, null, findNanFlow: true);
            scan.Run();
            nanLocals = scan._nanFlow!.Solve();
        }

        new FunctionCompiler(code, function, il, targets, nanLocals, findNanFlow: false).Run();
    }

    private void Run()
    {
        Prologue();
        PushFrame(0x02, [], _type.ResultArray);
        while (_frames.Count > 0)
        {
            var opcode = _reader.Byte();
            if (_unreachable && !ReadUnreachable(opcode)) continue;
            _cost += Cost(opcode);
            Instruction(opcode);
        }

        Epilogue();
    }

    /// <summary>Unwinding takes thousands of times longer than anything else.</summary>
    private static int Cost(byte opcode) => opcode is 0x08 or 0x0a ? CostOfThrow : 1;

    private ValueKind[] LocalKinds()
    {
        var kinds = new ValueKind[_body.LocalCount];
        var at = 0;
        foreach (var parameter in _type.ParameterArray) kinds[at++] = parameter.Kind;
        foreach (var run in _body.Locals)
        {
            Array.Fill(kinds, run.Type.Kind, at, run.Count);
            at += run.Count;
        }

        return kinds;
    }

    private void Prologue()
    {
        var parameters = _type.ParameterArray.Length;
        for (var i = parameters; i < _localBuilders.Length; i++) _localBuilders[i] = _il.DeclareLocal(Temporaries.ClrType(_localKinds[i]));
        if (_localKinds.Length > MaxFrameLocals) AllocateHeapLocals(_localKinds.Length - MaxFrameLocals);
        if (_facts.HasCalls || _facts.HasLoops || _metered || _type.ResultArray.Length > 1)
        {
            _state = _il.DeclareLocal(typeof(StoreState));
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Ldfld, Members.State);
            _il.Emit(OpCodes.Stloc, _state);
        }

        if (_metered)
        {
            _fuel = _il.DeclareLocal(typeof(long));
            LoadFuel();
        }

        if (_facts.HasCalls) CheckStack();
        if (_facts.HasCalls) CheckFuelAndInterrupt();
        if (_facts.HasMemory && _module.Memories.Count > 0) DeclareMemory();
    }

    /// <summary>
    /// A function that calls pays for its frame twice: from the depth left, which is the same everywhere, and against this
    /// thread's stack. One that calls nothing fits the slice that is always left.
    /// </summary>
    private void CheckStack()
    {
        _depth = _il.DeclareLocal(typeof(int));
        _il.Emit(OpCodes.Ldarg_1);
        LoadInt32(64 + 8 * _localKinds.Length + (_facts.MayHaveLargeFrame ? _facts.FrameBytes : 0));
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stloc, _depth);
        _il.Emit(OpCodes.Ldloc, _depth);
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Blt, Trap(TrapCode.StackOverflow));
        var marker = _il.DeclareLocal(typeof(int));
        var enough = _il.DefineLabel();
        _il.Emit(OpCodes.Ldloca, marker);
        _il.Emit(OpCodes.Conv_U);
        _il.Emit(OpCodes.Ldloc, _state!);
        _il.Emit(OpCodes.Ldfld, Members.StackLimit);
        _il.Emit(OpCodes.Bge_Un, enough);
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldloca, marker);
        _il.Emit(OpCodes.Conv_U);
        LoadInt32(_function);
        _il.Emit(OpCodes.Call, Members.Runtime(nameof(GuestRuntime.ExtendStack)));
        _il.MarkLabel(enough);
    }

    /// <summary>Traps if fuel has run out or the run was interrupted; at each loop's head and where a function that calls begins.</summary>
    private void CheckFuelAndInterrupt()
    {
        if (_metered)
        {
            _il.Emit(OpCodes.Ldloc, _fuel!);
            _il.Emit(OpCodes.Ldc_I4_0);
            _il.Emit(OpCodes.Conv_I8);
            _il.Emit(OpCodes.Blt, Trap(TrapCode.OutOfFuel));
        }

        _il.Emit(OpCodes.Ldloc, _state!);
        _il.Emit(OpCodes.Volatile);
        _il.Emit(OpCodes.Ldfld, Members.Interrupted);
        _il.Emit(OpCodes.Brtrue, Trap(TrapCode.Interrupted));
    }

    /// <summary>Takes the cost of the instructions since the last charge from the fuel.</summary>
    private void Charge()
    {
        if (_metered && _cost > 0)
        {
            _il.Emit(OpCodes.Ldloc, _fuel!);
            _il.Emit(OpCodes.Ldc_I4, (int)_cost);
            _il.Emit(OpCodes.Conv_I8);
            _il.Emit(OpCodes.Sub);
            _il.Emit(OpCodes.Stloc, _fuel!);
        }

        _cost = 0;
    }

    private void LoadFuel()
    {
        if (!_metered) return;
        _il.Emit(OpCodes.Ldloc, _state!);
        _il.Emit(OpCodes.Ldfld, Members.Fuel);
        _il.Emit(OpCodes.Stloc, _fuel!);
    }

    private void StoreFuel()
    {
        if (!_metered) return;
        _il.Emit(OpCodes.Ldloc, _state!);
        _il.Emit(OpCodes.Ldloc, _fuel!);
        _il.Emit(OpCodes.Stfld, Members.Fuel);
    }

    private void Push(Node node)
    {
        if (node.Height >= Node.MaxHeight) node = Materialize(node);
        _stack.Add(node);
        if (_stack.Count - _stable > MaxPending) Flush();
    }

    private Node Pop()
    {
        var node = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        if (_stable > _stack.Count) _stable = _stack.Count;
        return node;
    }

    /// <summary>Pops an operand whose bits will be seen.</summary>
    private Node PopClean() => Clean(Pop());

    private Node Clean(Node node) => node.IsDirty ? Canonicalize(node) : node;

    /// <summary>Computes every pending operand, so that control may flow elsewhere.</summary>
    private void Flush()
    {
        for (var i = _stable; i < _stack.Count; i++)
        {
            if (!_stack[i].IsStable) _stack[i] = Materialize(_stack[i]);
        }

        _stable = _stack.Count;
    }

    /// <summary>Computes the pending operands that read a local, before it changes.</summary>
    private void FlushReaders(int local)
    {
        for (var i = _stable; i < _stack.Count; i++)
        {
            if (_stack[i].Reads(local)) _stack[i] = Materialize(_stack[i]);
        }
    }

    /// <summary>Computes an operand into a temporary.</summary>
    private Node Materialize(Node node)
    {
        var isTruth = IsTruth(node);
        Emit(node);
        var stored = StoreTemporary(node.Kind, node.Nan, node.NanSource);
        if (isTruth) _truthTemporaries.Add(stored.Temporary!);
        return stored;
    }

    /// <summary>Moves what is on the IL stack into a temporary.</summary>
    private Node StoreTemporary(ValueKind kind, NanState nan, int nanSource = -1)
    {
        var temporary = _temporaries.Take(kind);
        _il.Emit(OpCodes.Stloc, temporary.Local);
        return new Node { Op = NodeOp.Temporary, Kind = kind, Nan = nan, NanSource = nanSource, Temporary = temporary };
    }

    /// <summary>Pushes what is on the IL stack.</summary>
    private void PushResult(ValueKind kind, NanState? nan = null) => Push(StoreTemporary(kind, nan ?? ExactFor(kind)));

    private static NanState ExactFor(ValueKind kind) => kind is ValueKind.F32 or ValueKind.F64 or ValueKind.V128 ? NanState.Exact : NanState.Free;

    /// <summary>Makes NaNs canonical, so that the bits are the same on every machine.</summary>
    private Node Canonicalize(Node node)
    {
        var value = Materialize(node);
        var local = value.Temporary!.Local;
        if (node.Nan is NanState.F32x4 or NanState.F64x2)
        {
            _il.Emit(OpCodes.Ldloc, local);
            _il.Emit(OpCodes.Call, node.Nan == NanState.F32x4 ? VectorLowering.CanonicalF32x4 : VectorLowering.CanonicalF64x2);
            _il.Emit(OpCodes.Stloc, local);
        }
        else
        {
            var isNumber = _il.DefineLabel();
            _il.Emit(OpCodes.Ldloc, local);
            _il.Emit(OpCodes.Ldloc, local);
            _il.Emit(OpCodes.Beq, isNumber);
            if (node.Nan == NanState.F32) _il.Emit(OpCodes.Ldc_R4, BitConverter.UInt32BitsToSingle(0x7fc00000));
            else _il.Emit(OpCodes.Ldc_R8, BitConverter.UInt64BitsToDouble(0x7ff8000000000000));
            _il.Emit(OpCodes.Stloc, local);
            _il.MarkLabel(isNumber);
        }

        return new Node { Op = NodeOp.Temporary, Kind = node.Kind, Nan = NanState.Free, Temporary = value.Temporary };
    }

    /// <summary>Puts an operand on the IL stack; its temporary is free afterwards.</summary>
    private void Emit(Node node)
    {
        switch (node.Op)
        {
            case NodeOp.Constant: EmitConstant(node); break;
            case NodeOp.Local: LoadLocal(node.Index); break;
            case NodeOp.Temporary:
                _il.Emit(OpCodes.Ldloc, node.Temporary!.Local);
                _temporaries.Release(node.Temporary);
                break;
            default:
                var lowering = node.Lowering!;
                EmitOperand(node.A, lowering);
                GuardCombination(lowering.Hazard);
                EmitOperand(node.B, lowering);
                EmitOperand(node.C, lowering);
                lowering.Emit(_il);
                break;
        }
    }

    private void EmitOperand(Node? operand, Lowering lowering)
    {
        if (operand is null) return;
        Emit(operand);
        if (lowering.Branches is not null || ReferenceEquals(lowering, IsZero32)) GuardTest(operand);
        if (lowering.Convert is { } convert && operand.Kind == ValueKind.V128) _il.Emit(OpCodes.Call, convert);
    }
}
