using System.Runtime.InteropServices;
using System.Text;

namespace Hive.Wasm;

/// <summary>A linear memory. Growing may move it: a span of it is valid until guest code runs or <see cref="Grow"/> is called.</summary>
public sealed unsafe class Memory : IDisposable
{
    /// <summary>Bytes in a page.</summary>
    public const int PageSize = 65536;

    /// <summary>Where the bytes are; compiled code reads it by name.</summary>
    internal byte* Base;

    /// <summary>How many bytes there are; compiled code reads it by name.</summary>
    internal ulong Length;

    private readonly Store _store;
    private readonly ulong _maxPages;
    private ulong _capacity;

    /// <summary>Makes a memory for guests to import.</summary>
    /// <param name="store">The store that owns it.</param>
    /// <param name="minimum">Pages at the start.</param>
    /// <param name="maximum">The most pages, if limited.</param>
    /// <exception cref="LinkException">The memory is larger than the configuration or the store allows.</exception>
    public Memory(Store store, long minimum, long? maximum = null) : this(store, new MemoryType((ulong)minimum, (ulong?)maximum)) { }

    internal Memory(Store store, MemoryType type)
    {
        _store = store;
        DeclaredType = type;
        var cap = (ulong)store.Engine.Config.MaxMemoryBytes / PageSize;
        _maxPages = Math.Min(type.Maximum ?? ulong.MaxValue, Math.Min(cap, PageSize));
        if (type.Minimum > cap || !store.TryReserveMemory((long)type.Minimum * PageSize))
            throw new LinkException($"A memory of {type.Minimum} pages exceeds the limit: at most {cap} pages each, {store.MaxTotalMemoryBytes} bytes a store");
        _capacity = type.Minimum * PageSize;
        Base = Allocate(_capacity);
        if (Base is null)
        {
            store.ReleaseMemory((long)_capacity);
            throw new LinkException($"The host has no room for a memory of {type.Minimum} pages");
        }

        Length = _capacity;
        GC.AddMemoryPressure(PressureOf(Length));
        store.Own(this);
    }

    /// <summary>Frees the memory if its store never was.</summary>
    ~Memory() => Free();

    /// <summary>The memory's type; its minimum is the present size.</summary>
    public MemoryType Type => DeclaredType with { Minimum = (ulong)Pages };

    /// <summary>Present size in pages.</summary>
    public long Pages => (long)(Length / PageSize);

    /// <summary>Present size in bytes.</summary>
    public long ByteLength => (long)Length;

    internal MemoryType DeclaredType { get; }

    internal Store Store => _store;

    /// <summary>The bytes from an address on.</summary>
    /// <param name="address">Address of the first byte.</param>
    /// <param name="length">How many bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the memory.</exception>
    public Span<byte> GetSpan(long address, int length)
    {
        if (address < 0 || length < 0 || (ulong)address + (ulong)length > Length)
            throw new ArgumentOutOfRangeException(nameof(address), $"The range {address}+{length} leaves a memory of {Length} bytes.");
        return new Span<byte>(Base + address, length);
    }

    /// <summary>Reads UTF-8 text; bytes that are none become U+FFFD.</summary>
    /// <param name="address">Address of the first byte.</param>
    /// <param name="length">How many bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the memory.</exception>
    public string ReadString(long address, int length) => Encoding.UTF8.GetString(GetSpan(address, length));

    /// <summary>Writes text as UTF-8.</summary>
    /// <param name="address">Address of the first byte.</param>
    /// <param name="text">What to write.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The text leaves the memory.</exception>
    public int WriteString(long address, string text) => Encoding.UTF8.GetBytes(text, GetSpan(address, Encoding.UTF8.GetByteCount(text)));

    /// <summary>Reads an unmanaged value at an address, little-endian.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value leaves the memory.</exception>
    public T Read<T>(long address) where T : unmanaged => MemoryMarshal.Read<T>(GetSpan(address, sizeof(T)));

    /// <summary>Writes an unmanaged value at an address, little-endian.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value leaves the memory.</exception>
    public void Write<T>(long address, T value) where T : unmanaged => MemoryMarshal.Write(GetSpan(address, sizeof(T)), in value);

    /// <summary>Adds pages of zeros.</summary>
    /// <param name="pages">How many.</param>
    /// <returns>The size before in pages, or −1 when a limit forbids.</returns>
    public long Grow(long pages) => pages < 0 ? -1 : TryGrow((ulong)pages);

    internal long TryGrow(ulong pages)
    {
        var before = Length / PageSize;
        if (pages == 0) return (long)before;
        if (pages > _maxPages || before + pages > _maxPages) return -1;
        var bytes = (long)pages * PageSize;
        if (!_store.TryReserveMemory(bytes)) return -1;
        var length = Length + (ulong)bytes;
        if (length > _capacity && !Reserve(length))
        {
            _store.ReleaseMemory(bytes);
            return -1;
        }

        GC.AddMemoryPressure(bytes);
        Length = length;
        return (long)before;
    }

    /// <summary>
    /// Makes room. Zeroed memory is only address space until it is written to, so the first move takes all that the memory may
    /// ever need; where the host will not have that, it takes what is asked for.
    /// </summary>
    private bool Reserve(ulong length)
    {
        var capacity = _maxPages * PageSize;
        var moved = Allocate(capacity);
        if (moved is null)
        {
            capacity = length;
            moved = Allocate(capacity);
        }

        if (moved is null) return false;
        NativeMemory.Copy(Base, moved, (nuint)Length);
        NativeMemory.Free(Base);
        Base = moved;
        _capacity = capacity;
        return true;
    }

    private static byte* Allocate(ulong bytes)
    {
        try
        {
            return (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(bytes, 1));
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    private static long PressureOf(ulong bytes) => (long)Math.Max(bytes, 1);

    /// <summary>Frees the bytes; the memory then has none.</summary>
    /// <exception cref="InvalidOperationException">Guest code of the store is running.</exception>
    public void Dispose()
    {
        if (_store.State.IsRunning) throw new InvalidOperationException("A memory cannot be freed while guest code of its store runs.");
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Base is null) return;
        NativeMemory.Free(Base);
        Base = null;
        GC.RemoveMemoryPressure(PressureOf(Length));
        _store.ReleaseMemory((long)Length);
        Length = 0;
        _capacity = 0;
    }
}
