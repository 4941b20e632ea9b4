namespace Hive.Wasm;

/// <summary>The instance that called a host function.</summary>
public sealed class Caller
{
    private readonly InstanceContext _context;

    internal Caller(InstanceContext context) => _context = context;

    /// <summary>The store of the calling instance.</summary>
    public Store Store => _context.Store;

    /// <summary>An exported memory of the calling instance, or null when there is none of the name.</summary>
    /// <param name="name">Its name.</param>
    public Memory? GetMemory(string name) => _context.Instance.GetMemory(name);

    /// <summary>An exported function of the calling instance, or null when there is none of the name.</summary>
    /// <param name="name">Its name.</param>
    public Function? GetFunction(string name) => _context.Instance.GetFunction(name);
}
