namespace Hive.Wasm;

/// <summary>
/// Owns instances and what they allocate, and the budget that they share: fuel, cancellation, memory. A store and
/// everything in it is used by one thread at a time; <see cref="Interrupt"/> and cancellation may come from any.
/// </summary>
public sealed class Store : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly List<InstanceContext> _instances = [];
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellation;
    private long _memoryBytes;
    private bool _disposed;

    /// <summary>Makes an empty store without fuel.</summary>
    /// <param name="engine">The engine whose modules it will hold.</param>
    /// <param name="data">Anything the host wants to find again in its functions.</param>
    public Store(Engine engine, object? data = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Engine = engine;
        Data = data;
        MaxTotalMemoryBytes = engine.Config.MaxMemoryBytes;
        State = new StoreState(this, engine.Config.MaxStackDepth);
    }

    /// <summary>The engine whose modules this store holds.</summary>
    public Engine Engine { get; }

    /// <summary>Anything the host wants to find again in its functions.</summary>
    public object? Data { get; set; }

    /// <summary>
    /// The fuel left. An instruction costs one unit, a throw 1,000; bulk operations and WASI calls cost one more for each 64 bytes
    /// or 8 elements, growing a memory one for each page. Running out is noticed at the next loop or call, and is the trap
    /// <see cref="TrapCode.OutOfFuel"/>. Unused unless <see cref="Config.ConsumeFuel"/>.
    /// </summary>
    public ulong Fuel
    {
        get => (ulong)Math.Max(0, State.Fuel);
        set => State.Fuel = (long)Math.Min(value, long.MaxValue / 2);
    }

    /// <summary>The most bytes all linear memories of this store may have together; at first <see cref="Config.MaxMemoryBytes"/>.</summary>
    public long MaxTotalMemoryBytes { get; set; }

    /// <summary>Bytes that the linear memories of this store have now.</summary>
    public long MemoryBytes => Interlocked.Read(ref _memoryBytes);

    /// <summary>Stops guest code with the trap <see cref="TrapCode.Interrupted"/> when cancelled, whether it runs now or later.</summary>
    public CancellationToken CancellationToken
    {
        get => _cancellation;
        set
        {
            _registration.Dispose();
            State.Interrupted = 0;
            _cancellation = value;
            _registration = value.UnsafeRegister(static state => ((StoreState)state!).Interrupted = 1, State);
        }
    }

    internal StoreState State { get; }

    internal bool IsDisposed => _disposed;

    /// <summary>Adds fuel.</summary>
    /// <param name="units">How much; the sum saturates.</param>
    public void AddFuel(ulong units) => Fuel = Fuel > ulong.MaxValue - units ? ulong.MaxValue : Fuel + units;

    /// <summary>Stops the guest code that runs now with the trap <see cref="TrapCode.Interrupted"/>; any thread may call it.</summary>
    public void Interrupt() => State.Interrupted = 1;

    /// <summary>Lets guest code run again after <see cref="Interrupt"/>, unless <see cref="CancellationToken"/> is cancelled.</summary>
    public void ClearInterrupt() => State.Interrupted = _cancellation.IsCancellationRequested ? 1 : 0;

    /// <summary>Frees the memories of this store. Its instances must not be used any more.</summary>
    /// <exception cref="InvalidOperationException">Guest code of this store is running.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        if (State.IsRunning) throw new InvalidOperationException("A store cannot be disposed while its guest code runs; cancel it first.");
        _disposed = true;
        _registration.Dispose();
        foreach (var item in _owned) item.Dispose();
        _owned.Clear();
        _instances.Clear();
        State.Dispose();
    }

    internal void Own(IDisposable item)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _owned.Add(item);
    }

    /// <summary>Keeps an instance as long as the store: its code may run when nothing else refers to it.</summary>
    internal void Keep(InstanceContext instance) => _instances.Add(instance);

    internal bool TryReserveMemory(long bytes)
    {
        if (Interlocked.Add(ref _memoryBytes, bytes) <= MaxTotalMemoryBytes) return true;
        Interlocked.Add(ref _memoryBytes, -bytes);
        return false;
    }

    internal void ReleaseMemory(long bytes) => Interlocked.Add(ref _memoryBytes, -bytes);
}
