using System.Reflection.Emit;

namespace Hive.Wasm;

internal sealed partial class FunctionCompiler
{
    private LocalBuilder? _table;

    private LocalBuilder LoadTable(int table)
    {
        _table ??= _il.DeclareLocal(typeof(Table));
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, Members.Tables);
        LoadInt32(table);
        _il.Emit(OpCodes.Ldelem_Ref);
        _il.Emit(OpCodes.Stloc, _table);
        return _table;
    }

    /// <summary>Checks an index, which is computed already, against a table.</summary>
    private void CheckIndex(LocalBuilder table, Node index, TrapCode trap)
    {
        EmitKeeping(index);
        if (index.Kind == ValueKind.I32) _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Ldloc, table);
        _il.Emit(OpCodes.Ldfld, Members.TableSize);
        _il.Emit(OpCodes.Conv_I8);
        _il.Emit(OpCodes.Bge_Un, Trap(trap));
    }

    /// <summary>A function from a table, in a local.</summary>
    private LocalBuilder LoadElement(int tableIndex, Node index, TrapCode trap)
    {
        PushElement(tableIndex, index, trap);
        _il.Emit(OpCodes.Stloc, CalleeLocal);
        return CalleeLocal;
    }

    private void PushElement(int tableIndex, Node index, TrapCode trap)
    {
        var table = LoadTable(tableIndex);
        CheckIndex(table, index, trap);
        _il.Emit(OpCodes.Ldloc, table);
        _il.Emit(OpCodes.Ldfld, Members.TableElements);
        Emit(index);
        if (index.Kind == ValueKind.I64) _il.Emit(OpCodes.Conv_I4);
        _il.Emit(OpCodes.Ldelem_Ref);
    }

    private void TableGet(int table)
    {
        PushElement(table, Materialize(Pop()), TrapCode.TableOutOfBounds);
        PushResult(_module.Tables[table].Element.Kind);
    }

    private void TableSet(int tableIndex)
    {
        var value = Pop();
        var index = Materialize(Pop());
        var table = LoadTable(tableIndex);
        CheckIndex(table, index, TrapCode.TableOutOfBounds);
        _il.Emit(OpCodes.Ldloc, table);
        _il.Emit(OpCodes.Ldfld, Members.TableElements);
        Emit(index);
        if (index.Kind == ValueKind.I64) _il.Emit(OpCodes.Conv_I4);
        Emit(value);
        _il.Emit(OpCodes.Stelem_Ref);
    }

    private void TableSize(int tableIndex)
    {
        var is64 = _module.Tables[tableIndex].Is64;
        _il.Emit(OpCodes.Ldloc, LoadTable(tableIndex));
        _il.Emit(OpCodes.Ldfld, Members.TableSize);
        if (is64) _il.Emit(OpCodes.Conv_I8);
        PushResult(is64 ? ValueKind.I64 : ValueKind.I32);
    }

    private void TableGrow(int tableIndex)
    {
        var is64 = _module.Tables[tableIndex].Is64;
        var count = Pop();
        var value = Pop();
        RuntimeCall(nameof(GuestRuntime.TableGrow), () =>
        {
            LoadInt32(tableIndex);
            Emit(value);
            EmitWide(count);
        });
        if (!is64) _il.Emit(OpCodes.Conv_I4);
        PushResult(is64 ? ValueKind.I64 : ValueKind.I32);
    }

    private void RefFunc(int function)
    {
        _il.Emit(OpCodes.Ldarg_0);
        LoadInt32(function);
        _il.Emit(OpCodes.Call, Members.Runtime(nameof(GuestRuntime.FunctionReference)));
        PushResult(ValueKind.FuncRef);
    }

    private static readonly Lowering IsNull = Lowering.Il(ValueKind.I32, OpCodes.Ldnull, OpCodes.Ceq);

    private void RefAsNonNull()
    {
        var reference = Materialize(Pop());
        EmitKeeping(reference);
        _il.Emit(OpCodes.Brfalse, Trap(TrapCode.NullReference));
        Push(reference);
    }

    /// <summary>Branches if the reference is null; otherwise it stays.</summary>
    private void BranchOnNull(int depth)
    {
        var reference = Materialize(Pop());
        Push(reference);
        EmitKeeping(reference);
        var condition = StoreTemporary(ValueKind.ExternRef, NanState.Free);
        Pop();
        Push(Apply(IsNull, condition));
        BranchIf(depth);
        Push(reference);
    }

    /// <summary>Branches with the reference if it is not null; otherwise it is dropped.</summary>
    private void BranchOnNonNull(int depth)
    {
        var reference = Materialize(Pop());
        EmitKeeping(reference);
        var condition = StoreTemporary(ValueKind.ExternRef, NanState.Free);
        Push(reference);
        Push(Apply(IsZero32, Apply(IsNull, condition)));
        BranchIf(depth);
        Pop();
    }

    private static Node Apply(Lowering lowering, Node operand) =>
        new() { Op = NodeOp.Apply, Kind = lowering.Result, Lowering = lowering, A = operand, Height = operand.Height + 1 };
}
