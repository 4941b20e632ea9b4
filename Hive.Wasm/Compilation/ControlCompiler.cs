using System.Reflection.Emit;

namespace Hive.Wasm;

internal sealed partial class FunctionCompiler
{
    private readonly List<Frame> _frames = [];
    private readonly TryScope _functionScope = new(null);
    private readonly List<Action> _tails = [];
    private TryScope? _tryScope;
    private Label? _returnLabel;
    private LocalBuilder? _returnValue;
    private bool _unreachable;
    private int _skipDepth;

    private TryScope Scope => _tryScope ?? _functionScope;

    private Frame FrameAt(int depth) => _frames[_frames.Count - 1 - depth];

    private Label Trap(TrapCode code)
    {
        if (!Scope.Traps.TryGetValue(code, out var label)) Scope.Traps[code] = label = _il.DefineLabel();
        return label;
    }

    private void EmitTraps(TryScope scope)
    {
        foreach (var (code, label) in scope.Traps)
        {
            _il.MarkLabel(label);
            StoreFuel();
            _il.Emit(OpCodes.Ldarg_0);
            LoadInt32((int)code);
            LoadInt32(_function);
            _il.Emit(OpCodes.Call, Members.Runtime(nameof(GuestRuntime.Trap)));
            _il.Emit(OpCodes.Throw);
        }
    }

    private void PushFrame(byte opcode, ValueType[] start, ValueType[] end, Label otherwise = default, CatchClause[]? catches = null, Temporary[]? parameters = null)
    {
        var carried = opcode == 0x03 ? start : _frames.Count == 0 ? [] : end;
        _frames.Add(new Frame
        {
            Opcode = opcode,
            Height = _stack.Count - (_frames.Count == 0 ? 0 : start.Length),
            Start = start,
            End = end,
            Branch = _il.DefineLabel(),
            Carried = TakeAll(carried),
            Scope = _tryScope,
            Else = otherwise,
            Catches = catches ?? [],
            Parameters = parameters ?? [],
            CheckedAtStart = opcode == 0x04 ? _checked.Copy() : null,
        });
    }

    /// <summary>Notes that control may go from here to a frame's label.</summary>
    private void NoteBranch(Frame frame)
    {
        frame.IsBranchedTo = true;
        if (frame.Opcode == 0x03) return;
        if (frame.CheckedAtEnd is { } others) others.KeepWhatIsIn(_checked);
        else frame.CheckedAtEnd = _checked.Copy();
    }

    private Temporary[] TakeAll(ValueType[] types)
    {
        if (types.Length == 0) return [];
        var taken = new Temporary[types.Length];
        for (var i = 0; i < types.Length; i++) taken[i] = _temporaries.Take(types[i].Kind);
        return taken;
    }

    /// <summary>What must hold wherever control flow parts or meets: operands computed, fuel charged, the memory's place known.</summary>
    private void Settle()
    {
        Flush();
        Charge();
        RefreshMemory();
    }

    private (ValueType[] Start, ValueType[] End) BlockType()
    {
        var next = _reader.Peek();
        if (next == 0x40)
        {
            _reader.Byte();
            return ([], []);
        }

        if ((next & 0xc0) == 0x40) return ([], [_types.Value(ref _reader)]);
        var type = _module.Types[(int)_reader.S33()];
        return (type.ParameterArray, type.ResultArray);
    }

    private void Loop()
    {
        var (start, end) = BlockType();
        Settle();
        PushFrame(0x03, start, end);
        var frame = _frames[^1];
        StoreCarried(frame.Carried);
        _il.MarkLabel(frame.Branch);
        _checked = new CheckedAccesses();
        CheckFuelAndInterrupt();
        // Copies, because a branch back may assign the carried values in any order.
        foreach (var carried in frame.Carried)
        {
            _il.Emit(OpCodes.Ldloc, carried.Local);
            PushResult(carried.Kind);
        }
    }

    private void If()
    {
        var (start, end) = BlockType();
        var condition = Pop();
        var otherwise = _il.DefineLabel();
        Settle();
        var parameters = new Temporary[start.Length];
        for (var i = start.Length - 1; i >= 0; i--)
        {
            // Both arms use the parameters, so they are never given back.
            Emit(PopClean());
            parameters[i] = new Temporary(_il.DeclareLocal(Temporaries.ClrType(start[i].Kind)), start[i].Kind);
            _il.Emit(OpCodes.Stloc, parameters[i].Local);
        }

        EmitBranch(condition, otherwise, ifTrue: false);
        PushParameters(parameters);
        PushFrame(0x04, start, end, otherwise, parameters: parameters);
    }

    private void PushParameters(Temporary[] parameters)
    {
        foreach (var parameter in parameters)
        {
            _il.Emit(OpCodes.Ldloc, parameter.Local);
            PushResult(parameter.Kind);
        }
    }

    private void Else()
    {
        var frame = _frames[^1];
        _frames.RemoveAt(_frames.Count - 1);
        if (!_unreachable)
        {
            Settle();
            StoreCarried(frame.Carried);
            NoteBranch(frame);
            _il.Emit(OpCodes.Br, frame.Branch);
        }

        Truncate(frame.Height);
        _il.MarkLabel(frame.Else);
        ArriveAtLabel(frame.CheckedAtStart!);
        PushParameters(frame.Parameters);
        _frames.Add(new Frame
        {
            Opcode = 0x05,
            Height = frame.Height,
            Start = frame.Start,
            End = frame.End,
            Branch = frame.Branch,
            Carried = frame.Carried,
            Scope = frame.Scope,
            IsBranchedTo = frame.IsBranchedTo,
            CheckedAtEnd = frame.CheckedAtEnd,
        });
    }

    private void End()
    {
        var frame = _frames[^1];
        _frames.RemoveAt(_frames.Count - 1);
        switch (frame.Opcode)
        {
            case 0x03: return;
            case 0x04: EndIf(frame); return;
            case 0x1f: EndTry(frame); return;
        }

        if (_frames.Count == 0)
        {
            if (!_unreachable) Return();
            return;
        }

        if (!frame.IsBranchedTo) return;
        if (!_unreachable)
        {
            Settle();
            StoreCarried(frame.Carried);
            NoteBranch(frame);
        }

        ArriveAtEnd(frame);
    }

    /// <summary>An <c>if</c> without <c>else</c>: its parameters are its results.</summary>
    private void EndIf(Frame frame)
    {
        if (!_unreachable)
        {
            Settle();
            StoreCarried(frame.Carried);
            NoteBranch(frame);
            if (frame.Carried.Length > 0) _il.Emit(OpCodes.Br, frame.Branch);
        }

        _il.MarkLabel(frame.Else);
        _checked = frame.CheckedAtStart!;
        NoteBranch(frame);
        for (var i = 0; i < frame.Carried.Length; i++)
        {
            _il.Emit(OpCodes.Ldloc, frame.Parameters[i].Local);
            _il.Emit(OpCodes.Stloc, frame.Carried[i].Local);
        }

        ArriveAtEnd(frame);
    }

    private void ArriveAtEnd(Frame frame)
    {
        _il.MarkLabel(frame.Branch);
        Truncate(frame.Height);
        ArriveAtLabel(frame.CheckedAtEnd!);
        foreach (var carried in frame.Carried)
            Push(new Node { Op = NodeOp.Temporary, Kind = carried.Kind, Nan = ExactFor(carried.Kind), Temporary = carried });
    }

    private void ArriveAtLabel(CheckedAccesses known)
    {
        _unreachable = false;
        _cost = 0;
        _memoryIsStale = false;
        _checked = known;
    }

    private void Truncate(int height)
    {
        _stack.RemoveRange(height, _stack.Count - height);
        _stable = Math.Min(_stable, height);
    }

    /// <summary>Pops the values that a branch carries into their temporaries.</summary>
    private void StoreCarried(Temporary[] carried)
    {
        if (carried.Length == 0) return;
        var first = _stack.Count - carried.Length;
        for (var i = first; i < _stack.Count; i++) _stack[i] = Clean(_stack[i]);
        for (var i = first; i < _stack.Count; i++) NoteTruth(carried[i - first], _stack[i]);
        for (var i = first; i < _stack.Count; i++) Emit(_stack[i]);
        for (var i = carried.Length - 1; i >= 0; i--) _il.Emit(OpCodes.Stloc, carried[i].Local);
        Truncate(first);
    }

    private void Epilogue()
    {
        if (_returnLabel is { } label)
        {
            _il.MarkLabel(label);
            if (_returnValue is not null) _il.Emit(OpCodes.Ldloc, _returnValue);
            _il.Emit(OpCodes.Ret);
        }

        foreach (var tail in _tails) tail();
        EmitTraps(_functionScope);
    }
}
