namespace Hive.Wasm;

/// <summary>Finds what a module imports, by its two names, and makes instances. Not safe for use by several threads while it is being filled.</summary>
public sealed class Linker
{
    private readonly Dictionary<(string Module, string Name), object> _items = [];

    /// <summary>Makes an empty linker.</summary>
    /// <param name="engine">The engine whose modules it links.</param>
    public Linker(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Engine = engine;
    }

    /// <summary>The engine whose modules this linker links.</summary>
    public Engine Engine { get; }

    /// <summary>Offers an item of a store under two names; a later definition replaces an earlier one.</summary>
    /// <param name="module">First name.</param>
    /// <param name="name">Second name.</param>
    /// <param name="item">A <see cref="Function"/>, <see cref="Memory"/>, <see cref="Table"/>, <see cref="Global"/> or <see cref="Tag"/>.</param>
    /// <exception cref="ArgumentException">The item is nothing that can be imported.</exception>
    public Linker Define(string module, string name, object item)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(name);
        if (item is not (Function or Memory or Table or Global or Tag or HostFunction))
            throw new ArgumentException($"A {item?.GetType().Name ?? "null"} cannot be imported; give a function, memory, table, global or tag.", nameof(item));
        _items[(module, name)] = item;
        return this;
    }

    /// <summary>Offers a host function. Its first parameter may be a <see cref="Caller"/>; several results are a value tuple.</summary>
    /// <param name="module">First name.</param>
    /// <param name="name">Second name.</param>
    /// <param name="function">Takes and returns int, uint, long, ulong, float, double, vectors of bytes, <see cref="Function"/> or object.</param>
    /// <exception cref="ArgumentException">A parameter or result has a type that guests do not have.</exception>
    public Linker DefineFunction(string module, string name, Delegate function) => Define(module, name, HostFunction.Of(Engine, function));

    /// <summary>Offers a host function of a type known only at run time.</summary>
    /// <param name="module">First name.</param>
    /// <param name="name">Second name.</param>
    /// <param name="type">What it takes and returns.</param>
    /// <param name="function">Takes the caller and one value for each parameter; returns one for each result.</param>
    public Linker DefineFunction(string module, string name, FunctionType type, Func<Caller, Value[], Value[]> function) =>
        Define(module, name, HostFunction.Of(Engine, type, function));

    /// <summary>Offers WASI preview 1.</summary>
    /// <param name="wasi">The world of the program.</param>
    public Linker DefineWasi(Wasi wasi)
    {
        ArgumentNullException.ThrowIfNull(wasi);
        wasi.Define(this);
        return this;
    }

    /// <summary>Offers everything that an instance exports, under one first name.</summary>
    /// <param name="module">First name.</param>
    /// <param name="instance">The instance.</param>
    public Linker DefineInstance(string module, Instance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        foreach (var export in instance.Module.Definition.Exports) Define(module, export.Name, instance.GetExport(export.Name)!);
        return this;
    }

    /// <summary>Makes an instance: links, fills memories and tables, and runs the start function.</summary>
    /// <param name="store">The store that will own it.</param>
    /// <param name="module">The module.</param>
    /// <exception cref="LinkException">An import is missing or has another type, or a limit is too small.</exception>
    /// <exception cref="TrapException">A segment does not fit, or the start function trapped.</exception>
    public Instance Instantiate(Store store, Module module)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(module);
        if (store.Engine != Engine || module.Engine != Engine) throw new ArgumentException("Store, module and linker belong to different engines.");
        return Instantiation.Run(store, module, (import, index) => _items.TryGetValue((import.Module, import.Name), out var item)
            ? item
            : throw new LinkException($"unknown import: {import.Module}.{import.Name} of {module.Name} is not defined; define {module.Imports[index].Type}"));
    }
}
