using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Hive.Gossip;

/// <summary>The last so many messages by their hashes, to tell what was heard before. Not safe to use from several threads.</summary>
internal sealed class RecentMessages(int most)
{
    private readonly HashSet<UInt128> _known = [];
    private readonly Queue<UInt128> _order = new();

    /// <summary>128 bits of a message's SHA-256.</summary>
    public static UInt128 HashOf(ReadOnlySpan<byte> message)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(message, hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    public bool Contains(UInt128 hash) => _known.Contains(hash);

    public void Add(UInt128 hash)
    {
        if (!_known.Add(hash))
        {
            return;
        }

        _order.Enqueue(hash);
        if (_order.Count > most) _known.Remove(_order.Dequeue());
    }
}
