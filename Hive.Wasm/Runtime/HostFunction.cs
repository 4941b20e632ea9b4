using System.Runtime.CompilerServices;

namespace Hive.Wasm;

/// <summary>A host function that belongs to no store yet.</summary>
internal sealed class HostFunction(FunctionType type, Delegate target, nint code, object keepAlive)
{
    public static HostFunction Of(Engine engine, Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var thunk = engine.HostThunks.For(function.GetType());
        return new HostFunction(thunk.Type, function, thunk.Code, thunk);
    }

    public static HostFunction Of(Engine engine, FunctionType type, Func<Caller, Value[], Value[]> function)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(function);
        var thunk = engine.HostThunks.For(type);
        return new HostFunction(type, function, thunk.Code, thunk);
    }

    /// <summary>The function as an instance imports it.</summary>
    public Function Bind(InstanceContext caller) =>
        new(caller.Store, type, new HostContext(caller, target, keepAlive), code, -1);
}

/// <summary>What a host function's thunk is given in place of an instance's context; it reads the fields by name.</summary>
internal sealed class HostContext(InstanceContext caller, Delegate target, object thunk)
{
    public readonly StoreState State = caller.State;
    public readonly Caller Caller = new(caller);
    public readonly Delegate Target = target;

    /// <summary>Keeps the code that is called alive.</summary>
    public readonly object Thunk = thunk;

    /// <summary>Calls a function whose type is known only at run time, and checks what it returns.</summary>
    public Value[] InvokeUntyped(Value[] arguments, int results)
    {
        var values = Unsafe.As<Func<Caller, Value[], Value[]>>(Target)(Caller, arguments);
        return values.Length == results
            ? values
            : throw new InvalidOperationException($"A host function returned {values.Length} values; its type has {results}.");
    }
}

/// <summary>Code that calls a kind of host function with raw values, and the type of such functions.</summary>
internal sealed record HostThunk(FunctionType Type, nint Code, Type Owner);
