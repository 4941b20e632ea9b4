namespace Hive.Research.Search;

/// <summary>How words that differ in their ending alone are taken for one.</summary>
internal enum Stemming
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>Plurals become singulars.</summary>
    Plural,

    /// <summary>Common English endings fall off.</summary>
    Suffixes,
}

/// <summary>Takes endings off English words.</summary>
internal static class Stemmer
{
    private const int LeastStem = 3;

    private static readonly string[] Endings = ["ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "ers", "er", "ors", "or", "ed", "ly", "able", "e"];

    /// <summary>A word's stem.</summary>
    /// <param name="word">In lower case.</param>
    /// <param name="stemming">Which endings fall off.</param>
    public static string Stem(string word, Stemming stemming) => stemming switch
    {
        Stemming.Plural => Singular(word),
        Stemming.Suffixes => WithoutEnding(Singular(word)),
        _ => word,
    };

    /// <summary>The S stemmer: -ies becomes -y, -es loses its s, -s falls off, each but after letters that forbid it (Harman, <i>How effective is suffixing?</i>, 1991).</summary>
    private static string Singular(string word)
    {
        if (word.Length <= LeastStem || word[^1] != 's') return word;
        if (Ends("ies") && !Ends("eies") && !Ends("aies")) return $"{word[..^3]}y";
        if (Ends("es") && !Ends("aes") && !Ends("ees") && !Ends("oes")) return word[..^1];
        return Ends("us") || Ends("ss") ? word : word[..^1];

        bool Ends(string ending) => word.EndsWith(ending, StringComparison.Ordinal);
    }

    private static string WithoutEnding(string word)
    {
        foreach (var ending in Endings)
        {
            if (word.Length < ending.Length + LeastStem || !word.EndsWith(ending, StringComparison.Ordinal)) continue;
            var stem = word[..^ending.Length];
            return stem.Length > LeastStem && stem[^1] == stem[^2] ? stem[..^1] : stem;
        }

        return word;
    }
}
