using System.Reflection.Emit;

namespace Hive.Wasm;

internal sealed partial class FunctionCompiler
{
    private void TryTable()
    {
        var (start, end) = BlockType();
        var clauses = new CatchClause[_reader.U32()];
        for (var i = 0; i < clauses.Length; i++)
        {
            var kind = _reader.Byte();
            var tag = kind < 2 ? (int)_reader.U32() : -1;
            clauses[i] = new CatchClause(tag, (kind & 1) != 0, (int)_reader.U32());
        }

        Settle();
        // The scope of the frame is the one outside: a branch to its end leaves the protected region.
        PushFrame(0x1f, start, end, catches: clauses);
        _il.BeginExceptionBlock();
        _tryScope = new TryScope(_tryScope);
    }

    private void EndTry(Frame frame)
    {
        if (!_unreachable)
        {
            Settle();
            StoreCarried(frame.Carried);
            Jump(frame);
        }

        EmitTraps(_tryScope!);
        Truncate(frame.Height);
        var exception = _il.DeclareLocal(typeof(GuestException));
        _il.BeginCatchBlock(typeof(GuestException));
        _il.Emit(OpCodes.Stloc, exception);
        ArriveAtLabel(new CheckedAccesses());
        LoadFuel();
        _memoryIsStale = true;
        RefreshMemory();
        foreach (var clause in frame.Catches) Catch(clause, exception);
        _il.Emit(OpCodes.Rethrow);
        _il.EndExceptionBlock();
        _tryScope = frame.Scope;
        _unreachable = true;
        if (frame.IsBranchedTo) ArriveAtEnd(frame);
    }

    private void Catch(CatchClause clause, LocalBuilder exception)
    {
        var next = _il.DefineLabel();
        if (clause.Tag >= 0)
        {
            _il.Emit(OpCodes.Ldarg_0);
            LoadInt32(clause.Tag);
            _il.Emit(OpCodes.Ldloc, exception);
            _il.Emit(OpCodes.Call, Members.Runtime(nameof(GuestRuntime.HasTag)));
            _il.Emit(OpCodes.Brfalse, next);
            var carried = _module.Tags[clause.Tag].ParameterArray;
            for (var i = 0; i < carried.Length; i++)
            {
                _il.Emit(OpCodes.Ldloc, exception);
                LoadInt32(i);
                _il.Emit(OpCodes.Call, Members.Runtime("Payload" + SuffixOf(carried[i].Kind)));
                PushResult(carried[i].Kind);
            }
        }

        if (clause.WithReference)
        {
            _il.Emit(OpCodes.Ldloc, exception);
            PushResult(ValueKind.ExnRef);
        }

        Branch(clause.Depth);
        _unreachable = false;
        _il.MarkLabel(next);
    }

    private void Throw(int tag)
    {
        var types = _module.Tags[tag].ParameterArray;
        Charge();
        StoreFuel();
        BoxAll(types);
        var values = _il.DeclareLocal(typeof(Value[]));
        _il.Emit(OpCodes.Stloc, values);
        _il.Emit(OpCodes.Ldarg_0);
        LoadInt32(tag);
        _il.Emit(OpCodes.Ldloc, values);
        _il.Emit(OpCodes.Call, Members.Runtime(nameof(GuestRuntime.NewException)));
        _il.Emit(OpCodes.Throw);
        _unreachable = true;
    }

    /// <summary>Pops values and leaves them in an array on the IL stack.</summary>
    private void BoxAll(ValueType[] types)
    {
        var values = new Node[types.Length];
        for (var i = types.Length - 1; i >= 0; i--) values[i] = PopClean();
        LoadInt32(types.Length);
        _il.Emit(OpCodes.Newarr, typeof(Value));
        for (var i = 0; i < types.Length; i++)
        {
            _il.Emit(OpCodes.Dup);
            LoadInt32(i);
            Emit(values[i]);
            Boxing.Box(_il, types[i].Kind);
            _il.Emit(OpCodes.Stelem, typeof(Value));
        }
    }

    private void ThrowReference()
    {
        var reference = Pop();
        Charge();
        StoreFuel();
        var held = Materialize(reference);
        EmitKeeping(held);
        _il.Emit(OpCodes.Brfalse, Trap(TrapCode.NullReference));
        Emit(held);
        _il.Emit(OpCodes.Throw);
        _unreachable = true;
    }

    private static string SuffixOf(ValueKind kind) => kind switch
    {
        ValueKind.I32 => "Int32",
        ValueKind.I64 => "Int64",
        ValueKind.F32 => "Single",
        ValueKind.F64 => "Double",
        ValueKind.V128 => "V128",
        _ => "Reference",
    };
}
