using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>A guest value with its kind. Floats keep their bits, NaN payloads included.</summary>
public readonly struct Value : IEquatable<Value>
{
    private readonly Vector128<ulong> _bits;
    private readonly object? _reference;

    private Value(ValueKind kind, Vector128<ulong> bits, object? reference = null)
    {
        Kind = kind;
        _bits = bits;
        _reference = reference;
    }

    /// <summary>What the value is.</summary>
    public ValueKind Kind { get; }

    /// <summary>The value's bits; zero for references.</summary>
    public Vector128<byte> Bits => _bits.AsByte();

    /// <summary>Whether the value is a null reference.</summary>
    public bool IsNull => Kind >= ValueKind.FuncRef && _reference is null;

    /// <summary>Boxes a 32-bit integer.</summary>
    public static Value FromInt32(int value) => new(ValueKind.I32, Vector128.CreateScalar((ulong)(uint)value));

    /// <summary>Boxes a 64-bit integer.</summary>
    public static Value FromInt64(long value) => new(ValueKind.I64, Vector128.CreateScalar((ulong)value));

    /// <summary>Boxes a 32-bit float.</summary>
    public static Value FromSingle(float value) => new(ValueKind.F32, Vector128.CreateScalar((ulong)BitConverter.SingleToUInt32Bits(value)));

    /// <summary>Boxes a 64-bit float.</summary>
    public static Value FromDouble(double value) => new(ValueKind.F64, Vector128.CreateScalar(BitConverter.DoubleToUInt64Bits(value)));

    /// <summary>Boxes a 32-bit float given by its bits.</summary>
    public static Value FromSingleBits(uint bits) => new(ValueKind.F32, Vector128.CreateScalar((ulong)bits));

    /// <summary>Boxes a 64-bit float given by its bits.</summary>
    public static Value FromDoubleBits(ulong bits) => new(ValueKind.F64, Vector128.CreateScalar(bits));

    /// <summary>Boxes a vector, lane 0 first.</summary>
    public static Value FromV128(Vector128<byte> value) => new(ValueKind.V128, value.AsUInt64());

    /// <summary>Boxes a reference to a function, or null.</summary>
    public static Value FromFuncRef(Function? function) => new(ValueKind.FuncRef, default, function);

    /// <summary>Boxes a reference to a host object, or null.</summary>
    public static Value FromExternRef(object? reference) => new(ValueKind.ExternRef, default, reference);

    /// <summary>Boxes a reference to an exception, or null.</summary>
    public static Value FromExnRef(GuestException? exception) => new(ValueKind.ExnRef, default, exception);

    /// <summary>Boxes a C# value as the kind it corresponds to: int, uint, long, ulong, float, double, vector.</summary>
    /// <exception cref="ArgumentException">The value corresponds to no kind.</exception>
    public static Value FromObject(object? value, ValueKind kind) => (value, kind) switch
    {
        (int v, ValueKind.I32) => FromInt32(v),
        (uint v, ValueKind.I32) => FromInt32((int)v),
        (bool v, ValueKind.I32) => FromInt32(v ? 1 : 0),
        (long v, ValueKind.I64) => FromInt64(v),
        (ulong v, ValueKind.I64) => FromInt64((long)v),
        (int v, ValueKind.I64) => FromInt64(v),
        (float v, ValueKind.F32) => FromSingle(v),
        (double v, ValueKind.F64) => FromDouble(v),
        (Vector128<byte> v, ValueKind.V128) => FromV128(v),
        (null or Function, ValueKind.FuncRef) => FromFuncRef((Function?)value),
        (null or GuestException, ValueKind.ExnRef) => FromExnRef((GuestException?)value),
        (_, ValueKind.ExternRef) => FromExternRef(value),
        _ => throw new ArgumentException($"A {value?.GetType().Name ?? "null"} is not a {kind}.", nameof(value)),
    };

    /// <summary>The default value of a type: zero or null.</summary>
    internal static Value Default(ValueKind kind) => new(kind, default);

    internal static Value FromReference(ValueKind kind, object? reference) => new(kind, default, reference);

    internal object? Reference => _reference;

    /// <summary>The 32-bit integer.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public int AsInt32() => (int)(uint)Checked(ValueKind.I32);

    /// <summary>The 64-bit integer.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public long AsInt64() => (long)Checked(ValueKind.I64);

    /// <summary>The 32-bit float.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public float AsSingle() => BitConverter.UInt32BitsToSingle((uint)Checked(ValueKind.F32));

    /// <summary>The 64-bit float.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public double AsDouble() => BitConverter.UInt64BitsToDouble(Checked(ValueKind.F64));

    /// <summary>The vector, lane 0 first.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public Vector128<byte> AsV128()
    {
        Checked(ValueKind.V128);
        return _bits.AsByte();
    }

    /// <summary>The function referred to, or null.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public Function? AsFuncRef()
    {
        Checked(ValueKind.FuncRef);
        return (Function?)_reference;
    }

    /// <summary>The host object referred to, or null.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public object? AsExternRef()
    {
        Checked(ValueKind.ExternRef);
        return _reference;
    }

    /// <summary>The value as a C# object: int, long, float, double, vector or the object referred to.</summary>
    public object? ToObject() => Kind switch
    {
        ValueKind.I32 => AsInt32(),
        ValueKind.I64 => AsInt64(),
        ValueKind.F32 => AsSingle(),
        ValueKind.F64 => AsDouble(),
        ValueKind.V128 => AsV128(),
        _ => _reference,
    };

    /// <summary>Whether kind, bits and reference are the same; NaNs with the same bits are equal.</summary>
    public bool Equals(Value other) => Kind == other.Kind && _bits == other._bits && ReferenceEquals(_reference, other._reference);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, _bits);

    /// <summary>Whether two values are the same, bit for bit.</summary>
    public static bool operator ==(Value left, Value right) => left.Equals(right);

    /// <summary>Whether two values differ in kind, bits or reference.</summary>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>Boxes a 32-bit integer.</summary>
    public static implicit operator Value(int value) => FromInt32(value);

    /// <summary>Boxes a 64-bit integer.</summary>
    public static implicit operator Value(long value) => FromInt64(value);

    /// <summary>Boxes a 32-bit float.</summary>
    public static implicit operator Value(float value) => FromSingle(value);

    /// <summary>Boxes a 64-bit float.</summary>
    public static implicit operator Value(double value) => FromDouble(value);

    /// <summary>Kind and value, for messages.</summary>
    public override string ToString() => Kind switch
    {
        0 => "none",
        ValueKind.F32 => $"f32:{AsSingle():R} (0x{(uint)_bits[0]:x8})",
        ValueKind.F64 => $"f64:{AsDouble():R} (0x{_bits[0]:x16})",
        ValueKind.V128 => $"v128:0x{_bits[1]:x16}{_bits[0]:x16}",
        < ValueKind.FuncRef => $"{Kind.ToString().ToLowerInvariant()}:{ToObject()}",
        _ => $"{Kind}:{_reference ?? "null"}",
    };

    private ulong Checked(ValueKind kind) =>
        Kind == kind ? _bits[0] : throw new InvalidOperationException($"The value is {Kind}, not {kind}.");
}
