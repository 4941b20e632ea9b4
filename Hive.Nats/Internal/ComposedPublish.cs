using System.Buffers.Text;

namespace Hive.Nats.Internal;

/// <summary>The line before a message whose payload is written in place: its size is filled in afterwards, right-aligned among blanks, which the protocol allows in any number.</summary>
internal readonly ref struct ComposedPublish(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo)
{
    /// <summary>As many digits as nats-server reads.</summary>
    private const int SizeDigits = 9;

    private readonly ReadOnlySpan<byte> _subject = subject;

    private readonly ReadOnlySpan<byte> _replyTo = replyTo;

    public int Size => "PUB "u8.Length + _subject.Length + 1 + (_replyTo.IsEmpty ? 0 : _replyTo.Length + 1) + SizeDigits + 2;

    /// <summary><c>PUB subject [reply-to] #bytes␍␊[payload]␍␊</c></summary>
    public void Write(Span<byte> destination)
    {
        var cursor = new Cursor(destination);
        cursor.Put("PUB "u8);
        cursor.Put(_subject);
        cursor.Put(" "u8);
        if (!_replyTo.IsEmpty)
        {
            cursor.Put(_replyTo);
            cursor.Put(" "u8);
        }

        cursor.Put("         \r\n"u8);
    }

    public void CheckSize(int payload, int maxPayload)
    {
        if (payload > maxPayload)
        {
            throw NatsConnection.TooLarge(payload, maxPayload);
        }
    }

    /// <summary>Fills in the size of the payload.</summary>
    public void PatchSize(Span<byte> line, int payload) =>
        Utf8Formatter.TryFormat(payload, line[(Size - 2 - Cursor.Digits(payload))..], out _);
}
