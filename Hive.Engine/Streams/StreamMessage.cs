using System.Buffers.Binary;
using System.Text;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>What a sending to a stream is.</summary>
internal enum StreamMessageKind : byte
{
    /// <summary>Items: the body is an array of them.</summary>
    Items = 1,

    /// <summary>The stream has come to its end; no body.</summary>
    Completed = 2,

    /// <summary>The stream has failed: the body is the exception.</summary>
    Failed = 3,
}

/// <summary>
/// A sending to a stream as it travels to other processes: <c>kind (1 byte)</c>, then provider, namespace and key, each <c>length (2 bytes, lowest first) UTF-8</c>, then the body in the wire format.
/// </summary>
internal readonly record struct StreamMessage(string Provider, StreamId StreamId, StreamMessageKind Kind, ReadOnlyMemory<byte> Body)
{
    public byte[] ToBytes()
    {
        byte[][] names = [Encoding.UTF8.GetBytes(Provider), StreamId.Namespace.ToArray(), StreamId.Key.ToArray()];
        var message = new byte[1 + names.Sum(name => 2 + name.Length) + Body.Length];
        message[0] = (byte)Kind;
        var at = 1;
        foreach (var name in names)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(at), checked((ushort)name.Length));
            name.CopyTo(message, at + 2);
            at += 2 + name.Length;
        }

        Body.Span.CopyTo(message.AsSpan(at));
        return message;
    }

    /// <summary>Reads one; false where the bytes are none.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> message, out StreamMessage sent)
    {
        sent = default;
        if (message.IsEmpty || message.Span[0] is < (byte)StreamMessageKind.Items or > (byte)StreamMessageKind.Failed) return false;
        var rest = message[1..];
        if (!TryReadName(ref rest, out var provider) || !TryReadName(ref rest, out var ns) || !TryReadName(ref rest, out var key) || key.Length == 0) return false;
        sent = new StreamMessage(provider, StreamId.Create(ns, key), (StreamMessageKind)message.Span[0], rest);
        return true;
    }

    private static bool TryReadName(ref ReadOnlyMemory<byte> rest, out string name)
    {
        name = string.Empty;
        if (rest.Length < 2) return false;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(rest.Span);
        if (rest.Length < 2 + length) return false;
        name = Encoding.UTF8.GetString(rest.Span.Slice(2, length));
        rest = rest[(2 + length)..];
        return true;
    }
}
