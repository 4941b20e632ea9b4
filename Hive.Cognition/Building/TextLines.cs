using System.Collections.Immutable;
using System.Text;

namespace Hive.Building;

/// <summary>A text as lines, each with the line end it has: <c>\n</c>, <c>\r\n</c> or, for the last one, perhaps none.</summary>
internal sealed class TextLines
{
    private readonly List<(string Text, string End)> _lines;

    private TextLines(List<(string Text, string End)> lines) => _lines = lines;

    /// <summary>How many there are.</summary>
    public int Count => _lines.Count;

    /// <summary>The line end that new lines get: that of the first line.</summary>
    public string End => _lines.Count > 0 && _lines[0].End.Length > 0 ? _lines[0].End : "\n";

    /// <summary>A line without its end.</summary>
    /// <param name="index">Its place, from 0.</param>
    public string this[int index] => _lines[index].Text;

    /// <summary>The lines of a text.</summary>
    /// <param name="text">The text.</param>
    public static TextLines Of(string text)
    {
        var lines = new List<(string, string)>();
        for (var start = 0; start < text.Length;)
        {
            var feed = text.IndexOf('\n', start);
            var end = feed < 0 ? text.Length : feed > start && text[feed - 1] == '\r' ? feed - 1 : feed;
            var next = feed < 0 ? text.Length : feed + 1;
            lines.Add((text[start..end], text[end..next]));
            start = next;
        }

        return new TextLines(lines);
    }

    /// <summary>Where some lines stand one after the other (Knuth, Morris and Pratt's search: linear, whatever a reply asks for).</summary>
    /// <param name="search">The lines; at least one.</param>
    /// <param name="ignoresTrailingSpace">Whether white space at the ends of lines makes no difference.</param>
    public ImmutableArray<int> Find(ImmutableArray<string> search, bool ignoresTrailingSpace)
    {
        string[] wanted = [.. search.Select(line => ignoresTrailingSpace ? line.TrimEnd() : line)];
        var border = new int[wanted.Length + 1];
        for (int i = 1, length = 0; i < wanted.Length; border[++i] = length)
        {
            while (length > 0 && wanted[i] != wanted[length]) length = border[length];
            if (wanted[i] == wanted[length]) length++;
        }

        var places = ImmutableArray.CreateBuilder<int>();
        for (int i = 0, length = 0; i < _lines.Count; i++)
        {
            var line = ignoresTrailingSpace ? _lines[i].Text.TrimEnd() : _lines[i].Text;
            while (length > 0 && line != wanted[length]) length = border[length];
            if (line == wanted[length]) length++;
            if (length == wanted.Length)
            {
                places.Add(i - length + 1);
                length = border[length];
            }
        }

        return places.ToImmutable();
    }

    /// <summary>Where a text stands within lines.</summary>
    /// <param name="part">The text; not empty.</param>
    public ImmutableArray<(int Line, int Column)> FindPart(string part)
    {
        var places = ImmutableArray.CreateBuilder<(int, int)>();
        for (var i = 0; i < _lines.Count; i++)
        {
            for (var column = _lines[i].Text.IndexOf(part, StringComparison.Ordinal); column >= 0;
                column = _lines[i].Text.IndexOf(part, column + 1, StringComparison.Ordinal))
            {
                places.Add((i, column));
            }
        }

        return places.ToImmutable();
    }

    /// <summary>Replaces lines.</summary>
    /// <param name="start">The first, from 0.</param>
    /// <param name="count">How many; at least one.</param>
    /// <param name="replacement">What stands there then.</param>
    public void Replace(int start, int count, ImmutableArray<string> replacement)
    {
        var end = End;
        var lastEnd = _lines[start + count - 1].End.Length == 0 ? "" : end;
        _lines.RemoveRange(start, count);
        _lines.InsertRange(start, replacement.Select((line, i) => (line, i == replacement.Length - 1 ? lastEnd : end)));
    }

    /// <summary>Replaces a part of a line.</summary>
    /// <param name="line">The line, from 0.</param>
    /// <param name="column">Where it begins.</param>
    /// <param name="length">Its length.</param>
    /// <param name="replacement">What stands there then.</param>
    public void ReplacePart(int line, int column, int length, ImmutableArray<string> replacement)
    {
        var text = _lines[line].Text;
        string[] whole = (text[..column] + string.Join('\n', replacement) + text[(column + length)..]).Split('\n');
        Replace(line, 1, [.. whole]);
    }

    /// <summary>The text.</summary>
    public override string ToString() =>
        _lines.Aggregate(new StringBuilder(), (text, line) => text.Append(line.Text).Append(line.End)).ToString();
}
