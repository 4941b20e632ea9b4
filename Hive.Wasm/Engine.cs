namespace Hive.Wasm;

/// <summary>
/// Holds what modules share: the configuration and the canonical types. One engine serves a process; it may be used by many
/// threads at once. It has no state that a module could exhaust: types are forgotten with the modules that use them.
/// </summary>
public sealed class Engine
{
    /// <summary>Makes an engine.</summary>
    /// <param name="config">What it meters and refuses; the defaults when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit of the configuration is out of range.</exception>
    public Engine(Config? config = null)
    {
        Config = config ?? new Config();
        Config.Validate();
        Types = new TypeRegistry();
        HostThunks = new HostThunkFactory(Types);
    }

    /// <summary>What this engine meters and refuses.</summary>
    public Config Config { get; }

    internal TypeRegistry Types { get; }

    internal HostThunkFactory HostThunks { get; }

    /// <summary>The canonical type of functions with these parameters and results.</summary>
    /// <param name="parameters">Types of the parameters, in order.</param>
    /// <param name="results">Types of the results, in order.</param>
    public FunctionType FunctionType(IEnumerable<ValueType> parameters, IEnumerable<ValueType> results)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(results);
        return Types.Intern([.. parameters], [.. results]);
    }
}
