namespace Hive.Wasm;

/// <summary>An instance of a module in a store.</summary>
public sealed class Instance
{
    private readonly InstanceContext _context;

    internal Instance(InstanceContext context) => _context = context;

    /// <summary>The module this is an instance of.</summary>
    public Module Module => _context.Module;

    /// <summary>The store that owns the instance.</summary>
    public Store Store => _context.Store;

    /// <summary>What the instance offers.</summary>
    public IReadOnlyList<Export> Exports => Module.Exports;

    /// <summary>An exported function, or null when there is none of the name.</summary>
    /// <param name="name">Its name.</param>
    public Function? GetFunction(string name) => Find(name, ExternalKind.Function) is { } index ? _context.GetFunction(index) : null;

    /// <summary>An exported memory, or null when there is none of the name.</summary>
    /// <param name="name">Its name.</param>
    public Memory? GetMemory(string name) => Find(name, ExternalKind.Memory) is { } index ? _context.Memories[index] : null;

    /// <summary>An exported global, or null when there is none of the name.</summary>
    /// <param name="name">Its name.</param>
    public Global? GetGlobal(string name) => Find(name, ExternalKind.Global) is { } index ? _context.Globals[index] : null;

    /// <summary>An exported table, or null when there is none of the name.</summary>
    /// <param name="name">Its name.</param>
    public Table? GetTable(string name) => Find(name, ExternalKind.Table) is { } index ? _context.Tables[index] : null;

    /// <summary>An exported exception tag, or null when there is none of the name.</summary>
    /// <param name="name">Its name.</param>
    public Tag? GetTag(string name) => Find(name, ExternalKind.Tag) is { } index ? _context.Tags[index] : null;

    /// <summary>An exported function without result as a delegate, or null when there is none of the name.</summary>
    /// <exception cref="ArgumentException">The function has another type.</exception>
    public Action? GetAction(string name) => GetFunction(name)?.WrapAction();

    /// <inheritdoc cref="GetAction(string)"/>
    public Action<T1>? GetAction<T1>(string name) => GetFunction(name)?.WrapAction<T1>();

    /// <inheritdoc cref="GetAction(string)"/>
    public Action<T1, T2>? GetAction<T1, T2>(string name) => GetFunction(name)?.WrapAction<T1, T2>();

    /// <inheritdoc cref="GetAction(string)"/>
    public Action<T1, T2, T3>? GetAction<T1, T2, T3>(string name) => GetFunction(name)?.WrapAction<T1, T2, T3>();

    /// <summary>An exported function with one result as a delegate, or null when there is none of the name.</summary>
    /// <exception cref="ArgumentException">The function has another type.</exception>
    public Func<TResult>? GetFunction<TResult>(string name) => GetFunction(name)?.WrapFunc<TResult>();

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Func<T1, TResult>? GetFunction<T1, TResult>(string name) => GetFunction(name)?.WrapFunc<T1, TResult>();

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Func<T1, T2, TResult>? GetFunction<T1, T2, TResult>(string name) => GetFunction(name)?.WrapFunc<T1, T2, TResult>();

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Func<T1, T2, T3, TResult>? GetFunction<T1, T2, T3, TResult>(string name) => GetFunction(name)?.WrapFunc<T1, T2, T3, TResult>();

    /// <summary>What is exported under a name: a function, memory, table, global or tag; null when nothing is.</summary>
    internal object? GetExport(string name)
    {
        return _context.Code.FindExport(name) is not { } export ? null : export.Kind switch
        {
            ExternalKind.Function => _context.GetFunction(export.Index),
            ExternalKind.Table => _context.Tables[export.Index],
            ExternalKind.Memory => _context.Memories[export.Index],
            ExternalKind.Global => _context.Globals[export.Index],
            _ => _context.Tags[export.Index],
        };
    }

    private int? Find(string name, ExternalKind kind) =>
        _context.Code.FindExport(name) is { } export && export.Kind == kind ? export.Index : null;
}
