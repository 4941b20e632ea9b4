using System.Text;

namespace Hive.Brains.Scripted;

/// <summary>Tokens as scripted brains count them: a quarter of the UTF-8 bytes, rounded up.</summary>
internal static class TokenCount
{
    private const int BytesPerToken = 4;

    public static long OfBytes(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    public static long Of(string text) => OfBytes(Encoding.UTF8.GetByteCount(text));

    /// <summary>As much of a text as so many tokens hold.</summary>
    public static string Limit(string text, int tokens)
    {
        var most = (long)tokens * BytesPerToken;
        if (Encoding.UTF8.GetByteCount(text) <= most)
        {
            return text;
        }

        var (bytes, length) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > most)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
