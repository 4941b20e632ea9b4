using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

internal sealed partial class FunctionCompiler
{
    private void LocalGet(int local) => Push(LocalNode(local));

    private Node LocalNode(int local) => new()
    {
        Op = NodeOp.Local,
        Kind = _localKinds[local],
        Index = local,
        Nan = _nanLocals is { } known && known[local] != NanState.Exact ? known[local] : ExactFor(_localKinds[local]),
        NanSource = _nanFlow is not null && ExactFor(_localKinds[local]) == NanState.Exact ? local : -1,
    };

    private void LocalSet(int local, bool keep)
    {
        var value = Pop();
        _nanFlow?.Assign(local, value);
        if (value.IsDirty && (_nanLocals is null || _nanLocals[local] != value.Nan)) value = Canonicalize(value);
        FlushReaders(local);
        _checked.Forget(local);
        NoteTruth(local, value);
        StoreLocal(local, value);
        if (keep) LocalGet(local);
    }

    private bool IsParameter(int local) => local < _type.ParameterArray.Length;

    private void LoadLocal(int local)
    {
        if (local >= MaxFrameLocals && !IsParameter(local))
        {
            HeapLocal(local);
            _il.Emit(OpCodes.Ldobj, Temporaries.ClrType(_localKinds[local]));
        }
        else if (IsParameter(local))
        {
            if (local + 2 <= byte.MaxValue) _il.Emit(OpCodes.Ldarg_S, (byte)(local + 2));
            else _il.Emit(OpCodes.Ldarg, (short)(local + 2));
        }
        else
        {
            _il.Emit(OpCodes.Ldloc, _localBuilders[local]!);
        }
    }

    private void StoreLocal(int local, Node value)
    {
        if (local >= MaxFrameLocals && !IsParameter(local))
        {
            HeapLocal(local);
            Emit(value);
            _il.Emit(OpCodes.Stobj, Temporaries.ClrType(_localKinds[local]));
            return;
        }

        Emit(value);
        if (!IsParameter(local)) _il.Emit(OpCodes.Stloc, _localBuilders[local]!);
        else if (local + 2 <= byte.MaxValue) _il.Emit(OpCodes.Starg_S, (byte)(local + 2));
        else _il.Emit(OpCodes.Starg, (short)(local + 2));
    }

    private void AllocateHeapLocals(int count)
    {
        _heapLocals = _il.DeclareLocal(typeof(Vector128<byte>[]));
        _heapReferences = _il.DeclareLocal(typeof(object[]));
        LoadInt32(count);
        _il.Emit(OpCodes.Newarr, typeof(Vector128<byte>));
        _il.Emit(OpCodes.Stloc, _heapLocals);
        if (Array.FindIndex(_localKinds, MaxFrameLocals, kind => kind >= ValueKind.FuncRef) < 0) return;
        LoadInt32(count);
        _il.Emit(OpCodes.Newarr, typeof(object));
        _il.Emit(OpCodes.Stloc, _heapReferences);
    }

    private void HeapLocal(int local)
    {
        var isReference = _localKinds[local] >= ValueKind.FuncRef;
        _il.Emit(OpCodes.Ldloc, isReference ? _heapReferences! : _heapLocals!);
        LoadInt32(local - MaxFrameLocals);
        _il.Emit(OpCodes.Ldelema, isReference ? typeof(object) : typeof(Vector128<byte>));
    }

    private void GlobalGet(int global)
    {
        var kind = _module.Globals[global].Content.Kind;
        GlobalCell(global, kind);
        if (kind >= ValueKind.FuncRef) _il.Emit(OpCodes.Ldfld, Members.GlobalReference);
        else _il.Emit(OpCodes.Ldobj, Temporaries.ClrType(kind));
        PushResult(kind);
    }

    private void GlobalSet(int global)
    {
        var kind = _module.Globals[global].Content.Kind;
        var value = PopClean();
        GlobalCell(global, kind);
        Emit(value);
        if (kind >= ValueKind.FuncRef) _il.Emit(OpCodes.Stfld, Members.GlobalReference);
        else _il.Emit(OpCodes.Stobj, Temporaries.ClrType(kind));
    }

    /// <summary>Address of a number, or the object that holds a reference.</summary>
    private void GlobalCell(int global, ValueKind kind)
    {
        _il.Emit(OpCodes.Ldarg_0);
        if (kind < ValueKind.FuncRef && global >= _module.ImportedGlobals)
        {
            _il.Emit(OpCodes.Ldfld, Members.GlobalBlock);
            LoadInt32(16 * (global - _module.ImportedGlobals));
            _il.Emit(OpCodes.Add);
            return;
        }

        _il.Emit(OpCodes.Ldfld, Members.Globals);
        LoadInt32(global);
        _il.Emit(OpCodes.Ldelem_Ref);
        if (kind < ValueKind.FuncRef) _il.Emit(OpCodes.Ldfld, Members.GlobalCell);
    }
}
