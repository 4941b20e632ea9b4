namespace Hive.Wasm;

/// <summary>The instance that called a host function.</summary>
public sealed class Caller
{
    private readonly InstanceContext _context;

    internal Caller(InstanceContext context) => _context = context;

    /// <summary>The store of the calling instance.</summary>
    public Store Store => _context.Store;

    /// <summary>The memory that pointers of the calling instance lie in, if it has one.</summary>
    internal Memory? FirstMemory => _context.Memory0;

    /// <summary>Takes fuel for bytes that a host function moves, and traps if the run was interrupted.</summary>
    internal void ChargeBytes(long bytes)
    {
        GuestRuntime.ChargeBytes(_context, bytes);
        ThrowIfInterrupted();
    }

    /// <summary>Traps if the run was interrupted: for host functions that take long.</summary>
    /// <exception cref="TrapException">The run was interrupted.</exception>
    public void ThrowIfInterrupted()
    {
        if (_context.State.Interrupted != 0) throw new TrapException(TrapCode.Interrupted);
    }

    /// <summary>An exported memory of the calling instance, or null when there is none of the name.</summary>
    /// <param name="name">Its name.</param>
    public Memory? GetMemory(string name) => _context.Instance.GetMemory(name);

    /// <summary>An exported function of the calling instance, or null when there is none of the name.</summary>
    /// <param name="name">Its name.</param>
    public Function? GetFunction(string name) => _context.Instance.GetFunction(name);
}
