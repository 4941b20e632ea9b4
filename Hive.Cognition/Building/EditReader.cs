using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Hive.Building;

/// <summary>Reads replies in the form of <see cref="EditFormat"/>. Prose around the edits is ignored; what is not understood becomes a mistake.</summary>
internal sealed partial class EditReader
{
    private const int MaxMistakes = 20;
    private const string SearchMarker = "<<<<<<< SEARCH";
    private const string Divider = "=======";
    private const string ReplaceMarker = ">>>>>>> REPLACE";

    private readonly string[] _lines;
    private readonly List<string> _mistakes = [];
    private readonly Dictionary<string, FileEdit> _edits = new(StringComparer.Ordinal);
    private readonly ImmutableArray<FileEdit>.Builder _order = ImmutableArray.CreateBuilder<FileEdit>();
    private int _at;

    private EditReader(string reply)
    {
        _lines = reply.Split('\n');
        for (var i = 0; i < _lines.Length; i++)
        {
            _lines[i] = _lines[i].EndsWith('\r') ? _lines[i][..^1] : _lines[i];
        }
    }

    /// <summary>Reads a reply.</summary>
    /// <param name="reply">What the brain answered.</param>
    /// <param name="mistakes">What is wrong with it, each a sentence that tells the brain how to mend it; none where the edits are complete.</param>
    /// <returns>The edits, each file once, in the order of the reply; none where there are mistakes.</returns>
    public static ImmutableArray<FileEdit> Read(string reply, out ImmutableArray<string> mistakes)
    {
        if (reply.Length > EditFormat.MaxReply)
        {
            mistakes = [$"The reply is {reply.Length} characters long and may have {EditFormat.MaxReply}: change less, or change parts of files by SEARCH and REPLACE."];
            return [];
        }

        var reader = new EditReader(reply);
        reader.ReadAll();
        mistakes = [.. reader._mistakes.Take(MaxMistakes)];
        return mistakes.IsEmpty ? reader._order.ToImmutable() : [];
    }

    private void ReadAll()
    {
        Unwrap();
        while (_at < _lines.Length)
        {
            if (Header(_lines[_at]) is { } path)
            {
                _at++;
                ReadFile(path);
            }
            else if (Is(_lines[_at], SearchMarker))
            {
                Say("A SEARCH block stands before any line '=== path': write the file's path above it.");
                ReadBlock("the block");
            }
            else
            {
                _at++;
            }
        }

        if (_order.Count == 0 && _mistakes.Count == 0)
        {
            Say("The reply changes no file: write '=== path' and below it a SEARCH block, the full text between fences, or the word delete.");
        }

        if (_order.Count > EditFormat.MaxFiles)
        {
            Say($"The reply changes {_order.Count} files and may change {EditFormat.MaxFiles}: change fewer.");
        }
    }

    /// <summary>Takes away the last line where it only closes a fence that was opened before the first file: many brains wrap their whole answer.</summary>
    private void Unwrap()
    {
        var first = Array.FindIndex(_lines, line => Header(line) is not null);
        var last = Array.FindLastIndex(_lines, line => !string.IsNullOrWhiteSpace(line));
        var isWrapped = first > 0 && _lines.Take(first).Count(line => Fence().IsMatch(line)) % 2 == 1;
        if (isWrapped && last > first && Fence().Match(_lines[last]) is { Success: true } fence && fence.Groups["info"].Length == 0)
        {
            _lines[last] = "";
        }
    }

    private void ReadFile(string path)
    {
        if (EditPath.Check(path) is { } reason)
        {
            Say($"The path '{Short(path)}' {reason}.");
        }

        var blocks = ImmutableArray.CreateBuilder<Replacement>();
        var (text, isDeletion, isFound) = (default(string), false, false);
        while (_at < _lines.Length && Header(_lines[_at]) is null)
        {
            var line = _lines[_at];
            if (Is(line, SearchMarker))
            {
                isFound = true;
                if (ReadBlock(path) is { } block) blocks.Add(block);
            }
            else if (Fence().Match(line) is { Success: true } fence && !FencesBlocks() && blocks.Count == 0)
            {
                ReadFence(path, fence, ref text);
                isFound = true;
            }
            else
            {
                isDeletion |= !isFound && line.Trim().Equals("delete", StringComparison.OrdinalIgnoreCase);
                _at++;
            }
        }

        if (!isFound && !isDeletion)
        {
            Say($"Below '=== {Short(path)}' there is nothing to do: write a SEARCH block, the full text between fences, or the word delete.");
        }
        else if ((isDeletion ? 1 : 0) + (text is null ? 0 : 1) + (blocks.Count > 0 ? 1 : 0) > 1)
        {
            Say($"Below '=== {Short(path)}' there is more than one of SEARCH blocks, a full text and the word delete: write only one of them.");
        }
        else if (blocks.Count > EditFormat.MaxBlocks)
        {
            Say($"'{Short(path)}' has {blocks.Count} blocks and may have {EditFormat.MaxBlocks}: give its full text between fences.");
        }
        else if (isDeletion || text is not null || blocks.Count > 0)
        {
            Add(isDeletion ? new Deletion(path) : text is not null ? new FullText(path, text) : new Replacements(path, blocks.ToImmutable()));
        }
    }

    private void Add(FileEdit edit)
    {
        if (!_edits.TryAdd(edit.Path, edit))
        {
            Say($"'{Short(edit.Path)}' is named twice: put all that changes it below one line '=== path'.");
            return;
        }

        _order.Add(edit);
    }

    /// <summary>Reads a block from its first marker to past its last; null where it is malformed.</summary>
    private Replacement? ReadBlock(string path)
    {
        var place = $"The SEARCH block of '{Short(path)}' in line {_at + 1} of the reply";
        var search = ImmutableArray.CreateBuilder<string>();
        var replace = ImmutableArray.CreateBuilder<string>();
        var dividers = 0;
        for (_at++; _at < _lines.Length && !Is(_lines[_at], SearchMarker); _at++)
        {
            var line = _lines[_at];
            if (Is(line, ReplaceMarker))
            {
                _at++;
                if (dividers == 1 && search.Any(text => !string.IsNullOrWhiteSpace(text)))
                {
                    return new Replacement(search.ToImmutable(), replace.ToImmutable());
                }

                Say(dividers == 1
                    ? $"{place} searches for nothing: quote the lines to replace, or give the file's full text between fences."
                    : $"{place} has {dividers} lines '{Divider}' and needs exactly one; if the file itself has such a line, give its full text between fences.");
                return null;
            }

            if (Is(line, Divider)) dividers++;
            else (dividers == 0 ? search : replace).Add(line);
        }

        Say($"{place} is not closed: end it with a line '{ReplaceMarker}'.");
        return null;
    }

    /// <summary>Reads from a fence to past the one that closes it: the file's text where it is the first, otherwise an example in the prose.</summary>
    private void ReadFence(string path, Match open, ref string? text)
    {
        var (fence, info) = (open.Groups["fence"].Value, open.Groups["info"].Value);
        var isExample = text is not null;
        if (isExample && info.Length == 0)
        {
            Say(Nested(path));
        }

        var start = ++_at;
        for (; _at < _lines.Length; _at++)
        {
            if (Fence().Match(_lines[_at]) is not { Success: true } other || !other.Groups["fence"].Value.StartsWith(fence, StringComparison.Ordinal))
            {
                continue;
            }

            if (other.Groups["info"].Value.Length > 0)
            {
                Say(Nested(path));
                continue;
            }

            text ??= string.Concat(_lines[start.._at].Select(line => line + "\n"));
            _at++;
            return;
        }

        Say($"The text of '{Short(path)}' is not closed by a line '{fence}': the reply was cut off, or the fence is missing. Give less at once, or close it.");
        text ??= "";
    }

    private static string Nested(string path) =>
        $"It cannot be told where the text of '{Short(path)}' ends, because there are fences inside it or after it: fence the text with more backticks than any line in it has.";

    /// <summary>Whether the fence at the cursor only wraps SEARCH blocks, as many brains write them.</summary>
    private bool FencesBlocks()
    {
        var next = _at + 1;
        while (next < _lines.Length && string.IsNullOrWhiteSpace(_lines[next])) next++;
        return next < _lines.Length && Is(_lines[next], SearchMarker);
    }

    private void Say(string mistake) => _mistakes.Add(mistake);

    private static string? Header(string line)
    {
        if (!line.StartsWith("=== ", StringComparison.Ordinal)) return null;
        var path = line[4..].Trim();
        path = path.EndsWith(" ===", StringComparison.Ordinal) ? path[..^4].TrimEnd() : path;
        return path.Length > 2 && path[0] == path[^1] && path[0] is '`' or '"' or '*' ? path[1..^1] : path;
    }

    private static bool Is(string line, string marker) => line.AsSpan().TrimEnd().SequenceEqual(marker);

    private static string Short(string text) => text.Length > 120 ? text[..120] + "…" : text;

    [GeneratedRegex("^ {0,3}(?<fence>`{3,}|~{3,})[ \t]*(?<info>[^`]*?)[ \t]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Fence();
}
