using System.Collections.Immutable;

namespace Hive.Building;

/// <summary>The words of a request or a name that tell something: parts of identifiers and paths too.</summary>
internal static class RequestWords
{
    private const int MinLength = 3;
    private const int MaxWords = 200;

    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "the", "and", "for", "that", "this", "with", "from", "into", "are", "not", "but", "its", "has", "have", "was", "will", "can", "all", "any", "each",
        "when", "where", "which", "what", "how", "who", "should", "must", "may", "then", "than", "there", "them", "they", "their", "such", "also", "only",
        "add", "new", "make", "use", "using", "file", "files", "code", "please", "would", "like", "you", "your", "our",
    };

    /// <summary>The distinct words of a request, in small letters; at most 200.</summary>
    /// <param name="request">What is to be built.</param>
    public static ImmutableArray<string> Of(string request) =>
        [.. Split(request).Select(word => word.ToLowerInvariant()).Where(word => !Common.Contains(word)).Distinct(StringComparer.Ordinal).Take(MaxWords)];

    /// <summary>The words of a text, of at least three letters or digits; <c>parseHTTPRequest</c> has three.</summary>
    /// <param name="text">The text.</param>
    public static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i]) && (i == start || !IsBoundary(text, i)))
            {
                continue;
            }

            if (i - start >= MinLength)
            {
                yield return text[start..i];
            }

            start = i < text.Length && char.IsLetterOrDigit(text[i]) ? i : i + 1;
        }
    }

    /// <summary>Whether a word of an identifier begins here: a capital after a small letter, or the last of several capitals before a small letter.</summary>
    private static bool IsBoundary(string text, int i) =>
        char.IsUpper(text[i]) && (char.IsLower(text[i - 1]) || (char.IsUpper(text[i - 1]) && i + 1 < text.Length && char.IsLower(text[i + 1])));
}
