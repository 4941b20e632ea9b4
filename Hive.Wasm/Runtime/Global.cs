using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>A global variable, shared by the instances that import it.</summary>
public sealed unsafe class Global
{
    /// <summary>Where a number's bits are; compiled code reads it by name.</summary>
    internal byte* Cell;

    /// <summary>What a reference refers to; compiled code reads it by name.</summary>
    internal object? Reference;

    private readonly NativeBlock _block;

    /// <summary>Makes a global for guests to import.</summary>
    /// <param name="store">The store it belongs to.</param>
    /// <param name="type">Type of its content and whether it may change.</param>
    /// <param name="value">Its first value.</param>
    /// <exception cref="ArgumentException">The value is not of the global's type.</exception>
    public Global(Store store, GlobalType type, Value value) : this(store, type, new NativeBlock(16), 0) => Set(value);

    internal Global(Store store, GlobalType type, NativeBlock block, int offset)
    {
        Store = store;
        Type = type;
        _block = block;
        Cell = block.Address + offset;
    }

    /// <summary>Type of the content and whether it may change.</summary>
    public GlobalType Type { get; }

    /// <summary>The present value.</summary>
    /// <exception cref="ArgumentException">The value set is not of the global's type.</exception>
    /// <exception cref="InvalidOperationException">The global set is immutable.</exception>
    public Value Value
    {
        get => Get();
        set
        {
            if (!Type.IsMutable) throw new InvalidOperationException("The global is immutable.");
            Set(value);
        }
    }

    internal Store Store { get; }

    internal Value Get()
    {
        var value = Type.Content.Kind switch
        {
            ValueKind.I32 => Value.FromInt32(*(int*)Cell),
            ValueKind.I64 => Value.FromInt64(*(long*)Cell),
            ValueKind.F32 => Value.FromSingleBits(*(uint*)Cell),
            ValueKind.F64 => Value.FromDoubleBits(*(ulong*)Cell),
            ValueKind.V128 => Value.FromV128(Vector128.Load(Cell)),
            var kind => Value.FromReference(kind, Reference),
        };
        GC.KeepAlive(_block);
        return value;
    }

    internal void Set(Value value)
    {
        if (value.Kind != Type.Content.Kind || (value.IsNull && !Type.Content.IsNullable))
            throw new ArgumentException($"The value {value} is not of the global's type {Type.Content}.", nameof(value));
        if (Type.Content.IsReference) Reference = value.Reference;
        else value.Bits.Store(Cell);
        GC.KeepAlive(_block);
    }
}
