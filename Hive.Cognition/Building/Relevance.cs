using System.Collections.Immutable;

namespace Hive.Building;

/// <summary>
/// Ranks files by how much they have to do with a request: Okapi BM25 over the words of their texts (Robertson and Zaragoza, <i>The Probabilistic Relevance
/// Framework: BM25 and Beyond</i>, 2009), and the same weight of a word four times where the file's path has it.
/// </summary>
internal static class Relevance
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.75;
    private const double PathWeight = 4;

    /// <summary>The files, the most relevant first; equal ones by path.</summary>
    /// <param name="files">Paths and texts.</param>
    /// <param name="request">What is to be built.</param>
    public static ImmutableArray<(string Path, string Text)> Rank(IReadOnlyCollection<(string Path, string Text)> files, string request)
    {
        var words = RequestWords.Of(request);
        var place = words.Select((word, i) => (word, i)).ToDictionary(pair => pair.word, pair => pair.i, StringComparer.OrdinalIgnoreCase);
        var counted = files.Select(file => (file.Path, file.Text, Counts: Count(file.Text, place))).ToArray();
        var weights = words.Select((_, i) => Math.Log(1 + ((counted.Length - Having(i) + 0.5) / (Having(i) + 0.5)))).ToArray();
        var meanLength = Math.Max(1, counted.Select(file => (double)file.Text.Length).DefaultIfEmpty().Average());
        return [.. counted
            .OrderByDescending(file => Score(file.Path, file.Text.Length / meanLength, file.Counts, words, weights))
            .ThenBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => (file.Path, file.Text))];

        double Having(int word) => counted.Count(file => file.Counts[word] > 0);
    }

    private static double Score(string path, double length, int[] counts, ImmutableArray<string> words, double[] weights)
    {
        var score = 0.0;
        for (var i = 0; i < counts.Length; i++)
        {
            score += weights[i] * counts[i] * (Saturation + 1) / (counts[i] + (Saturation * (1 - LengthWeight + (LengthWeight * length))));
            score += path.Contains(words[i], StringComparison.OrdinalIgnoreCase) ? PathWeight * weights[i] : 0;
        }

        return score;
    }

    private static int[] Count(string text, Dictionary<string, int> place)
    {
        var counts = new int[place.Count];
        foreach (var word in RequestWords.Split(text))
        {
            if (place.TryGetValue(word, out var i)) counts[i]++;
        }

        return counts;
    }
}
