namespace Hive.Nats.Internal;

/// <summary>
/// Reads what a server sends (docs.nats.io, "NATS client protocol"). Every byte is hostile until checked: whatever comes, the result is a command, the wish
/// for more bytes within a bound, or a <see cref="ProtocolException"/>. It keeps no state, so that how the stream was cut cannot matter.
/// </summary>
internal static class ProtocolParser
{
    /// <summary>Bound on a control line, as nats-server's own default for its clients.</summary>
    public const int MaxControlLine = 4096;

    /// <summary>Bound on INFO, which lists the addresses of a whole cluster.</summary>
    public const int MaxInfoLine = 32 * 1024;

    private const int MaxSizeDigits = 9;

    private const int MaxIdDigits = 18;

    /// <summary>Reads the command at the start of the input.</summary>
    /// <param name="input">What was received and not yet read.</param>
    /// <param name="maxPayload">Bound on headers and payload.</param>
    /// <param name="command">The command, over the input.</param>
    /// <param name="needed">Without a command: how many bytes the input must hold at the least before it is worth another look.</param>
    /// <exception cref="ProtocolException">The input breaks the protocol or a bound.</exception>
    public static bool TryRead(ReadOnlySpan<byte> input, int maxPayload, out ServerCommand command, out int needed)
    {
        command = default;
        var end = input.IndexOf((byte)'\n');
        var bound = input.StartsWith("INFO "u8) ? MaxInfoLine : MaxControlLine;
        if ((end < 0 ? input.Length : end) > bound)
        {
            throw new ProtocolException($"A control line is longer than {bound} bytes: {ProtocolException.Show(input)}.");
        }

        if (end < 0)
        {
            needed = input.Length + 1;
            return false;
        }

        if (end == 0 || input[end - 1] != (byte)'\r')
        {
            throw Malformed(input[..end]);
        }

        var line = input[..(end - 1)];
        if (line.StartsWith("MSG "u8))
        {
            return TryReadMessage(input, end + 1, line[4..], withHeaders: false, maxPayload, out command, out needed);
        }

        if (line.StartsWith("HMSG "u8))
        {
            return TryReadMessage(input, end + 1, line[5..], withHeaders: true, maxPayload, out command, out needed);
        }

        needed = 0;
        command = ReadControl(line, end + 1);
        return true;
    }

    /// <summary><c>PING␍␊ | PONG␍␊ | +OK␍␊ | -ERR 'text'␍␊ | INFO {json}␍␊</c></summary>
    private static ServerCommand ReadControl(ReadOnlySpan<byte> line, int length)
    {
        if (line.SequenceEqual("PING"u8))
        {
            return new ServerCommand { Kind = ServerCommandKind.Ping, Length = length };
        }

        if (line.SequenceEqual("PONG"u8))
        {
            return new ServerCommand { Kind = ServerCommandKind.Pong, Length = length };
        }

        if (line.SequenceEqual("+OK"u8))
        {
            return new ServerCommand { Kind = ServerCommandKind.Ok, Length = length };
        }

        if (line.StartsWith("-ERR "u8))
        {
            return new ServerCommand { Kind = ServerCommandKind.Error, Length = length, Text = line[5..].Trim((byte)' ').Trim((byte)'\'') };
        }

        if (line.StartsWith("INFO "u8))
        {
            return new ServerCommand { Kind = ServerCommandKind.Info, Length = length, Text = line[5..] };
        }

        throw Malformed(line);
    }

    /// <summary>
    /// <c>MSG subject sid [reply-to] #bytes␍␊[payload]␍␊</c>, or with headers
    /// <c>HMSG subject sid [reply-to] #header-bytes #total-bytes␍␊[headers][payload]␍␊</c>
    /// </summary>
    private static bool TryReadMessage(ReadOnlySpan<byte> input, int body, ReadOnlySpan<byte> arguments, bool withHeaders, int maxPayload,
        out ServerCommand command, out int needed)
    {
        command = default;
        Span<Range> parts = stackalloc Range[6];
        var sizes = withHeaders ? 2 : 1;
        var count = Split(arguments, parts);
        if (count != 2 + sizes && count != 3 + sizes)
        {
            throw Malformed(arguments);
        }

        var replyTo = count == 3 + sizes ? arguments[parts[2]] : default;
        var subject = arguments[parts[0]];
        var id = ReadNumber(arguments, arguments[parts[1]], MaxIdDigits);
        var total = (int)ReadNumber(arguments, arguments[parts[count - 1]], MaxSizeDigits);
        var headers = withHeaders ? (int)ReadNumber(arguments, arguments[parts[count - 2]], MaxSizeDigits) : 0;
        if (subject.IsEmpty || (count == 3 + sizes && replyTo.IsEmpty) || headers > total)
        {
            throw Malformed(arguments);
        }

        if (total > maxPayload)
        {
            throw new ProtocolException($"A message of {total} bytes is larger than the bound of {maxPayload}: {ProtocolException.Show(arguments)}.");
        }

        needed = body + total + 2;
        if (input.Length < needed)
        {
            return false;
        }

        if (!input[(body + total)..needed].SequenceEqual("\r\n"u8))
        {
            throw new ProtocolException($"A message does not end where it says: {ProtocolException.Show(arguments)}.");
        }

        command = new ServerCommand
        {
            Kind = ServerCommandKind.Message,
            Length = needed,
            Subject = subject,
            SubscriptionId = id,
            ReplyTo = replyTo,
            Headers = input.Slice(body, headers),
            PayloadStart = body + headers,
            PayloadLength = total - headers,
        };
        return true;
    }

    /// <summary>Splits at single blanks; of a line with too many parts the last holds the rest, so that the count gives it away.</summary>
    private static int Split(ReadOnlySpan<byte> line, Span<Range> parts)
    {
        var start = 0;
        for (var count = 1; ; count++)
        {
            var blank = count < parts.Length ? line[start..].IndexOf((byte)' ') : -1;
            if (blank < 0)
            {
                parts[count - 1] = start..line.Length;
                return count;
            }

            parts[count - 1] = start..(start + blank);
            start += blank + 1;
        }
    }

    private static long ReadNumber(ReadOnlySpan<byte> line, ReadOnlySpan<byte> digits, int maxDigits)
    {
        if (digits.IsEmpty || digits.Length > maxDigits)
        {
            throw Malformed(line);
        }

        var value = 0L;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                throw Malformed(line);
            }

            value = (value * 10) + (digit - '0');
        }

        return value;
    }

    private static ProtocolException Malformed(ReadOnlySpan<byte> line) => new($"This is not the NATS protocol: {ProtocolException.Show(line)}.");
}
