using Hive.Randomness;
using Hive.Research.Text;

namespace Hive.Research.Search;

/// <summary>What somebody types who remembers a document badly, and which document it is.</summary>
/// <param name="Words">The words, in lower case.</param>
/// <param name="Target">The document that is looked for.</param>
/// <param name="Siblings">Others that would nearly do: members of the same name with other parameters.</param>
internal sealed record KnownItemQuery(string[] Words, int Target, int[] Siblings);

/// <summary>
/// Makes known-item queries without people: some words of a document in their order, some of them inflected, misspelt or replaced by others (after Azzopardi, de Rijke and
/// Balog, <i>Building simulated queries for known-item topics</i>, 2007).
/// </summary>
internal static class KnownItemQueries
{
    private const int LeastWords = 8;
    private const double TitleChance = 0.6;
    private const double InflectedShare = 0.2;
    private const double MisspeltShare = 0.12;
    private const double ForeignShare = 0.12;

    /// <summary>Makes queries for different documents.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="count">How many at most; there are fewer where fewer documents have enough words.</param>
    /// <param name="random">The source of randomness.</param>
    public static List<KnownItemQuery> Make(IReadOnlyList<TextDocument> documents, int count, SeededRandom random)
    {
        var siblings = documents.Select((document, index) => (Name: document.Name.Split('(')[0], index)).ToLookup(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);
        var order = Enumerable.Range(0, documents.Count).Select(index => (double)index).ToArray();
        random.Shuffle(order);
        var queries = new List<KnownItemQuery>();
        foreach (int target in order)
        {
            if (queries.Count == count) break;
            var words = Words.Of(documents[target].Summary, split: true);
            if (words.Count < LeastWords) continue;
            int[] others = [.. siblings[documents[target].Name.Split('(')[0]].Where(index => index != target)];
            queries.Add(new KnownItemQuery(Remembered(documents, target, words, random), target, others));
        }

        return queries;
    }

    private static string[] Remembered(IReadOnlyList<TextDocument> documents, int target, List<string> words, SeededRandom random)
    {
        var wanted = 3 + random.NextInt(4);
        var kept = new SortedSet<int>();
        while (kept.Count < wanted) kept.Add(random.NextInt(words.Count));
        List<string> query = [.. kept.Select(place => words[place])];
        var title = Words.Of(Words.Title(documents[target]), split: true);
        if (random.NextChance(TitleChance)) query.Add(title[random.NextInt(title.Count)]);
        for (var i = 0; i < query.Count; i++)
        {
            var lot = random.NextDouble();
            if (lot < InflectedShare) query[i] = Inflected(query[i], random);
            else if (lot < InflectedShare + MisspeltShare) query[i] = Misspelt(query[i], random);
            else if (lot < InflectedShare + MisspeltShare + ForeignShare) query[i] = Foreign(documents, query[i], random);
        }

        return [.. query];
    }

    private static string Inflected(string word, SeededRandom random)
    {
        if (word.Length < 4) return word;
        if (word[^1] == 's') return word[..^1];
        if (word.EndsWith("ed", StringComparison.Ordinal) || word.EndsWith("er", StringComparison.Ordinal)) return $"{word[..^2]}ing";
        var stem = word[^1] == 'e' ? word[..^1] : word;
        return random.NextInt(3) switch
        {
            0 => $"{word}s",
            1 => $"{stem}ed",
            _ => $"{stem}ing",
        };
    }

    private static string Misspelt(string word, SeededRandom random)
    {
        if (word.Length < 4) return word;
        var at = 1 + random.NextInt(word.Length - 2);
        return random.NextInt(3) switch
        {
            0 => word.Remove(at, 1),
            1 => $"{word[..at]}{word[at + 1]}{word[at]}{word[(at + 2)..]}",
            _ => word.Insert(at, word[at].ToString()),
        };
    }

    private static string Foreign(IReadOnlyList<TextDocument> documents, string word, SeededRandom random)
    {
        var others = Words.Of(documents[random.NextInt(documents.Count)].Summary, split: true);
        return others.Count == 0 ? word : others[random.NextInt(others.Count)];
    }
}
