using System.Text;

namespace Hive.Nats.Internal;

/// <summary>What came from the server breaks the protocol; nothing after it can be trusted, so the connection ends.</summary>
internal sealed class ProtocolException(string message, Exception? inner = null) : NatsException(NatsErrorKind.Protocol, message, inner)
{
    private const int ShownBytes = 60;

    /// <summary>Shows the start of a line with everything unprintable as a dot, so that hostile bytes reach no terminal.</summary>
    public static string Show(ReadOnlySpan<byte> line)
    {
        var text = new StringBuilder();
        foreach (var b in line[..Math.Min(line.Length, ShownBytes)])
        {
            text.Append(b is >= 0x20 and < 0x7F ? (char)b : '.');
        }

        return line.Length > ShownBytes ? $"'{text}…'" : $"'{text}'";
    }
}
