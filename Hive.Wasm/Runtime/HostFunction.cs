using System.Runtime.CompilerServices;

namespace Hive.Wasm;

/// <summary>A host function that belongs to no store yet.</summary>
internal sealed class HostFunction
{
    private readonly Lazy<HostThunk> _thunk;
    private readonly Delegate _target;

    private HostFunction(Delegate target, Func<HostThunk> thunk)
    {
        _target = target;
        _thunk = new Lazy<HostThunk>(thunk);
    }

    /// <summary>Wraps a delegate, and checks its type now.</summary>
    /// <exception cref="ArgumentException">The delegate takes or returns what guests do not have.</exception>
    public static HostFunction Of(Engine engine, Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var host = Deferred(engine, function);
        _ = host._thunk.Value;
        return host;
    }

    /// <summary>Wraps a delegate whose code is made when a module first imports it.</summary>
    public static HostFunction Deferred(Engine engine, Delegate function) => new(function, () => engine.HostThunks.For(function.GetType()));

    public static HostFunction Of(Engine engine, FunctionType type, Func<Caller, Value[], Value[]> function)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(function);
        return new HostFunction(function, () => engine.HostThunks.For(type));
    }

    /// <summary>The function as an instance imports it.</summary>
    public Function Bind(InstanceContext caller)
    {
        var thunk = _thunk.Value;
        return new Function(caller.Store, thunk.Type, new HostContext(caller, _target, thunk), thunk.Code, -1);
    }
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
