using System.Buffers.Binary;

namespace Hive.Wasm.Text;

/// <summary>A growing run of bytes with the encodings of the binary format: LEB128 integers, little-endian floats, vectors.</summary>
internal sealed class ByteWriter
{
    private byte[] _bytes = new byte[64];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Truncate(int length) => Length = length;

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    /// <summary>The length of <paramref name="value"/>, then its bytes.</summary>
    public void Vector(ReadOnlySpan<byte> value)
    {
        Unsigned((ulong)value.Length);
        Bytes(value);
    }

    public void Unsigned(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    public void Signed(long value)
    {
        while (value is < -64 or >= 64)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)(value & 0x7F));
    }

    public void LittleEndian32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void LittleEndian64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    private Span<byte> Reserve(int count)
    {
        var start = Length;
        if (start + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(start + count, _bytes.Length * 2));
        }

        Length += count;
        return _bytes.AsSpan(start, count);
    }
}
