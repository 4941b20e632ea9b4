namespace Hive.Cognition;

/// <summary>Bounds for texts from outside that go into the log: an entry holds 1 MiB of JSON, in which a character takes up to six bytes. A text that is too long for it must cost itself, not the goal.</summary>
internal static class EntryText
{
    /// <summary>How many bytes of JSON the one long text of an entry has at most.</summary>
    public const int Most = 800_000;

    /// <summary>How many bytes of JSON a text in a sentence has at most.</summary>
    public const int Short = 1_000;

    /// <summary>A text, or as much of it as so many bytes of JSON hold.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many bytes.</param>
    public static string Cut(string text, int most = Most)
    {
        var bytes = 0L;
        for (var i = 0; i < text.Length; i++)
        {
            bytes += IsPlain(text[i]) ? 1 : 6;
            if (bytes > most)
            {
                return text[..(i > 0 && char.IsHighSurrogate(text[i - 1]) ? i - 1 : i)];
            }
        }

        return text;
    }

    /// <summary>Whether a character is written as itself.</summary>
    private static bool IsPlain(char character) =>
        character is >= ' ' and < '\x7f' and not ('"' or '\\' or '<' or '>' or '&' or '\'' or '+' or '`');
}
