using System.Reflection.Emit;

namespace Hive.Wasm;

/// <summary>Branches and returns.</summary>
internal sealed partial class FunctionCompiler
{
    private void Branch(int depth)
    {
        var frame = FrameAt(depth);
        if (depth == _frames.Count - 1)
        {
            Return();
        }
        else
        {
            Settle();
            StoreCarried(frame.Carried);
            Jump(frame);
        }

        _unreachable = true;
    }

    private void Jump(Frame frame)
    {
        NoteBranch(frame);
        _il.Emit(frame.Scope == _tryScope ? OpCodes.Br : OpCodes.Leave, frame.Branch);
    }

    private void BranchIf(int depth)
    {
        var condition = Pop();
        Settle();
        var frame = FrameAt(depth);
        if (depth < _frames.Count - 1 && frame.Carried.Length == 0 && frame.Scope == _tryScope)
        {
            NoteBranch(frame);
            EmitBranch(condition, frame.Branch, ifTrue: true);
            return;
        }

        CleanTop(depth == _frames.Count - 1 ? frame.End.Length : frame.Carried.Length);
        var skip = _il.DefineLabel();
        EmitBranch(condition, skip, ifTrue: false);
        JumpKeeping(depth);
        _il.MarkLabel(skip);
    }

    private void CleanTop(int count)
    {
        for (var i = _stack.Count - count; i < _stack.Count; i++) _stack[i] = Clean(_stack[i]);
    }

    /// <summary>Branches with the values on the operand stack, which stay there for the other path.</summary>
    private void JumpKeeping(int depth)
    {
        var frame = FrameAt(depth);
        if (depth == _frames.Count - 1)
        {
            EmitReturn(_stack.GetRange(_stack.Count - frame.End.Length, frame.End.Length), keep: true);
            return;
        }

        var first = _stack.Count - frame.Carried.Length;
        for (var i = first; i < _stack.Count; i++) EmitKeeping(_stack[i]);
        for (var i = frame.Carried.Length - 1; i >= 0; i--) _il.Emit(OpCodes.Stloc, frame.Carried[i].Local);
        Jump(frame);
    }

    private void EmitKeeping(Node stable)
    {
        if (stable.Op == NodeOp.Temporary) _il.Emit(OpCodes.Ldloc, stable.Temporary!.Local);
        else Emit(stable);
    }

    private void BranchTable()
    {
        var count = (int)_reader.U32();
        var labels = new Label[count];
        var stubs = new Dictionary<int, Label>();
        var index = Pop();
        Settle();
        for (var i = 0; i < count; i++) labels[i] = Target((int)_reader.U32());
        var fallback = Target((int)_reader.U32());
        var arity = Arity(stubs.Keys);
        CleanTop(arity);
        Emit(index);
        GuardTest(index);
        _il.Emit(OpCodes.Switch, labels);
        _il.Emit(OpCodes.Br, fallback);
        foreach (var (depth, label) in stubs)
        {
            _il.MarkLabel(label);
            JumpKeeping(depth);
        }

        _unreachable = true;

        Label Target(int depth)
        {
            var frame = FrameAt(depth);
            if (depth < _frames.Count - 1 && frame.Carried.Length == 0 && frame.Scope == _tryScope)
            {
                NoteBranch(frame);
                return frame.Branch;
            }

            if (!stubs.TryGetValue(depth, out var stub)) stubs[depth] = stub = _il.DefineLabel();
            return stub;
        }
    }

    private int Arity(IEnumerable<int> depths)
    {
        foreach (var depth in depths)
        {
            var frame = FrameAt(depth);
            return depth == _frames.Count - 1 ? frame.End.Length : frame.Carried.Length;
        }

        return 0;
    }

    /// <summary>Branches on a condition; a comparison and its negation become one branch.</summary>
    private void EmitBranch(Node condition, Label label, bool ifTrue)
    {
        while (condition is { Op: NodeOp.Apply, Lowering: { } negation } && ReferenceEquals(negation, IsZero32))
        {
            condition = condition.A!;
            ifTrue = !ifTrue;
        }

        if (condition is { Op: NodeOp.Apply, Lowering: { Branches: { } branches } comparison })
        {
            EmitOperand(condition.A, comparison);
            if (ReferenceEquals(comparison, IsZero64))
            {
                _il.Emit(ifTrue ? OpCodes.Brfalse : OpCodes.Brtrue, label);
                return;
            }

            EmitOperand(condition.B, comparison);
            _il.Emit(ifTrue ? branches.IfTrue : branches.IfFalse, label);
            return;
        }

        Emit(condition);
        GuardTest(condition);
        _il.Emit(ifTrue ? OpCodes.Brtrue : OpCodes.Brfalse, label);
    }

    private static readonly Lowering IsZero32 = Lowering.Il(ValueKind.I32, OpCodes.Ldc_I4_0, OpCodes.Ceq);

    private static readonly Lowering IsZero64 =
        Lowering.Compare([OpCodes.Ldc_I4_0, OpCodes.Conv_I8, OpCodes.Ceq], OpCodes.Brfalse, OpCodes.Brtrue, NanState.Free);

    /// <summary>Returns with the function's results on top of the operand stack.</summary>
    private void Return()
    {
        var count = _type.ResultArray.Length;
        var first = _stack.Count - count;
        for (var i = first; i < _stack.Count; i++) _stack[i] = Clean(_stack[i]);
        EmitReturn(_stack.GetRange(first, count), keep: false);
        _unreachable = true;
    }

    private void EmitReturn(List<Node> results, bool keep)
    {
        for (var i = 1; i < results.Count; i++) StoreExtraResult(i, results[i], keep);
        Charge();
        StoreFuel();
        if (results.Count > 0)
        {
            if (keep) EmitKeeping(results[0]);
            else Emit(results[0]);
        }

        if (_tryScope is null)
        {
            _il.Emit(OpCodes.Ret);
            return;
        }

        _returnLabel ??= _il.DefineLabel();
        if (results.Count > 0)
        {
            _returnValue ??= _il.DeclareLocal(Temporaries.ClrType(_type.ResultArray[0].Kind));
            _il.Emit(OpCodes.Stloc, _returnValue);
        }

        _il.Emit(OpCodes.Leave, _returnLabel.Value);
    }

    private void StoreExtraResult(int position, Node value, bool keep)
    {
        _il.Emit(OpCodes.Ldloc, _state!);
        ExtraResults.BeginStore(_il, position, value.Kind);
        if (keep) EmitKeeping(value);
        else Emit(value);
        ExtraResults.EndStore(_il, value.Kind);
    }
}
