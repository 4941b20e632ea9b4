using System.Buffers.Text;
using System.Globalization;

namespace Hive.Nats.Internal;

/// <summary>The last token of a reply's subject, <c>iiiiiiiiuuuuuuuu</c> in hexadecimal: the place of the request and the number of its use.</summary>
internal static class ReplyToken
{
    public const int Bytes = 16;

    public static void Write(Span<byte> token, int index, uint use) =>
        ((ulong)(uint)index << 32 | use).TryFormat(token, out _, "x16", CultureInfo.InvariantCulture);

    /// <summary>Reads a token at the end of a subject; false for anything that is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> subject, out int index, out uint use)
    {
        (index, use) = (0, 0);
        if (subject.Length <= Bytes || !Utf8Parser.TryParse(subject[^Bytes..], out ulong token, out var consumed, 'x') || consumed != Bytes)
        {
            return false;
        }

        (index, use) = ((int)(token >> 32), (uint)token);
        return use != 0;
    }
}
