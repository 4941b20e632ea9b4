namespace Hive.Wasm;

/// <summary>A table of references, shared by the instances that import it.</summary>
public sealed class Table
{
    /// <summary>The elements and room for more; compiled code reads it by name.</summary>
    internal object?[] Elements;

    /// <summary>How many elements there are; compiled code reads it by name.</summary>
    internal int Size;

    private readonly int _maximum;

    /// <summary>Makes a table for guests to import.</summary>
    /// <param name="store">The store it belongs to.</param>
    /// <param name="type">Type of its elements and its limits.</param>
    /// <param name="initial">What its elements are at the start.</param>
    /// <exception cref="ArgumentException">The initial value is not of the element type.</exception>
    /// <exception cref="LinkException">The table is larger than the configuration allows.</exception>
    public Table(Store store, TableType type, Value initial) : this(store, type, initial.Reference) => Check(initial);

    internal Table(Store store, TableType type, object? initial)
    {
        var cap = store.Engine.Config.MaxTableElements;
        if (type.Minimum > (ulong)cap) throw new LinkException($"A table of {type.Minimum} elements exceeds the limit of {cap}");
        Store = store;
        DeclaredType = type;
        _maximum = (int)Math.Min(type.Maximum ?? ulong.MaxValue, (ulong)cap);
        Size = (int)type.Minimum;
        Elements = new object?[Size];
        if (initial is not null) Array.Fill(Elements, initial);
    }

    /// <summary>The table's type; its minimum is the present size.</summary>
    public TableType Type => DeclaredType with { Minimum = (ulong)Size };

    /// <summary>How many elements there are.</summary>
    public int Count => Size;

    internal TableType DeclaredType { get; }

    internal Store Store { get; }

    /// <summary>An element.</summary>
    /// <param name="index">Its index, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    /// <exception cref="ArgumentException">The value set is not of the element type.</exception>
    public Value this[int index]
    {
        get => Value.FromReference(DeclaredType.Element.Kind, Elements[Checked(index)]);
        set
        {
            Check(value);
            Elements[Checked(index)] = value.Reference;
        }
    }

    /// <summary>Adds elements.</summary>
    /// <param name="count">How many.</param>
    /// <param name="value">What they are.</param>
    /// <returns>The size before, or −1 when a limit forbids.</returns>
    /// <exception cref="ArgumentException">The value is not of the element type.</exception>
    public int Grow(int count, Value value)
    {
        Check(value);
        return (int)TryGrow((uint)count, value.Reference);
    }

    internal long TryGrow(ulong count, object? value)
    {
        var before = Size;
        if (count > (ulong)(_maximum - before)) return -1;
        var size = before + (int)count;
        if (size > Elements.Length)
        {
            var capacity = (int)Math.Min((uint)_maximum, Math.Max((uint)size, (uint)Elements.Length * 2));
            Array.Resize(ref Elements, capacity);
        }

        Array.Fill(Elements, value, before, size - before);
        Size = size;
        return before;
    }

    private int Checked(int index) => (uint)index < (uint)Size
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), $"The table has {Size} elements; {index} is none of them.");

    private void Check(Value value)
    {
        if (value.Kind != DeclaredType.Element.Kind || (value.IsNull && !DeclaredType.Element.IsNullable))
            throw new ArgumentException($"The value {value} is not of the element type {DeclaredType.Element}.", nameof(value));
    }
}
