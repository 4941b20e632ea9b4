using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Hive.Wasm;

/// <summary>Makes the code between guests and host functions: one method for each delegate type or function type.</summary>
internal sealed class HostThunkFactory(TypeRegistry types)
{
    private static readonly FieldInfo State = typeof(HostContext).GetField(nameof(HostContext.State))!;
    private static readonly FieldInfo Depth = typeof(StoreState).GetField(nameof(StoreState.Depth))!;
    private static readonly FieldInfo Target = typeof(HostContext).GetField(nameof(HostContext.Target))!;
    private static readonly FieldInfo Caller = typeof(HostContext).GetField(nameof(HostContext.Caller))!;

    private readonly Lock _lock = new();
    private readonly ConditionalWeakTable<Type, HostThunk> _byDelegate = [];
    private readonly ConditionalWeakTable<FunctionType, HostThunk> _byType = [];

    public HostThunk For(Type delegateType)
    {
        lock (_lock)
        {
            if (!_byDelegate.TryGetValue(delegateType, out var thunk)) _byDelegate.Add(delegateType, thunk = Make(delegateType));
            return thunk;
        }
    }

    public HostThunk For(FunctionType type)
    {
        lock (_lock)
        {
            if (!_byType.TryGetValue(type, out var thunk)) _byType.Add(type, thunk = Build(type, typeof(HostContext).Assembly, il => CallUntyped(il, type)));
            return thunk;
        }
    }

    private HostThunk Make(Type delegateType)
    {
        var invoke = delegateType.GetMethod("Invoke")!;
        var parameters = invoke.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        var takesCaller = parameters.Length > 0 && parameters[0] == typeof(Caller);
        var results = ResultTypes(invoke.ReturnType);
        var type = types.Intern([.. parameters.Skip(takesCaller ? 1 : 0).Select(TypeOf)], [.. results.Select(TypeOf)]);
        return Build(type, delegateType.Assembly, il => CallTyped(il, invoke, parameters, takesCaller, results));
    }

    private static Type[] ResultTypes(Type result) =>
        result == typeof(void) ? [] : result.IsGenericType && result.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) ? result.GetGenericArguments() : [result];

    private static ValueType TypeOf(Type type) => Function.KindOf(type) switch
    {
        ValueKind.I32 => ValueType.I32,
        ValueKind.I64 => ValueType.I64,
        ValueKind.F32 => ValueType.F32,
        ValueKind.F64 => ValueType.F64,
        ValueKind.V128 => ValueType.V128,
        ValueKind.FuncRef => ValueType.FuncRef,
        ValueKind.ExnRef => ValueType.ExnRef,
        ValueKind.ExternRef => ValueType.ExternRef,
        _ => throw new ArgumentException($"Guests have no values of type {type}; use int, uint, long, ulong, float, double, Vector128<byte>, Function or object."),
    };

    private static HostThunk Build(FunctionType type, Assembly user, Action<ILGenerator> body)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Host.Thunk"), AssemblyBuilderAccess.RunAndCollect);
        var constructor = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        foreach (var friend in (Assembly[])[typeof(HostContext).Assembly, user])
            assembly.SetCustomAttribute(new CustomAttributeBuilder(constructor, [friend.GetName().Name]));
        var owner = assembly.DefineDynamicModule("host").DefineType("Thunk", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var method = owner.DefineMethod(
            "call", MethodAttributes.Public | MethodAttributes.Static,
            FunctionCompiler.MethodResult(type), FunctionCompiler.MethodParameters(type, typeof(HostContext)));
        var il = method.GetILGenerator();
        // What the host calls back into the guest goes on from this depth.
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, State);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stfld, Depth);
        body(il);
        il.Emit(OpCodes.Ret);
        var created = owner.CreateType();
        return new HostThunk(type, created.GetMethod("call")!.MethodHandle.GetFunctionPointer(), created);
    }

    private static void CallTyped(ILGenerator il, MethodInfo invoke, Type[] parameters, bool takesCaller, Type[] results)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Target);
        if (takesCaller)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, Caller);
        }

        for (var i = takesCaller ? 1 : 0; i < parameters.Length; i++) il.Emit(OpCodes.Ldarg, (short)(i + (takesCaller ? 1 : 2)));
        il.Emit(OpCodes.Callvirt, invoke);
        if (results.Length < 2) return;
        var tuple = il.DeclareLocal(invoke.ReturnType);
        il.Emit(OpCodes.Stloc, tuple);
        for (var i = 1; i < results.Length; i++) StoreExtra(il, i, TypeOf(results[i]).Kind, () => LoadItem(i));
        LoadItem(0);

        void LoadItem(int position)
        {
            il.Emit(OpCodes.Ldloc, tuple);
            il.Emit(OpCodes.Ldfld, invoke.ReturnType.GetField($"Item{position + 1}")!);
        }
    }

    private static void StoreExtra(ILGenerator il, int position, ValueKind kind, Action load)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, State);
        ExtraResults.BeginStore(il, position, kind);
        load();
        ExtraResults.EndStore(il, kind);
    }

    private static void CallUntyped(ILGenerator il, FunctionType type)
    {
        il.Emit(OpCodes.Ldarg_0);
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

        il.Emit(OpCodes.Ldc_I4, type.ResultArray.Length);
        il.Emit(OpCodes.Call, typeof(HostContext).GetMethod(nameof(HostContext.InvokeUntyped))!);
        var values = il.DeclareLocal(typeof(Value[]));
        il.Emit(OpCodes.Stloc, values);
        for (var i = 1; i < type.ResultArray.Length; i++) StoreExtra(il, i, type.ResultArray[i].Kind, () => LoadValue(i));
        if (type.ResultArray.Length > 0) LoadValue(0);

        void LoadValue(int position)
        {
            il.Emit(OpCodes.Ldloc, values);
            il.Emit(OpCodes.Ldc_I4, position);
            il.Emit(OpCodes.Ldelema, typeof(Value));
            Boxing.Unbox(il, type.ResultArray[position].Kind);
        }
    }
}
