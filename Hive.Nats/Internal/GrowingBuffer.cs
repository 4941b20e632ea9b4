using System.Buffers;

namespace Hive.Nats.Internal;

/// <summary>Bytes in one piece, appended to at the end.</summary>
internal sealed class GrowingBuffer : IBufferWriter<byte>
{
    private const int UsualBytes = 64 * 1024;

    private byte[] _array = new byte[UsualBytes];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    /// <summary>Appends room for bytes and returns it; the caller fills all of it.</summary>
    public Span<byte> Extend(int count)
    {
        EnsureRoom(count);
        Length += count;
        return _array.AsSpan(Length - count, count);
    }

    /// <summary>Bytes already written, to be changed in place.</summary>
    public Span<byte> Slice(int start, int count) => _array.AsSpan(start, count);

    /// <summary>Puts bytes before all others.</summary>
    public void Prepend(ReadOnlySpan<byte> bytes)
    {
        Extend(bytes.Length);
        _array.AsSpan(0, Length - bytes.Length).CopyTo(_array.AsSpan(bytes.Length));
        bytes.CopyTo(_array);
    }

    public void Truncate(int length) => Length = length;

    /// <summary>Forgets the bytes, and lets go of the memory of an unusually large load.</summary>
    public void Clear()
    {
        Length = 0;
        if (_array.Length > 16 * UsualBytes)
        {
            _array = new byte[UsualBytes];
        }
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(1, sizeHint));
        return _array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void EnsureRoom(int count)
    {
        if (_array.Length - Length < count)
        {
            Array.Resize(ref _array, Math.Max(checked(Length + count), (int)Math.Min(2L * _array.Length, Array.MaxLength)));
        }
    }
}
