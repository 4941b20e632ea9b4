using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Hive.Wasm;

/// <summary>Reads the binary format's primitives between two offsets; every violation is a <see cref="WasmDecodeException"/>.</summary>
internal struct ByteReader(byte[] bytes, int start, int end)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public int Position = start;
    public readonly int End => end;
    public readonly bool AtEnd => Position >= end;
    public readonly byte[] Bytes => bytes;

    public readonly WasmDecodeException Error(string rule) => new(Position, rule);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Byte()
    {
        if (Position >= end) throw Error("unexpected end");
        return bytes[Position++];
    }

    public readonly byte Peek() => Position < end ? bytes[Position] : throw Error("unexpected end");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint U32()
    {
        var first = Byte();
        return first < 0x80 ? first : LongU32(first);
    }

    private uint LongU32(uint result)
    {
        result &= 0x7f;
        for (var shift = 7; ; shift += 7)
        {
            uint next = Byte();
            if (shift == 28 && next > 0x0f) throw Error(next >= 0x80 ? "integer representation too long" : "integer too large");
            result |= (next & 0x7f) << shift;
            if (next < 0x80) return result;
        }
    }

    public ulong U64()
    {
        ulong result = 0;
        for (var shift = 0; ; shift += 7)
        {
            ulong next = Byte();
            if (shift == 63 && next > 1) throw Error(next >= 0x80 ? "integer representation too long" : "integer too large");
            result |= (next & 0x7f) << shift;
            if (next < 0x80) return result;
        }
    }

    public int S32() => (int)Signed(32);

    public long S33() => Signed(33);

    public long S64() => Signed(64);

    /// <summary>A signed LEB128 integer; unused bits of its last byte must repeat the sign.</summary>
    private long Signed(int bits)
    {
        long result = 0;
        for (var shift = 0; ; shift += 7)
        {
            long next = Byte();
            var left = bits - shift;
            if (left < 7)
            {
                if (next >= 0x80) throw Error("integer representation too long");
                var extension = (sbyte)(next << 1) >> left;
                if (extension is not (0 or -1)) throw Error("integer too large");
            }
            else if (left == 7 && next >= 0x80)
            {
                throw Error("integer representation too long");
            }

            result |= (next & 0x7f) << shift;
            if (next >= 0x80) continue;
            var used = shift + 7;
            return used >= 64 ? result : result << (64 - used) >> (64 - used);
        }
    }

    public uint F32Bits()
    {
        Need(4);
        var value = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(Position));
        Position += 4;
        return value;
    }

    public ulong F64Bits()
    {
        Need(8);
        var value = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(Position));
        Position += 8;
        return value;
    }

    public ReadOnlySpan<byte> Span(uint length)
    {
        Need(length);
        var span = bytes.AsSpan(Position, (int)length);
        Position += (int)length;
        return span;
    }

    public string Name()
    {
        var length = U32();
        Need(length);
        try
        {
            var name = StrictUtf8.GetString(bytes, Position, (int)length);
            Position += (int)length;
            return name;
        }
        catch (DecoderFallbackException)
        {
            throw Error("malformed UTF-8 encoding");
        }
    }

    /// <summary>A count of things that take at least a byte each, so that it can be no larger than what is left.</summary>
    public int Count(int limit)
    {
        var at = Position;
        var count = U32();
        if (count > (uint)(end - Position)) throw new WasmDecodeException(at, "unexpected end, length out of bounds");
        if (count > (uint)limit) throw new WasmValidationException(at, -1, $"{count} entries exceed the limit of {limit}");
        return (int)count;
    }

    private readonly void Need(uint length)
    {
        if (length > (uint)(end - Position)) throw Error("unexpected end, length out of bounds");
    }
}
