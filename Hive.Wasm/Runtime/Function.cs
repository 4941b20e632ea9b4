namespace Hive.Wasm;

/// <summary>A function of a store: of an instance, or of the host.</summary>
public sealed unsafe partial class Function
{
    /// <summary>First argument of the code: an instance's context or a host function's; compiled code reads it by name.</summary>
    internal object Context;

    /// <summary>Entry point, or zero while the function is not compiled; compiled code reads it by name.</summary>
    internal nint Code;

    internal Function(Store store, FunctionType type, object context, nint code, int index)
    {
        Store = store;
        FunctionType = type;
        Context = context;
        Code = code;
        Index = index;
    }

    /// <summary>What the function takes and returns.</summary>
    public FunctionType Type => FunctionType;

    /// <summary>Compiled code compares it by identity.</summary>
    internal readonly FunctionType FunctionType;

    internal Store Store { get; }

    internal StoreState State => Store.State;

    /// <summary>Index in the module, or −1 for a host function.</summary>
    internal int Index { get; }

    /// <summary>Calls the function.</summary>
    /// <param name="arguments">One value for each parameter.</param>
    /// <returns>One value for each result.</returns>
    /// <exception cref="ArgumentException">The arguments do not fit the type.</exception>
    /// <exception cref="TrapException">The guest trapped.</exception>
    /// <exception cref="GuestException">The guest threw an exception that it did not catch.</exception>
    /// <exception cref="InvalidOperationException">Another thread runs guest code of the store.</exception>
    public Value[] Invoke(params ReadOnlySpan<Value> arguments)
    {
        var parameters = FunctionType.ParameterArray;
        if (arguments.Length != parameters.Length)
            throw new ArgumentException($"The function takes {parameters.Length} arguments; {arguments.Length} were given.", nameof(arguments));
        for (var i = 0; i < parameters.Length; i++)
        {
            if (arguments[i].Kind != parameters[i].Kind || (arguments[i].IsNull && !parameters[i].IsNullable))
                throw new ArgumentException($"Argument {i} is {arguments[i]}; the function takes {parameters[i]}.", nameof(arguments));
        }

        var invoker = InvokerFactory.For(FunctionType);
        var results = new Value[FunctionType.ResultArray.Length];
        var state = Store.State;
        var entry = state.Enter();
        try
        {
            invoker(this, state.Depth, arguments.ToArray(), results);
            return results;
        }
        finally
        {
            state.Exit(entry);
        }
    }

    /// <summary>The code, compiled now if it was not.</summary>
    internal nint EnsureCompiled()
    {
        if (Code == 0) Code = ((InstanceContext)Context).Compile(Index);
        return Code;
    }
}
