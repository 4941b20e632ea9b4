using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hive.Engine.Nats;

/// <summary>
/// Cuts a message that is larger than the server carries into parts, each <c>kind (1 byte) total (4) offset (4) SHA-256 of the whole (32)</c> and a piece of the body. The hash is in every part, so parts
/// that come together from two messages are found out.
/// </summary>
internal static class Parts
{
    public const int HeadSize = 1 + 4 + 4 + HashSize;

    private const int HashSize = 32;

    /// <summary>The parts of a body, in order.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Cut(MessageKind kind, ReadOnlyMemory<byte> body, int size)
    {
        var hash = SHA256.HashData(body.Span);
        for (var offset = 0; offset < body.Length; offset += size)
        {
            var piece = body.Slice(offset, Math.Min(size, body.Length - offset));
            var part = new byte[HeadSize + piece.Length];
            part[0] = (byte)kind;
            BinaryPrimitives.WriteInt32LittleEndian(part.AsSpan(1), body.Length);
            BinaryPrimitives.WriteInt32LittleEndian(part.AsSpan(5), offset);
            hash.CopyTo(part.AsSpan(9));
            piece.Span.CopyTo(part.AsSpan(HeadSize));
            yield return part;
        }
    }

    /// <summary>Puts parts together again. What does not fit together is dropped, and so is the oldest unfinished message when there are too many or too large ones.</summary>
    internal sealed class Assembly(int maxBytes)
    {
        private const int MaxUnfinished = 64;

        private readonly Dictionary<(ulong Number, MessageKind Kind), Unfinished> _unfinished = [];
        private long _bytes;

        /// <summary>Takes a part; gives the whole message once it is there.</summary>
        /// <param name="number">The message's number.</param>
        /// <param name="part">The part.</param>
        /// <param name="kind">What the whole message is.</param>
        public byte[]? Take(ulong number, ReadOnlySpan<byte> part, out MessageKind kind)
        {
            kind = default;
            if (part.Length <= HeadSize)
            {
                return null;
            }

            kind = (MessageKind)part[0];
            var total = BinaryPrimitives.ReadInt32LittleEndian(part[1..]);
            var offset = BinaryPrimitives.ReadInt32LittleEndian(part[5..]);
            var piece = part[HeadSize..];
            if (total <= 0 || total > maxBytes || offset < 0 || piece.Length > total - offset)
            {
                return null;
            }

            var hash = part.Slice(9, HashSize);
            var key = (number, kind);
            if (!_unfinished.TryGetValue(key, out var message))
            {
                if (offset != 0)
                {
                    return null;
                }

                MakeRoom(total);
                _unfinished[key] = message = new Unfinished(new byte[total], hash.ToArray());
                _bytes += total;
            }

            return message.Take(offset, total, hash, piece) switch
            {
                true when SHA256.HashData(message.Body).AsSpan().SequenceEqual(hash) => Finish(key).Body,
                null => null,
                _ => Drop(key),
            };
        }

        /// <summary>Forgets what is unfinished.</summary>
        public void Clear()
        {
            _unfinished.Clear();
            _bytes = 0;
        }

        private byte[]? Drop((ulong, MessageKind) key)
        {
            Finish(key);
            return null;
        }

        private Unfinished Finish((ulong, MessageKind) key)
        {
            _unfinished.Remove(key, out var message);
            _bytes -= message!.Body.Length;
            return message;
        }

        private void MakeRoom(int bytes)
        {
            while (_unfinished.Count > 0 && (_unfinished.Count >= MaxUnfinished || _bytes + bytes > maxBytes))
            {
                Finish(_unfinished.Keys.First());
            }
        }

        private sealed class Unfinished(byte[] body, byte[] hash)
        {
            private int _filled;

            public byte[] Body => body;

            /// <summary>True when the message is whole, null when it is not yet, false when the part does not belong to it. NATS keeps the order of one sender.</summary>
            public bool? Take(int offset, int total, ReadOnlySpan<byte> partHash, ReadOnlySpan<byte> piece)
            {
                if (offset != _filled || total != body.Length || !partHash.SequenceEqual(hash))
                {
                    return false;
                }

                piece.CopyTo(body.AsSpan(offset));
                _filled += piece.Length;
                return _filled == body.Length ? true : null;
            }
        }
    }
}
