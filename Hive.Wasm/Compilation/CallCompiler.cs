using System.Reflection;
using System.Reflection.Emit;

namespace Hive.Wasm;

internal sealed partial class FunctionCompiler
{
    private LocalBuilder? _callee;
    private LocalBuilder? _code;

    private LocalBuilder CalleeLocal => _callee ??= _il.DeclareLocal(typeof(Function));

    private LocalBuilder CodeLocal => _code ??= _il.DeclareLocal(typeof(nint));

    /// <summary>Parameter types of the method that a function of a type becomes.</summary>
    public static Type[] MethodParameters(FunctionType type, Type context)
    {
        var parameters = new Type[type.ParameterArray.Length + 2];
        parameters[0] = context;
        parameters[1] = typeof(int);
        for (var i = 0; i < type.ParameterArray.Length; i++) parameters[i + 2] = Temporaries.ClrType(type.ParameterArray[i].Kind);
        return parameters;
    }

    /// <summary>Return type of the method that a function of a type becomes.</summary>
    public static Type MethodResult(FunctionType type) => type.ResultArray.Length == 0 ? typeof(void) : Temporaries.ClrType(type.ResultArray[0].Kind);

    private void Call(int function, bool isTail)
    {
        var type = _module.Functions[function];
        var arguments = PopArguments(type);
        BeforeCall();
        if (function < _module.ImportedFunctions)
        {
            var callee = LoadFunction(function);
            EmitFunctionCall(callee, type, arguments, isTail);
        }
        else if (_targets.Find(function) is { } method)
        {
            Finish(type, isTail, () =>
            {
                _il.Emit(OpCodes.Ldarg_0);
                EmitArguments(arguments, isTail);
            }, () => _il.Emit(OpCodes.Call, method));
        }
        else
        {
            var code = LoadCode(function);
            Finish(type, isTail, () =>
            {
                _il.Emit(OpCodes.Ldarg_0);
                EmitArguments(arguments, isTail);
                _il.Emit(OpCodes.Ldloc, code);
            }, () => Calli(type));
        }
    }

    private Node[] PopArguments(FunctionType type)
    {
        var arguments = new Node[type.ParameterArray.Length];
        for (var i = arguments.Length - 1; i >= 0; i--) arguments[i] = PopClean();
        return arguments;
    }

    private void BeforeCall()
    {
        Charge();
        StoreFuel();
    }

    private void EmitArguments(Node[] arguments, bool isTail)
    {
        if (isTail) _il.Emit(OpCodes.Ldarg_1);
        else _il.Emit(OpCodes.Ldloc, _depth!);
        foreach (var argument in arguments) Emit(argument);
    }

    /// <summary>An imported function, from the context's table.</summary>
    private LocalBuilder LoadFunction(int function)
    {
        var callee = CalleeLocal;
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, Members.Functions);
        LoadInt32(function);
        _il.Emit(OpCodes.Ldelem_Ref);
        _il.Emit(OpCodes.Stloc, callee);
        return callee;
    }

    /// <summary>The entry point of a function of this module that was not known when this one was compiled.</summary>
    private LocalBuilder LoadCode(int function)
    {
        var code = CodeLocal;
        var compiled = _il.DefineLabel();
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, Members.Codes);
        LoadInt32(function * IntPtr.Size);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldind_I);
        _il.Emit(OpCodes.Stloc, code);
        _il.Emit(OpCodes.Ldloc, code);
        _il.Emit(OpCodes.Brtrue, compiled);
        _il.Emit(OpCodes.Ldarg_0);
        LoadInt32(function);
        _il.Emit(OpCodes.Call, Members.Compile);
        _il.Emit(OpCodes.Stloc, code);
        _il.MarkLabel(compiled);
        return code;
    }

    private void CallIndirect(int typeIndex, int tableIndex, bool isTail)
    {
        var type = _module.Types[typeIndex];
        var index = Materialize(Pop());
        var arguments = PopArguments(type);
        BeforeCall();
        var callee = LoadElement(tableIndex, index, TrapCode.UndefinedElement);
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Brfalse, Trap(TrapCode.UninitializedElement));
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Ldfld, Members.FunctionType);
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldfld, Members.Types);
        LoadInt32(typeIndex);
        _il.Emit(OpCodes.Ldelem_Ref);
        if (type.IsFinal)
        {
            _il.Emit(OpCodes.Bne_Un, Trap(TrapCode.IndirectCallTypeMismatch));
        }
        else
        {
            _il.Emit(OpCodes.Call, Members.Runtime(nameof(GuestRuntime.IsSubtype)));
            _il.Emit(OpCodes.Brfalse, Trap(TrapCode.IndirectCallTypeMismatch));
        }

        EmitFunctionCall(callee, type, arguments, isTail);
    }

    private void CallReference(FunctionType type, bool isTail)
    {
        var reference = Pop();
        var arguments = PopArguments(type);
        BeforeCall();
        var callee = CalleeLocal;
        Emit(reference);
        _il.Emit(OpCodes.Stloc, callee);
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Brfalse, Trap(TrapCode.NullReference));
        EmitFunctionCall(callee, type, arguments, isTail);
    }

    private void EmitFunctionCall(LocalBuilder callee, FunctionType type, Node[] arguments, bool isTail)
    {
        var code = CodeLocal;
        var compiled = _il.DefineLabel();
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Ldfld, Members.FunctionCode);
        _il.Emit(OpCodes.Stloc, code);
        _il.Emit(OpCodes.Ldloc, code);
        _il.Emit(OpCodes.Brtrue, compiled);
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Call, Members.EnsureCompiled);
        _il.Emit(OpCodes.Stloc, code);
        _il.MarkLabel(compiled);
        Finish(type, isTail, () =>
        {
            _il.Emit(OpCodes.Ldloc, callee);
            _il.Emit(OpCodes.Ldfld, Members.FunctionContext);
            EmitArguments(arguments, isTail);
            _il.Emit(OpCodes.Ldloc, code);
        }, () => Calli(type));
    }

    private void Calli(FunctionType type) =>
        _il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, MethodResult(type), MethodParameters(type, typeof(object)), null);

    private void Finish(FunctionType type, bool isTail, Action operands, Action call)
    {
        if (isTail)
        {
            FinishTail(operands, call);
            return;
        }

        operands();
        call();
        AfterCall(type);
    }

    /// <summary>
    /// A tail call replaces this frame. Inside a protected region that is impossible, and the exceptions of the callee are
    /// none of the region's: the call is made outside, with operands that are computed before leaving.
    /// </summary>
    private void FinishTail(Action operands, Action call)
    {
        _unreachable = true;
        if (_tryScope is null)
        {
            operands();
            TailCall(call);
            return;
        }

        var outside = _il.DefineLabel();
        _il.Emit(OpCodes.Leave, outside);
        _tails.Add(() =>
        {
            _il.MarkLabel(outside);
            operands();
            TailCall(call);
        });
    }

    private void TailCall(Action call)
    {
        _il.Emit(OpCodes.Tailcall);
        call();
        _il.Emit(OpCodes.Ret);
    }

    private void AfterCall(FunctionType type)
    {
        var results = type.ResultArray;
        Node? first = results.Length == 0 ? null : StoreTemporary(results[0].Kind, ExactFor(results[0].Kind));
        LoadFuel();
        _memoryIsStale = true;
        if (first is not null) Push(first);
        for (var i = 1; i < results.Length; i++) LoadExtraResult(i, results[i].Kind);
    }

    private void LoadExtraResult(int position, ValueKind kind)
    {
        _il.Emit(OpCodes.Ldloc, _state!);
        ExtraResults.Load(_il, position, kind);
        PushResult(kind);
    }
}
