namespace Hive.Wasm;

/// <summary>What a value is, for a host: references are told apart only by what they refer to.</summary>
public enum ValueKind : byte
{
    /// <summary>A 32-bit integer.</summary>
    I32 = 1,
    /// <summary>A 64-bit integer.</summary>
    I64,
    /// <summary>A 32-bit float.</summary>
    F32,
    /// <summary>A 64-bit float.</summary>
    F64,
    /// <summary>A 128-bit vector.</summary>
    V128,
    /// <summary>A reference to a function, or null.</summary>
    FuncRef,
    /// <summary>A reference to a host object, or null.</summary>
    ExternRef,
    /// <summary>A reference to an exception, or null.</summary>
    ExnRef,
    /// <summary>A reference of the garbage collection proposal: only null is inhabited here.</summary>
    AnyRef,
}

internal enum HeapKind : byte
{
    None,
    Func,
    NoFunc,
    Extern,
    NoExtern,
    Exn,
    NoExn,
    Any,
    Eq,
    I31,
    Struct,
    Array,
    NoneAny,
    Concrete,
}

/// <summary>A value type. Two are equal when the specification says that they are the same type, across modules of one engine.</summary>
public readonly struct ValueType : IEquatable<ValueType>
{
    private ValueType(ValueKind kind, HeapKind heap = HeapKind.None, bool nullable = false, FunctionType? function = null)
    {
        Kind = kind;
        Heap = heap;
        IsNullable = nullable;
        Function = function;
    }

    /// <summary>A 32-bit integer.</summary>
    public static ValueType I32 => new(ValueKind.I32);

    /// <summary>A 64-bit integer.</summary>
    public static ValueType I64 => new(ValueKind.I64);

    /// <summary>A 32-bit float.</summary>
    public static ValueType F32 => new(ValueKind.F32);

    /// <summary>A 64-bit float.</summary>
    public static ValueType F64 => new(ValueKind.F64);

    /// <summary>A 128-bit vector.</summary>
    public static ValueType V128 => new(ValueKind.V128);

    /// <summary>A reference to any function, or null.</summary>
    public static ValueType FuncRef => Reference(HeapKind.Func, nullable: true);

    /// <summary>A reference to any host object, or null.</summary>
    public static ValueType ExternRef => Reference(HeapKind.Extern, nullable: true);

    /// <summary>A reference to any exception, or null.</summary>
    public static ValueType ExnRef => Reference(HeapKind.Exn, nullable: true);

    /// <summary>What a value of this type is.</summary>
    public ValueKind Kind { get; }

    /// <summary>Whether values are references.</summary>
    public bool IsReference => Kind >= ValueKind.FuncRef;

    /// <summary>Whether a reference may be null.</summary>
    public bool IsNullable { get; }

    /// <summary>The type of function that a reference is restricted to, if it is.</summary>
    public FunctionType? Function { get; }

    internal HeapKind Heap { get; }

    /// <summary>The type that no value has: what an unreachable operand is.</summary>
    internal static ValueType Bottom => default;

    internal bool IsBottom => Kind == 0;

    internal bool IsNumeric => Kind is >= ValueKind.I32 and <= ValueKind.F64;

    internal bool IsDefaultable => !IsReference || IsNullable;

    internal static ValueType Reference(HeapKind heap, bool nullable) => new(KindOf(heap), heap, nullable);

    internal static ValueType Reference(FunctionType function, bool nullable) => new(ValueKind.FuncRef, HeapKind.Concrete, nullable, function);

    internal ValueType AsNonNull() => IsReference ? new(Kind, Heap, false, Function) : this;

    internal ValueType AsNullable() => IsReference ? new(Kind, Heap, true, Function) : this;

    /// <summary>Whether every value of this type is one of the other.</summary>
    internal bool IsSubtypeOf(ValueType other)
    {
        if (Kind == 0) return true;
        if (Kind != other.Kind) return false;
        if (!IsReference) return true;
        if (IsNullable && !other.IsNullable) return false;
        if (Heap == other.Heap) return Heap != HeapKind.Concrete || Function!.IsSubtypeOf(other.Function!);
        return other.Heap switch
        {
            HeapKind.Func or HeapKind.Extern or HeapKind.Exn or HeapKind.Any => true,
            HeapKind.Eq => Heap is HeapKind.I31 or HeapKind.Struct or HeapKind.Array or HeapKind.NoneAny,
            HeapKind.I31 or HeapKind.Struct or HeapKind.Array => Heap == HeapKind.NoneAny,
            HeapKind.Concrete => Heap == HeapKind.NoFunc,
            _ => false,
        };
    }

    private static ValueKind KindOf(HeapKind heap) => heap switch
    {
        HeapKind.Func or HeapKind.NoFunc or HeapKind.Concrete => ValueKind.FuncRef,
        HeapKind.Extern or HeapKind.NoExtern => ValueKind.ExternRef,
        HeapKind.Exn or HeapKind.NoExn => ValueKind.ExnRef,
        _ => ValueKind.AnyRef,
    };

    /// <inheritdoc/>
    public bool Equals(ValueType other) =>
        Kind == other.Kind && Heap == other.Heap && IsNullable == other.IsNullable && ReferenceEquals(Function, other.Function);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ValueType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Heap, IsNullable);

    /// <summary>Whether two types are the same.</summary>
    public static bool operator ==(ValueType left, ValueType right) => left.Equals(right);

    /// <summary>Whether two types differ.</summary>
    public static bool operator !=(ValueType left, ValueType right) => !left.Equals(right);

    /// <summary>The type in the text format's words.</summary>
    public override string ToString() => Kind switch
    {
        0 => "unreachable",
        < ValueKind.FuncRef => Kind.ToString().ToLowerInvariant(),
        _ when Heap == HeapKind.Concrete => $"(ref {(IsNullable ? "null " : "")}{Function})",
        _ when IsNullable && Heap is HeapKind.Func or HeapKind.Extern or HeapKind.Exn => HeapName(Heap) + "ref",
        _ => $"(ref {(IsNullable ? "null " : "")}{HeapName(Heap)})",
    };

    private static string HeapName(HeapKind heap) => heap == HeapKind.NoneAny ? "none" : heap.ToString().ToLowerInvariant();
}
