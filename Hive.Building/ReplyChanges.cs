using System.Collections.Immutable;
using System.Text;

namespace Hive.Building;

/// <summary>Works out what a reply's edits make of the files of the base commit.</summary>
/// <param name="tree">The base commit.</param>
internal sealed class ReplyChanges(BaseTree tree)
{
    private const int MaxMistakes = 20;
    private const int MaxMeant = 3;

    // Git takes a file for binary by this much of its beginning.
    private const int BinaryWindow = 8_000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Works it out.</summary>
    /// <param name="edits">The edits of one reply.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The changes, and what is wrong with the edits.</returns>
    public async Task<(ImmutableArray<FileChange> Changes, ImmutableArray<string> Mistakes)> WorkOutAsync(ImmutableArray<FileEdit> edits, CancellationToken cancellation)
    {
        var mistakes = new List<string>();
        var possible = edits.Where(edit => IsPossible(edit, mistakes)).ToArray();
        var files = possible.Select(edit => tree.Find(edit.Path)).OfType<TreeFile>().ToArray();
        var contents = await tree.ReadAsync(files, cancellation).ConfigureAwait(false);
        var before = files.Zip(contents).ToDictionary(pair => pair.First.Path, pair => pair.Second, StringComparer.Ordinal);
        var changes = ImmutableArray.CreateBuilder<FileChange>();
        foreach (var edit in possible)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Change(edit, before.GetValueOrDefault(edit.Path), mistakes) is { } change) changes.Add(change);
        }

        CheckFolders(changes, mistakes);
        return (changes.ToImmutable(), [.. mistakes.Take(MaxMistakes)]);
    }

    private bool IsPossible(FileEdit edit, List<string> mistakes)
    {
        var file = tree.Find(edit.Path);
        var mistake = file switch
        {
            null when edit is not FullText => $"{edit.Path} does not exist in the repository: correct the path{Meant(edit.Path)}, or give its full text between fences to make it.",
            null when tree.Files.FirstOrDefault(other => other.Path.Equals(edit.Path, StringComparison.OrdinalIgnoreCase)) is { } other =>
                $"{edit.Path} does not exist in the repository, but {other.Path} does: correct the path; names that differ by capitals alone cannot be had everywhere.",
            { IsRegular: false } => $"{edit.Path} is a symbolic link or a submodule, which cannot be changed here.",
            { Size: > EditFormat.MaxFileBytes } => $"{edit.Path} has {file.Size} bytes; files above {EditFormat.MaxFileBytes} cannot be changed here.",
            _ => null,
        };
        if (mistake is not null) mistakes.Add(mistake);
        return mistake is null;
    }

    /// <summary>The paths that may be meant: of files with the same name, capitals and folders apart.</summary>
    private string Meant(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var meant = tree.Files.Select(file => file.Path)
            .Where(file => file.EndsWith(name, StringComparison.OrdinalIgnoreCase) && (file.Length == name.Length || file[^(name.Length + 1)] == '/') && EditPath.Check(file) is null)
            .Take(MaxMeant).ToArray();
        return meant.Length == 0 ? "" : " to " + string.Join(" or ", meant);
    }

    private FileChange? Change(FileEdit edit, byte[]? before, List<string> mistakes)
    {
        var isBinary = before.AsSpan(0, Math.Min(before?.Length ?? 0, BinaryWindow)).Contains((byte)0);
        var previous = before is null ? "" : Decode(before);
        if ((isBinary && edit is Replacements) || (!isBinary && previous is null))
        {
            mistakes.Add($"{edit.Path} is not a text in UTF-8 and cannot be changed here.");
            return null;
        }

        var count = mistakes.Count;
        var text = edit switch
        {
            Deletion => null,
            FullText full => isBinary ? full.Text : EditedText.WithEndsOf(full.Text, previous!),
            Replacements parts => EditedText.Replace(edit.Path, previous!, parts.Blocks, mistakes),
            _ => throw new InvalidOperationException("an edit of an unknown kind"),
        };
        if (mistakes.Count > count)
        {
            return null;
        }

        var mode = tree.Find(edit.Path)?.Mode ?? (text?.StartsWith("#!", StringComparison.Ordinal) == true ? TreeFile.Executable : TreeFile.Plain);
        var change = new FileChange(edit.Path, mode, Encode(text));
        if (change.Content is { Length: > EditFormat.MaxFileBytes })
        {
            mistakes.Add($"{edit.Path} would have {change.Content.Length} bytes; a changed file may have {EditFormat.MaxFileBytes}.");
        }

        return change;
    }

    private void CheckFolders(IReadOnlyCollection<FileChange> changes, List<string> mistakes)
    {
        var written = changes.Where(change => change.Content is not null).Select(change => change.Path).ToHashSet(StringComparer.Ordinal);
        var deleted = changes.Where(change => change.Content is null).Select(change => change.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var path in written)
        {
            if (tree.IsFolder(path))
            {
                mistakes.Add($"{path} is a folder: give the path of a file.");
            }

            var blocking = BaseTree.FoldersOf(path).FirstOrDefault(folder => written.Contains(folder) || (tree.Find(folder) is not null && !deleted.Contains(folder)));
            if (blocking is not null)
            {
                mistakes.Add($"{path} cannot be made, because {blocking} is {(tree.Find(blocking) is { IsRegular: false } ? "a symbolic link or a submodule" : "a file")}, not a folder.");
            }
        }
    }

    private static string? Decode(byte[] content)
    {
        try
        {
            return StrictUtf8.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // A brain's reply may hold half a surrogate pair.
    private static byte[]? Encode(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
