using System.Reflection.Emit;

namespace Hive.Wasm;

/// <summary>IL that passes the results after the first one through the store's state, which lies on the IL stack.</summary>
internal static class ExtraResults
{
    /// <summary>Replaces the state by a result.</summary>
    public static void Load(ILGenerator il, int position, ValueKind kind)
    {
        if (kind >= ValueKind.FuncRef)
        {
            il.Emit(OpCodes.Ldfld, Members.References);
            il.Emit(OpCodes.Ldc_I4, position);
            il.Emit(OpCodes.Ldelem_Ref);
            return;
        }

        Address(il, position);
        il.Emit(OpCodes.Ldobj, Temporaries.ClrType(kind));
    }

    /// <summary>Replaces the state by where a result goes; the result must follow.</summary>
    public static void BeginStore(ILGenerator il, int position, ValueKind kind)
    {
        if (kind < ValueKind.FuncRef)
        {
            Address(il, position);
            return;
        }

        il.Emit(OpCodes.Ldc_I4, position + 1);
        il.Emit(OpCodes.Call, Members.EnsureReferences);
        il.Emit(OpCodes.Ldc_I4, position);
    }

    public static void EndStore(ILGenerator il, ValueKind kind)
    {
        if (kind >= ValueKind.FuncRef) il.Emit(OpCodes.Stelem_Ref);
        else il.Emit(OpCodes.Stobj, Temporaries.ClrType(kind));
    }

    private static void Address(ILGenerator il, int position)
    {
        il.Emit(OpCodes.Ldfld, Members.Results);
        il.Emit(OpCodes.Ldc_I4, 16 * position);
        il.Emit(OpCodes.Add);
    }
}
