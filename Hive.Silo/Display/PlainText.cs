namespace Hive.Silo.Display;

/// <summary>What brains and tools said, made fit for a terminal: nothing in it moves a cursor or changes a colour.</summary>
internal static class PlainText
{
    /// <summary>On one line, cut where it is long.</summary>
    /// <param name="text">The text; absent: nothing.</param>
    /// <param name="most">How many characters.</param>
    public static string Line(string? text, int most = 160)
    {
        var cut = text is null ? "" : text.Length <= most * 2 ? text : text[..(most * 2)];
        var line = string.Join(' ', Clean(cut.ReplaceLineEndings(" ")).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= most ? line : line[..most] + "…";
    }

    /// <summary>With its lines as they are.</summary>
    /// <param name="text">The text.</param>
    public static string Block(string text) => Clean(text.ReplaceLineEndings("\n"));

    private static string Clean(string text) => string.Concat(text.Select(character => char.IsControl(character) && character is not ('\n' or '\t') ? ' ' : character));
}
