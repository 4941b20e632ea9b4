using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Hive.Engine;

/// <summary>
/// Reads what <see cref="WireWriter"/> wrote. Whatever the bytes are, it reads, or throws <see cref="WireFormatException"/>; it never allocates more
/// than the bytes that are there can fill. A mutable struct: hand it on by reference.
/// </summary>
public ref struct WireReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _input;
    private int _position;
    private int _depth;

    internal WireReader(WireSerializer serializer, ReadOnlySpan<byte> input, int depth = 0)
    {
        Serializer = serializer;
        _input = input;
        _depth = depth;
    }

    /// <summary>Gives codecs.</summary>
    public WireSerializer Serializer { get; }

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _input.Length - _position;

    /// <summary>Reads a value by its type's codec.</summary>
    /// <exception cref="CodecNotFoundException">The type does not say how it travels.</exception>
    public T Read<T>() => Serializer.GetCodec<T>().Read(ref this);

    /// <summary>Reads a byte.</summary>
    public byte ReadByte() => _position < _input.Length ? _input[_position++] : throw Cut();

    /// <summary>Reads a varint.</summary>
    public ulong ReadVarint()
    {
        if (_position < _input.Length && _input[_position] < 0x80) return _input[_position++];
        return ReadLongVarint();
    }

    /// <summary>Reads a zigzag varint.</summary>
    public long ReadSigned()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads 4 bytes.</summary>
    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadRaw(sizeof(uint)));

    /// <summary>Reads 8 bytes.</summary>
    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadRaw(sizeof(ulong)));

    /// <summary>Reads 16 bytes.</summary>
    public UInt128 ReadFixed128() => BinaryPrimitives.ReadUInt128LittleEndian(ReadRaw(16));

    /// <summary>Reads a text, or null.</summary>
    public string? ReadString()
    {
        if (!TryReadBytes(out var bytes)) return null;
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new WireFormatException($"The text before byte {_position} is not UTF-8.", exception);
        }
    }

    /// <summary>Gives bytes where they lie; false where there are none: null.</summary>
    public bool TryReadBytes(out ReadOnlySpan<byte> bytes)
    {
        var count = ReadVarint();
        if (count == 0)
        {
            bytes = default;
            return false;
        }

        if (count - 1 > (ulong)Remaining) throw Cut();
        bytes = ReadRaw((int)(count - 1));
        return true;
    }

    /// <summary>Reads the head of a list.</summary>
    /// <param name="kind">What its elements are to be.</param>
    /// <returns>How many elements follow; negative for null.</returns>
    public int ReadListHeader(WireKind kind)
    {
        var count = ReadCount(out var actual);
        if (count > 0 && actual != kind) throw new WireFormatException($"A list's elements are of kind {actual} before byte {_position}; expected {kind}.");
        return count;
    }

    /// <summary>Goes on to an object's next member.</summary>
    /// <param name="key">The member's id in the low half; how many base classes have been gone through in the high half. 0 at first.</param>
    /// <param name="kind">How its value lies there.</param>
    /// <returns>Whether there is one.</returns>
    public bool NextField(ref ulong key, out WireKind kind)
    {
        while (true)
        {
            var tag = ReadVarint();
            kind = (WireKind)(tag & 7);
            var delta = tag >> 3;
            if (kind != WireKind.Mark)
            {
                if (delta > uint.MaxValue - (uint)key) throw new WireFormatException($"The member's id before byte {_position} is too large.");
                key += delta;
                return true;
            }

            switch (delta)
            {
                case 0:
                    return false;
                case 1 when key >> 32 < WireWriter.MaxDepth:
                    key = ((key >> 32) + 1) << 32;
                    break;
                default:
                    throw new WireFormatException($"There is no mark {delta}, before byte {_position}.");
            }
        }
    }

    /// <summary>Reads a member's value.</summary>
    public T ReadField<T>(Codec<T> codec, WireKind kind)
    {
        ArgumentNullException.ThrowIfNull(codec);
        if (kind != codec.Kind) throw new WireFormatException($"A member of type {typeof(T)} is of kind {kind} before byte {_position}; expected {codec.Kind}.");
        return codec.Read(ref this);
    }

    /// <summary>Steps over a value.</summary>
    public void Skip(WireKind kind)
    {
        switch (kind)
        {
            case WireKind.Varint:
                ReadVarint();
                break;
            case WireKind.Fixed32:
                ReadRaw(4);
                break;
            case WireKind.Fixed64:
                ReadRaw(8);
                break;
            case WireKind.Fixed128:
                ReadRaw(16);
                break;
            case WireKind.Bytes:
                TryReadBytes(out _);
                break;
            case WireKind.List:
                Enter();
                for (var left = ReadCount(out var element); left > 0; left--) Skip(element);
                Leave();
                break;
            case WireKind.Object:
                SkipObject();
                break;
            default:
                throw new WireFormatException($"Nothing is of kind {kind}, before byte {_position}.");
        }
    }

    internal ReadOnlySpan<byte> ReadRaw(int count)
    {
        if (count > Remaining) throw Cut();
        var bytes = _input.Slice(_position, count);
        _position += count;
        return bytes;
    }

    internal void Enter()
    {
        if (++_depth > WireWriter.MaxDepth) throw new WireFormatException($"Objects lie more than {WireWriter.MaxDepth} deep before byte {_position}.");
    }

    internal void Leave() => _depth--;

    /// <summary>A reader of bytes that lie within what this one reads.</summary>
    internal readonly WireReader Within(ReadOnlySpan<byte> bytes) => new(Serializer, bytes, _depth);

    internal WireKind ReadKind()
    {
        var kind = (WireKind)ReadByte();
        return kind is > WireKind.Mark and <= WireKind.Fixed128 ? kind : throw new WireFormatException($"Nothing is of kind {(byte)kind}, before byte {_position}.");
    }

    internal ObjectMark ReadMark()
    {
        var mark = (ObjectMark)ReadByte();
        return mark <= ObjectMark.Wrapped ? mark : throw new WireFormatException($"No object begins with {(byte)mark}, before byte {_position}.");
    }

    /// <summary>Fails unless everything has been read.</summary>
    internal readonly void End()
    {
        if (Remaining > 0) throw new WireFormatException($"The message ends at byte {_position}, yet {Remaining} bytes follow.");
    }

    internal readonly WireFormatException Wrong(string what) => new($"{what}, before byte {_position}.");

    private int ReadCount(out WireKind kind)
    {
        var count = ReadVarint();
        kind = default;
        if (count < 2) return (int)count - 1;
        kind = ReadKind();
        var smallest = kind switch
        {
            WireKind.Fixed32 => 4,
            WireKind.Fixed64 => 8,
            WireKind.Fixed128 => 16,
            _ => 1,
        };
        if (count - 1 > (ulong)(Remaining / smallest))
        {
            throw new WireFormatException($"A list of {count - 1} elements is said to follow byte {_position}, but only {Remaining} bytes do.");
        }

        return (int)(count - 1);
    }

    private void SkipObject()
    {
        Enter();
        var mark = ReadMark();
        if (mark is ObjectMark.Named or ObjectMark.Wrapped) TryReadBytes(out _);
        if (mark == ObjectMark.Wrapped)
        {
            Skip(ReadKind());
        }
        else if (mark != ObjectMark.Null)
        {
            var key = 0UL;
            while (NextField(ref key, out var kind)) Skip(kind);
        }

        Leave();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadLongVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();

            // The tenth byte has room for one bit.
            if (shift == 63 && next > 1) break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new WireFormatException($"A number before byte {_position} has more than 64 bits.");
    }

    private readonly WireFormatException Cut() => new($"The message is cut off: more was to follow byte {_position}, where {Remaining} bytes are left.");
}
