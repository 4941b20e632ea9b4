namespace Hive.Research.Search;

/// <summary>A query in the terms of one index.</summary>
/// <param name="Query">As it was typed.</param>
/// <param name="Known">The terms of the words that the index knows, in the words' order.</param>
/// <param name="SamePrefix">Terms that begin like a word it does not know.</param>
/// <param name="OneEditAway">Terms that are one slip of the finger away from a word it does not know.</param>
internal sealed record PreparedQuery(KnownItemQuery Query, int[] Known, int[] SamePrefix, int[] OneEditAway)
{
    private const int MaxGuesses = 3;
    private const int PrefixLength = 4;

    /// <summary>Looks a query's words up.</summary>
    /// <param name="query">The query.</param>
    /// <param name="index">The index.</param>
    public static PreparedQuery Of(KnownItemQuery query, InvertedIndex index)
    {
        string[] unknown = [.. query.Words.Where(word => index.TermOf(word) < 0)];
        return new PreparedQuery(
            query,
            [.. query.Words.Select(index.TermOf).Where(term => term >= 0)],
            [.. unknown.SelectMany(word => Guesses(index, term => BeginsLike(term, word)))],
            [.. unknown.SelectMany(word => Guesses(index, term => IsOneEditAway(term, word)))]);
    }

    /// <summary>Whether two words differ by one letter too many, one letter changed, or two neighbours swapped.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    public static bool IsOneEditAway(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        if (one.Length < other.Length) return IsOneEditAway(other, one);
        if (one.Length > other.Length + 1) return false;
        var same = one.CommonPrefixLength(other);
        if (one.Length > other.Length) return one[(same + 1)..].SequenceEqual(other[same..]);
        if (same == one.Length) return false;
        if (one[(same + 1)..].SequenceEqual(other[(same + 1)..])) return true;
        return same + 1 < one.Length && one[same] == other[same + 1] && one[same + 1] == other[same] && one[(same + 2)..].SequenceEqual(other[(same + 2)..]);
    }

    private static bool BeginsLike(string term, string word) =>
        word.Length >= PrefixLength && term.AsSpan().StartsWith(word.AsSpan(0, PrefixLength), StringComparison.Ordinal);

    private static IEnumerable<int> Guesses(InvertedIndex index, Func<string, bool> fits) =>
        Enumerable.Range(0, index.TermCount).Where(term => fits(index.NameOf(term))).OrderByDescending(index.FrequencyOf).ThenBy(term => term).Take(MaxGuesses);
}
