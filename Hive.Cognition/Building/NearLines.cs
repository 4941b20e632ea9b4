using System.Collections.Immutable;

namespace Hive.Building;

/// <summary>Finds what a brain may have meant by a text that is not there.</summary>
internal static class NearLines
{
    private const int MaxLines = 12;
    private const int MaxLength = 200;
    private const int MaxWords = 16;

    /// <summary>What a line of one character, such as a brace, counts: it is everywhere.</summary>
    private const double LoneBrace = 0.05;

    /// <summary>The lines that share the most with the searched ones: whole lines first, then words of the first.</summary>
    /// <param name="lines">The file.</param>
    /// <param name="search">What was searched.</param>
    /// <returns>Where they begin, from 0, and the lines, long ones cut; none where the file is empty.</returns>
    public static (int Start, ImmutableArray<string> Lines) Find(TextLines lines, ImmutableArray<string> search)
    {
        var whole = search.Select(line => line.Trim()).Where(line => line.Length > 0).ToHashSet(StringComparer.Ordinal);
        var first = search.First(line => !string.IsNullOrWhiteSpace(line));
        ImmutableArray<string> words = [.. RequestWords.Split(first).Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxWords)];
        var length = Math.Min(Math.Min(search.Length, MaxLines), lines.Count);
        var scores = new double[lines.Count + 1];
        for (var i = 0; i < lines.Count; i++)
        {
            var (line, shared) = (lines[i].Trim(), words.Count(word => lines[i].Contains(word, StringComparison.OrdinalIgnoreCase)));
            scores[i + 1] = scores[i] + (whole.Contains(line) ? (line.Length > 1 ? 1 : LoneBrace) : (double)shared / (words.Length + 1));
        }

        var best = 0;
        for (var start = 1; start + length <= lines.Count; start++)
        {
            best = scores[start + length] - scores[start] > scores[best + length] - scores[best] + 1e-9 ? start : best;
        }

        return (best, [.. Enumerable.Range(best, length).Select(i => lines[i].Length > MaxLength ? lines[i][..MaxLength] + "…" : lines[i])]);
    }
}
