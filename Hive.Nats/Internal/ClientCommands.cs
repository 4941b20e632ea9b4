using System.Buffers.Text;

namespace Hive.Nats.Internal;

/// <summary>A command to the server that knows its size before it is written.</summary>
internal interface IClientCommand
{
    /// <summary>The bytes of the whole command.</summary>
    int Size { get; }

    /// <summary>Writes the command into exactly <see cref="Size"/> bytes.</summary>
    void Write(Span<byte> destination);
}

/// <summary>A message; its payload may come in two parts.</summary>
internal readonly ref struct PublishCommand : IClientCommand
{
    private readonly ReadOnlySpan<byte> _subject;

    private readonly ReadOnlySpan<byte> _replyTo;

    private readonly ReadOnlySpan<byte> _headers;

    private readonly ReadOnlySpan<byte> _head;

    private readonly ReadOnlySpan<byte> _body;

    public PublishCommand(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        _subject = subject;
        _replyTo = replyTo;
        _headers = headers;
        _head = head;
        _body = body;
        Total = checked(headers.Length + head.Length + body.Length);
        Size = checked("PUB "u8.Length + subject.Length + 1 + (replyTo.IsEmpty ? 0 : replyTo.Length + 1)
            + (headers.IsEmpty ? 0 : "H"u8.Length + Cursor.Digits(headers.Length) + 1) + Cursor.Digits(Total) + 2 + Total + 2);
    }

    /// <summary>The bytes that the server's bound on a payload counts.</summary>
    public int Total { get; }

    public int Size { get; }

    /// <summary>
    /// <c>PUB subject [reply-to] #bytes␍␊[payload]␍␊</c>, or with headers
    /// <c>HPUB subject [reply-to] #header-bytes #total-bytes␍␊[headers][payload]␍␊</c>
    /// </summary>
    public void Write(Span<byte> destination)
    {
        var cursor = new Cursor(destination);
        cursor.Put(_headers.IsEmpty ? "PUB "u8 : "HPUB "u8);
        cursor.Put(_subject);
        cursor.Put(" "u8);
        if (!_replyTo.IsEmpty)
        {
            cursor.Put(_replyTo);
            cursor.Put(" "u8);
        }

        if (!_headers.IsEmpty)
        {
            cursor.Put(_headers.Length);
            cursor.Put(" "u8);
        }

        cursor.Put(Total);
        cursor.Put("\r\n"u8);
        cursor.Put(_headers);
        cursor.Put(_head);
        cursor.Put(_body);
        cursor.Put("\r\n"u8);
    }
}

/// <summary><c>SUB subject [queue-group] sid␍␊</c></summary>
internal readonly struct SubscribeCommand(byte[] subject, byte[]? queueGroup, long id) : IClientCommand
{
    public int Size => "SUB "u8.Length + subject.Length + 1 + (queueGroup is null ? 0 : queueGroup.Length + 1) + Cursor.Digits(id) + 2;

    public void Write(Span<byte> destination)
    {
        var cursor = new Cursor(destination);
        cursor.Put("SUB "u8);
        cursor.Put(subject);
        cursor.Put(" "u8);
        if (queueGroup is not null)
        {
            cursor.Put(queueGroup);
            cursor.Put(" "u8);
        }

        cursor.Put(id);
        cursor.Put("\r\n"u8);
    }
}

/// <summary><c>UNSUB sid [max-messages]␍␊</c></summary>
internal readonly struct UnsubscribeCommand(long id, long? max) : IClientCommand
{
    public int Size => "UNSUB "u8.Length + Cursor.Digits(id) + (max is { } count ? 1 + Cursor.Digits(count) : 0) + 2;

    public void Write(Span<byte> destination)
    {
        var cursor = new Cursor(destination);
        cursor.Put("UNSUB "u8);
        cursor.Put(id);
        if (max is { } count)
        {
            cursor.Put(" "u8);
            cursor.Put(count);
        }

        cursor.Put("\r\n"u8);
    }
}

/// <summary><c>PING␍␊</c></summary>
internal readonly struct PingCommand : IClientCommand
{
    public int Size => 6;

    public void Write(Span<byte> destination) => "PING\r\n"u8.CopyTo(destination);
}

/// <summary><c>PONG␍␊</c></summary>
internal readonly struct PongCommand : IClientCommand
{
    public int Size => 6;

    public void Write(Span<byte> destination) => "PONG\r\n"u8.CopyTo(destination);
}

/// <summary>Writes pieces one after the other.</summary>
internal ref struct Cursor(Span<byte> destination)
{
    private Span<byte> _rest = destination;

    public static int Digits(long number)
    {
        var digits = 1;
        while ((number /= 10) > 0)
        {
            digits++;
        }

        return digits;
    }

    public void Put(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_rest);
        _rest = _rest[bytes.Length..];
    }

    public void Put(long number)
    {
        Utf8Formatter.TryFormat(number, _rest, out var written);
        _rest = _rest[written..];
    }
}
