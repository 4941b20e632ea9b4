using System.Reflection.Emit;

namespace Hive.Wasm;

/// <summary>
/// Functions whose frames might be larger than what is always left on a stack run on a thread of their own. Only functions
/// with a thousand vector instructions or more than a thousand operands at once are among them.
/// </summary>
internal static class LargeFrames
{
    /// <summary>Writes a method that calls a function's code on a thread with a large stack; further results stay in the state.</summary>
    public static void EmitCall(ILGenerator il, int function, FunctionType type)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, function);
        il.Emit(OpCodes.Ldc_I4, type.ParameterArray.Length);
        il.Emit(OpCodes.Newarr, typeof(Value));
        for (var i = 0; i < type.ParameterArray.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldarg, (short)(i + 2));
            Boxing.Box(il, type.ParameterArray[i].Kind);
            il.Emit(OpCodes.Stelem, typeof(Value));
        }

        il.Emit(OpCodes.Call, Members.Runtime(nameof(GuestRuntime.CallOnLargeStack)));
        if (type.ResultArray.Length == 0)
        {
            il.Emit(OpCodes.Pop);
        }
        else
        {
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Ldelema, typeof(Value));
            Boxing.Unbox(il, type.ResultArray[0].Kind);
        }

        il.Emit(OpCodes.Ret);
    }
}
