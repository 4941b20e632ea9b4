using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Hive.Wasm;

/// <summary>What compiled code shares with its store. Compiled code reads and writes the fields by name.</summary>
internal sealed unsafe class StoreState : IDisposable
{
    /// <summary>Bytes of stack that are always left for host code below the lowest guest frame's check.</summary>
    private const int StackSlice = 16 * 1024;

    /// <summary>Steps of 64 KiB that are left, beside 128 KiB, wherever guest code runs.</summary>
    private const int StackSteps = 4;

    private const int LargeStack = 64 << 20;

    public long Fuel;
    public volatile int Interrupted;

    /// <summary>Guest frames above this address are known to have enough stack.</summary>
    public nint StackLimit;

    /// <summary>Depth left for guest code that a host function calls.</summary>
    public int Depth;

    /// <summary>Results after the first one, 16 bytes each, indexed by position; references are in <see cref="References"/>.</summary>
    public byte* Results;

    public object?[] References = [];

    private readonly int _maxDepth;
    private Thread? _thread;

    /// <summary>The thread that <see cref="StackLimit"/> was found on; it stays true of that thread.</summary>
    private Thread? _probedThread;

    public StoreState(Store owner, int maxDepth)
    {
        Owner = owner;
        _maxDepth = maxDepth;
        Depth = maxDepth;
        Results = (byte*)NativeMemory.AllocZeroed(1001 * 16);
    }

    ~StoreState() => Free();

    public bool IsRunning => _thread is not null;

    /// <summary>Compiled code holds raw addresses; whoever runs it holds this object, which keeps alive what they point into.</summary>
    public Store Owner { get; }

    /// <summary>Marks the current thread as running guest code; to be paired with <see cref="Exit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Entry Enter()
    {
        var current = Thread.CurrentThread;
        var entry = new Entry(_thread, Depth);
        if (_thread != current)
        {
            if (_thread is not null || Results is null) Refuse();
            _thread = current;
            Depth = _maxDepth;
            if (_probedThread != current) (_probedThread, StackLimit) = (current, -1);
        }

        return entry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit(in Entry entry)
    {
        _thread = entry.Thread;
        Depth = entry.Depth;
    }

    /// <summary>Called where a guest frame lies below <see cref="StackLimit"/>: moves the limit down, if the thread has the room.</summary>
    public bool TryExtendStack(nint address)
    {
        if (!StackProbe.HasRoom(StackSteps)) return false;
        StackLimit = address - StackSlice;
        return true;
    }

    /// <summary>Runs guest code on a thread with a large stack while this one waits.</summary>
    public void RunOnLargeStack(Action run)
    {
        var (thread, probed, limit) = (_thread, _probedThread, StackLimit);
        ExceptionDispatchInfo? failure = null;
        var large = new Thread(
            () =>
            {
                (_thread, _probedThread, StackLimit) = (Thread.CurrentThread, Thread.CurrentThread, -1);
                try
                {
                    run();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            LargeStack)
        { IsBackground = true };
        large.Start();
        large.Join();
        (_thread, _probedThread, StackLimit) = (thread, probed, limit);
        failure?.Throw();
    }

    public object?[] EnsureReferences(int count)
    {
        if (References.Length < count) Array.Resize(ref References, Math.Max(count, 16));
        return References;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(Results);
        Results = null;
    }

    private void Refuse()
    {
        ObjectDisposedException.ThrowIf(Results is null, typeof(Store));
        throw new InvalidOperationException("A store is used by one thread at a time; another thread runs its guest code now.");
    }

    /// <summary>What was before a run began, to be restored after it.</summary>
    public readonly record struct Entry(Thread? Thread, int Depth);
}
