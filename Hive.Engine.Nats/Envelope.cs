using System.Buffers.Binary;

namespace Hive.Engine.Nats;

/// <summary>What a message between two silos is.</summary>
internal enum MessageKind : byte
{
    /// <summary>A call that wants an answer: the body is the call.</summary>
    Call = 1,

    /// <summary>A call that wants none.</summary>
    OneWayCall = 2,

    /// <summary>Nobody waits for the call of this number any more; no body.</summary>
    Cancel = 3,

    /// <summary>What a call returned.</summary>
    Result = 4,

    /// <summary>Why a call failed.</summary>
    Failure = 5,

    /// <summary>A part of a message that is larger than the server carries: kind, total, offset, hash, bytes (see <see cref="Parts"/>).</summary>
    Part = 6,
}

/// <summary>
/// The head of every message: <c>version (1 byte) kind (1) number (8, lowest byte first)</c>. The number is the caller's, and names the call in answers and cancellations.
/// </summary>
internal readonly record struct Envelope(MessageKind Kind, ulong Number)
{
    public const int Size = 10;

    private const byte FormatVersion = 1;

    public void Write(Span<byte> head)
    {
        head[0] = FormatVersion;
        head[1] = (byte)Kind;
        BinaryPrimitives.WriteUInt64LittleEndian(head[2..], Number);
    }

    /// <summary>Reads the head; false where the bytes are no message of a silo.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out Envelope envelope)
    {
        envelope = default;
        if (message.Length < Size || message[0] != FormatVersion || message[1] is < (byte)MessageKind.Call or > (byte)MessageKind.Part)
        {
            return false;
        }

        envelope = new Envelope((MessageKind)message[1], BinaryPrimitives.ReadUInt64LittleEndian(message[2..]));
        return true;
    }
}
