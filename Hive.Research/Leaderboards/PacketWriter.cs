using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Hive.Leaderboards;

/// <summary>
/// Writes the binary form that leaderboards and findings travel in: numbers in little-endian order, a name as one byte of length and UTF-8, a text as two bytes of length and UTF-8.
/// </summary>
internal sealed class PacketWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public int Length => _buffer.WrittenCount;

    public void Byte(byte value) => Bytes([value]);

    public void Bytes(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.GetSpan(sizeof(ushort)), value);
        _buffer.Advance(sizeof(ushort));
    }

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.GetSpan(sizeof(ulong)), value);
        _buffer.Advance(sizeof(ulong));
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(sizeof(int)), value);
        _buffer.Advance(sizeof(int));
    }

    public void Name(string name)
    {
        var span = _buffer.GetSpan(1 + Encoding.UTF8.GetMaxByteCount(name.Length));
        var written = Encoding.UTF8.GetBytes(name, span[1..]);
        span[0] = checked((byte)written);
        _buffer.Advance(1 + written);
    }

    public void Text(string text)
    {
        var span = _buffer.GetSpan(sizeof(ushort) + Encoding.UTF8.GetMaxByteCount(text.Length));
        var written = Encoding.UTF8.GetBytes(text, span[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(span, checked((ushort)written));
        _buffer.Advance(sizeof(ushort) + written);
    }

    /// <summary>The domain, its fingerprint and the direction.</summary>
    public void Key(LeaderboardKey key)
    {
        Byte((byte)key.Direction);
        Name(key.Domain);
        Bytes(Convert.FromHexString(key.Fingerprint));
    }

    /// <summary>Agent, experiment, value, seed, instant, configuration.</summary>
    public void Claim(Claim claim)
    {
        Name(claim.Agent);
        Name(claim.Experiment);
        UInt64(BitConverter.DoubleToUInt64Bits(claim.Value));
        UInt64(claim.Seed);
        UInt64(claim.At.Bits);
        Text(claim.Configuration);
    }
}
