namespace Hive.Engine;

/// <summary>A host's hold on a fabric. The fabric itself is not disposable, because a host must not end one that others use.</summary>
internal sealed class FabricLease(SiloFabric fabric, Action release) : IDisposable
{
    private int _isDisposed;

    internal SiloFabric Fabric { get; } = fabric;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0) release();
    }
}
