using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Hive.Engine;

/// <summary>Writes values into a buffer. A mutable struct: hand it on by reference, and <see cref="Flush"/> it when done.</summary>
public ref struct WireWriter
{
    /// <summary>How deeply objects may lie in one another. A graph with a circle reaches it, and is refused.</summary>
    public const int MaxDepth = 128;

    private const int LongestVarint = 10;
    private const int SmallestBuffer = 256;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _free;
    private int _used;
    private int _depth;

    internal WireWriter(WireSerializer serializer, IBufferWriter<byte> output, int depth = 0)
    {
        Serializer = serializer;
        _output = output;
        _depth = depth;
    }

    /// <summary>Gives codecs.</summary>
    public WireSerializer Serializer { get; }

    /// <summary>Hands everything that was written to the buffer.</summary>
    public void Flush()
    {
        if (_used > 0) _output.Advance(_used);
        _free = default;
        _used = 0;
    }

    /// <summary>Writes a value by its type's codec.</summary>
    /// <exception cref="CodecNotFoundException">The type does not say how it travels.</exception>
    public void Write<T>(T value) => Serializer.GetCodec<T>().Write(ref this, value);

    /// <summary>Writes a byte.</summary>
    public void WriteByte(byte value)
    {
        Reserve(1)[0] = value;
        _used++;
    }

    /// <summary>Writes an unsigned integer as a varint: 1 to 10 bytes.</summary>
    public void WriteVarint(ulong value)
    {
        var span = Reserve(LongestVarint);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _used += length;
    }

    /// <summary>Writes an integer as a varint of its zigzag number, so that small negative ones are short too.</summary>
    public void WriteSigned(long value) => WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes 4 bytes, the lowest first.</summary>
    public void WriteFixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);
        _used += sizeof(uint);
    }

    /// <summary>Writes 8 bytes, the lowest first.</summary>
    public void WriteFixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), value);
        _used += sizeof(ulong);
    }

    /// <summary>Writes 16 bytes, the lowest first.</summary>
    public void WriteFixed128(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(Reserve(16), value);
        _used += 16;
    }

    /// <summary>Writes a text in UTF-8, or null. Halves of surrogate pairs become U+FFFD, since UTF-8 has none.</summary>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteVarint(0);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        WriteVarint((ulong)length + 1);
        Encoding.UTF8.GetBytes(value, Reserve(length));
        _used += length;
    }

    /// <summary>Writes bytes and how many they are.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> value)
    {
        WriteVarint((ulong)value.Length + 1);
        WriteRaw(value);
    }

    /// <summary>Writes that there are no bytes, no text or no list: null.</summary>
    public void WriteNull() => WriteByte(0);

    /// <summary>Writes the head of a list; its elements, if any, must follow.</summary>
    public void WriteListHeader(int count, WireKind kind)
    {
        WriteVarint((ulong)count + 1);
        if (count > 0) WriteByte((byte)kind);
    }

    /// <summary>Writes a member of an object.</summary>
    /// <param name="delta">Its id less that of the member before it, or its id if it is the first of its class.</param>
    /// <param name="codec">The codec of its type.</param>
    /// <param name="value">The value.</param>
    public void WriteField<T>(uint delta, Codec<T> codec, T value)
    {
        ArgumentNullException.ThrowIfNull(codec);
        WriteVarint(((ulong)delta << 3) | (byte)codec.Kind);
        codec.Write(ref this, value);
    }

    /// <summary>Ends the members of a base class.</summary>
    public void WriteEndOfBase() => WriteByte(1 << 3);

    internal void WriteEnd() => WriteByte(0);

    internal void WriteRaw(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        _used += value.Length;
    }

    internal void Enter(Type type)
    {
        if (++_depth > MaxDepth)
        {
            throw new WireFormatException(
                $"A {type} lies more than {MaxDepth} objects deep, or contains itself. Messages are trees: send identities instead of circles, and lists instead of chains.");
        }
    }

    internal void Leave() => _depth--;

    /// <summary>A writer of bytes that are to lie within what this one writes.</summary>
    internal readonly WireWriter Into(IBufferWriter<byte> output) => new(Serializer, output, _depth);

    private Span<byte> Reserve(int count)
    {
        if (_free.Length - _used < count) Grow(count);
        return _free[_used..];
    }

    private void Grow(int count)
    {
        Flush();
        _free = _output.GetSpan((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, SmallestBuffer)));
    }
}
