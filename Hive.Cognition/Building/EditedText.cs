using System.Collections.Immutable;

namespace Hive.Building;

/// <summary>Carries out replacements in a text.</summary>
internal static class EditedText
{
    private const int MaxPlaces = 5;

    /// <summary>Replaces parts of a file's text, one after the other. Line ends stay what they are in the file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="text">What it holds.</param>
    /// <param name="blocks">What to replace.</param>
    /// <param name="mistakes">Gets a sentence for each part that is not there exactly once.</param>
    /// <returns>The new text; of no use where there are mistakes.</returns>
    public static string Replace(string path, string text, ImmutableArray<Replacement> blocks, ICollection<string> mistakes)
    {
        var lines = TextLines.Of(text);
        foreach (var block in blocks)
        {
            var places = lines.Find(block.Search, ignoresTrailingSpace: false);
            if (places.IsEmpty)
            {
                places = lines.Find(block.Search, ignoresTrailingSpace: true);
            }

            if (places.Length == 1)
            {
                lines.Replace(places[0], block.Search.Length, block.Replace);
            }
            else if (places.IsEmpty && block.Search.Length == 1 && lines.FindPart(block.Search[0]) is [var (line, column)])
            {
                lines.ReplacePart(line, column, block.Search[0].Length, block.Replace);
            }
            else
            {
                mistakes.Add(places.IsEmpty ? NotFound(path, lines, block.Search) : Ambiguous(path, block.Search, places));
            }
        }

        return lines.ToString();
    }

    /// <summary>A full text with the line ends that the file has had so far.</summary>
    /// <param name="text">The new text, with <c>\n</c>.</param>
    /// <param name="previous">What the file holds.</param>
    public static string WithEndsOf(string text, string previous) =>
        TextLines.Of(previous).End == "\r\n" ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;

    private static string Ambiguous(string path, ImmutableArray<string> search, ImmutableArray<int> places) =>
        $"{path}: the searched text that begins '{Beginning(search)}' is there {places.Length} times, in lines "
        + $"{string.Join(", ", places.Take(MaxPlaces).Select(place => place + 1))}{(places.Length > MaxPlaces ? ", …" : "")}: search for more lines around it, so that it is found once.";

    private static string NotFound(string path, TextLines lines, ImmutableArray<string> search)
    {
        var (start, near) = NearLines.Find(lines, search);
        return $"{path}: the searched text that begins '{Beginning(search)}' is not in the file exactly once. "
            + (near.IsEmpty ? "The file is empty." : $"The nearest lines, from line {start + 1}, are, exactly:\n{string.Join('\n', near)}");
    }

    private static string Beginning(ImmutableArray<string> search)
    {
        var line = search.First(text => !string.IsNullOrWhiteSpace(text)).Trim();
        return line.Length > 80 ? line[..80] + "…" : line;
    }
}
