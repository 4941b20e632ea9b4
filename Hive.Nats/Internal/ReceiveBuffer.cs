using System.Numerics;

namespace Hive.Nats.Internal;

/// <summary>Holds received bytes in one piece until they are read. It grows to the largest command under way, which the parser bounds, and shrinks again.</summary>
internal sealed class ReceiveBuffer
{
    private const int UsualBytes = 64 * 1024;

    /// <summary>So much is kept for the next large message.</summary>
    private const int KeptBytes = 2 * 1024 * 1024;

    private byte[] _array = new byte[UsualBytes];

    private int _start;

    private int _end;

    /// <summary>What was received and not yet read.</summary>
    public ReadOnlyMemory<byte> Unread => _array.AsMemory(_start, _end - _start);

    /// <summary>Marks bytes as read.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Room to receive into, such that <paramref name="needed"/> unread bytes fit in all. Moves the unread bytes: earlier views of them end here.</summary>
    public Memory<byte> Room(int needed)
    {
        var unread = _end - _start;
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(UsualBytes, needed));
        if (size > _array.Length || (_array.Length > KeptBytes && size == UsualBytes && unread <= UsualBytes / 2))
        {
            var array = new byte[size];
            Unread.CopyTo(array);
            _array = array;
            (_start, _end) = (0, unread);
        }
        else if (_start > 0 && (unread == 0 || needed > _array.Length - _start || _end == _array.Length))
        {
            Unread.CopyTo(_array);
            (_start, _end) = (0, unread);
        }

        return _array.AsMemory(_end);
    }

    /// <summary>Takes note of bytes received into the room.</summary>
    public void Received(int count) => _end += count;
}
