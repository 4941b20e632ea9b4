using System.Buffers;
using System.Text;

namespace Hive.Cognition.Prompts;

/// <summary>What is done to texts from outside before they are kept, compared or shown.</summary>
internal static class Wording
{
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(IsUnwantedControl)]);

    /// <summary>A text without control characters other than line feed and tab; halves of surrogate pairs are replaced.</summary>
    internal static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAny(Controls) && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return text;
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1])) clean.Append(c).Append(text[++i]);
            else if (char.IsSurrogate(c)) clean.Append('\uFFFD');
            else if (!IsUnwantedControl(c)) clean.Append(c);
        }

        return clean.ToString();
    }

    /// <summary>A clean text on one line, at most so many characters long; what is cut off shows as '…'.</summary>
    internal static string Line(string text, int most) => Cut(string.Join(' ', Words(Clean(text))), most);

    /// <summary>A text of at most so many characters, no surrogate pair cut in half; what is cut off shows as '…'.</summary>
    internal static string Cut(string text, int most)
    {
        if (text.Length <= most) return text;
        var length = most - 1;
        if (length > 0 && char.IsHighSurrogate(text[length - 1])) length--;
        return string.Concat(text.AsSpan(0, length), "…");
    }

    /// <summary>A text in lower case with single spaces between its words: equal for texts that differ in case and spacing alone.</summary>
    internal static string Normal(string text)
    {
        // Punctuation stays, for it tells −1 from 1.
        return string.Join(' ', Words(text)).ToLowerInvariant();
    }

    private static bool IsUnwantedControl(char c) => char.IsControl(c) && c is not ('\n' or '\t');

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
