using System.Text;

namespace Hive.Nats;

/// <summary>Headers of a message to send, encoded once; immutable, so one instance serves any number of messages.</summary>
public sealed class NatsHeaders
{
    private readonly byte[] _block;

    private NatsHeaders(byte[] block) => _block = block;

    /// <summary>The headers, to be read.</summary>
    public NatsHeaderBlock Block => new(_block);

    /// <summary>Encodes headers.</summary>
    /// <param name="headers">Names (printable ASCII without colon) and values (no line breaks), in order; a name may occur again.</param>
    /// <exception cref="ArgumentException">A name or a value is not of that form.</exception>
    public static NatsHeaders Create(params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var text = new StringBuilder("NATS/1.0\r\n");
        foreach (var (name, value) in headers)
        {
            if (name.Length == 0 || name.Any(character => character is <= ' ' or >= '\x7F' or ':'))
            {
                throw new ArgumentException($"'{name}' is no header name: printable ASCII without colon.", nameof(headers));
            }

            if (value.AsSpan().IndexOfAny('\r', '\n') >= 0)
            {
                throw new ArgumentException($"The value of header '{name}' breaks the line.", nameof(headers));
            }

            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return new NatsHeaders(Encoding.UTF8.GetBytes(text.Append("\r\n").ToString()));
    }
}
