using System.Reflection;
using System.Reflection.Emit;

namespace Hive.Wasm;

/// <summary>Calls a function with boxed values; one is made for each type, when first needed.</summary>
internal delegate void Invoker(Function function, int depth, Value[] arguments, Value[] results);

internal static class InvokerFactory
{
    public static Invoker For(FunctionType type) => type.Invoker ??= Make(type);

    private static Invoker Make(FunctionType type)
    {
        var method = new DynamicMethod("invoke", null, [typeof(Function), typeof(int), typeof(Value[]), typeof(Value[])], typeof(InvokerFactory).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var code = il.DeclareLocal(typeof(nint));
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, Members.EnsureCompiled);
        il.Emit(OpCodes.Stloc, code);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Members.FunctionContext);
        il.Emit(OpCodes.Ldarg_1);
        for (var i = 0; i < type.ParameterArray.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldelema, typeof(Value));
            Boxing.Unbox(il, type.ParameterArray[i].Kind);
        }

        il.Emit(OpCodes.Ldloc, code);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, FunctionCompiler.MethodResult(type), FunctionCompiler.MethodParameters(type, typeof(object)), null);
        StoreResults(il, type);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Invoker>();
    }

    private static void StoreResults(ILGenerator il, FunctionType type)
    {
        for (var i = 0; i < type.ResultArray.Length; i++)
        {
            var kind = type.ResultArray[i].Kind;
            var value = il.DeclareLocal(Temporaries.ClrType(kind));
            if (i > 0)
            {
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Call, StateOf);
                ExtraResults.Load(il, i, kind);
            }

            il.Emit(OpCodes.Stloc, value);
            il.Emit(OpCodes.Ldarg_3);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldloc, value);
            Boxing.Box(il, kind);
            il.Emit(OpCodes.Stelem, typeof(Value));
        }
    }

    private static readonly MethodInfo StateOf =
        typeof(Function).GetProperty(nameof(Function.State), BindingFlags.Instance | BindingFlags.NonPublic)!.GetMethod!;
}
