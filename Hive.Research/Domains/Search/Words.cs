using System.Globalization;
using Hive.Research.Text;

namespace Hive.Research.Search;

/// <summary>Makes words of text: runs of letters and digits in lower case.</summary>
internal static class Words
{
    /// <summary>The words of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="split">Whether identifiers fall into their parts: <c>XmlReader</c> and <c>UTF8Reader</c> are two words, or three.</param>
    public static List<string> Of(ReadOnlySpan<char> text, bool split)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var isPart = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (start >= 0 && (!isPart || (split && IsBoundary(text, i))))
            {
                words.Add(text[start..i].ToString().ToLower(CultureInfo.InvariantCulture));
                start = -1;
            }

            if (isPart && start < 0) start = i;
        }

        return words;
    }

    /// <summary>The part of a member's name that says what it is: without the kind, the parameters and the arity.</summary>
    /// <param name="document">The member's documentation.</param>
    public static string Title(TextDocument document)
    {
        var name = document.Name.AsSpan();
        if (name.Length > 1 && name[1] == ':') name = name[2..];
        var end = name.IndexOfAny('(', '`');
        return (end < 0 ? name : name[..end]).ToString();
    }

    /// <summary>Between a small letter and a capital, before the last capital of several that a small letter follows, and between letters and digits.</summary>
    private static bool IsBoundary(ReadOnlySpan<char> text, int at)
    {
        var (before, after) = (text[at - 1], text[at]);
        if (char.IsDigit(before) != char.IsDigit(after)) return true;
        if (!char.IsUpper(after)) return false;
        return char.IsLower(before) || (at + 1 < text.Length && char.IsLower(text[at + 1]));
    }
}
