using System.Text;
using System.Text.RegularExpressions;

namespace Hive.Cognition.Prompts;

/// <summary>
/// One prompt, read and checked. A file may begin with a head, <c>&lt;!-- … --&gt;</c>, that is not sent; the head of a prompt that ships lists its placeholders, a line
/// each: <c>- name: what it stands for</c>, or <c>- name?: …</c> where an override may do without it.
/// </summary>
internal sealed partial class PromptText
{
    private const string HeadBegin = "<!--";
    private const string HeadEnd = "-->";
    private const string Open = "{{";
    private const string Close = "}}";

    private readonly List<List<Piece>> _sections;

    private PromptText(string text, IReadOnlyDictionary<string, bool> placeholders, List<List<Piece>> sections)
    {
        Text = text;
        Placeholders = placeholders;
        _sections = sections;
    }

    /// <summary>The file's text, head included.</summary>
    internal string Text { get; }

    /// <summary>The placeholders by name, and whether the text must have each.</summary>
    internal IReadOnlyDictionary<string, bool> Placeholders { get; }

    /// <summary>Reads a prompt that ships; its head says which placeholders there are.</summary>
    internal static PromptText Default(string path, string text)
    {
        var lines = Lines(text);
        var placeholders = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        for (var i = 0; i < BodyStart(path, lines); i++)
        {
            if (HeadLine().Match(lines[i]) is { Success: true } match) placeholders.Add(match.Groups["name"].Value, !match.Groups["optional"].Success);
        }

        return Parse(path, text, lines, placeholders);
    }

    /// <summary>Reads a prompt that takes the place of one that ships, whose placeholders it shares.</summary>
    internal static PromptText Override(string path, string text, PromptText shipped) => Parse(path, text, Lines(text), shipped.Placeholders);

    internal string Render(Dictionary<string, string> values)
    {
        var text = new StringBuilder();
        foreach (var section in _sections)
        {
            var names = section.Where(piece => piece.Placeholder is not null);
            if (names.Any() && names.All(piece => string.IsNullOrWhiteSpace(values[piece.Placeholder!]))) continue;
            foreach (var piece in section) text.Append(piece.Placeholder is null ? piece.Literal : values[piece.Placeholder]);
        }

        return text.ToString().Trim('\n');
    }

    private static PromptText Parse(string path, string text, string[] lines, IReadOnlyDictionary<string, bool> placeholders)
    {
        List<List<Piece>> sections = [[]];
        var start = BodyStart(path, lines);
        var isFenced = false;
        for (var i = start; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal)) isFenced = !isFenced;
            if (!isFenced && lines[i].StartsWith('#')) sections.Add([]);
            AddPieces(sections[^1], $"{path}:{i + 1}", lines[i] + "\n", placeholders);
        }

        var used = sections.SelectMany(section => section).Select(piece => piece.Placeholder).ToHashSet();
        foreach (var (name, isRequired) in placeholders)
        {
            if (isRequired && !used.Contains(name)) throw new PromptException($"{path}:{start + 1}: the prompt lacks {Open}{name}{Close}; put it where its value belongs.");
        }

        if (lines.Skip(start).All(string.IsNullOrWhiteSpace)) throw new PromptException($"{path}:{start + 1}: the prompt is empty; write one, or take the file away.");
        return new(text, placeholders, sections);
    }

    private static void AddPieces(List<Piece> pieces, string place, string line, IReadOnlyDictionary<string, bool> placeholders)
    {
        while (true)
        {
            var open = line.IndexOf(Open, StringComparison.Ordinal);
            if (open < 0) break;
            var close = line.IndexOf(Close, open, StringComparison.Ordinal);
            if (close < 0) throw new PromptException($"{place}: '{Open}' has no '{Close}' on its line; close the placeholder or take the braces away.");
            var name = line[(open + Open.Length)..close];
            if (!placeholders.ContainsKey(name))
            {
                var known = placeholders.Count == 0 ? "this prompt has none" : $"this prompt has {string.Join(", ", placeholders.Keys.Select(known => Open + known + Close))}";
                throw new PromptException($"{place}: {Open}{name}{Close} is no placeholder here; {known}.");
            }

            pieces.Add(new(line[..open], null));
            pieces.Add(new(string.Empty, name));
            line = line[(close + Close.Length)..];
        }

        pieces.Add(new(line, null));
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    private static int BodyStart(string path, string[] lines)
    {
        if (!lines[0].StartsWith(HeadBegin, StringComparison.Ordinal)) return 0;
        var end = Array.FindIndex(lines, line => line.TrimEnd().EndsWith(HeadEnd, StringComparison.Ordinal));
        return end >= 0 ? end + 1 : throw new PromptException($"{path}:1: the head '{HeadBegin}' is not closed; end it with a line that ends in '{HeadEnd}'.");
    }

    [GeneratedRegex(@"^- (?<name>[a-z][a-z-]*)(?<optional>\?)?:", RegexOptions.CultureInvariant)]
    private static partial Regex HeadLine();

    /// <summary>Text as it is, or a placeholder.</summary>
    private readonly record struct Piece(string Literal, string? Placeholder);
}
