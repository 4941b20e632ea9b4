using System.Globalization;
using System.Text;

namespace Hive.Building;

/// <summary>Puts a repository into words: its files' names, then texts.</summary>
internal static class RepositoryDescription
{
    /// <summary>Below this much room, the beginning of a text tells nothing.</summary>
    private const int LeastUseful = 600;

    /// <summary>Writes the description.</summary>
    /// <param name="paths">The files, those of secrets left out.</param>
    /// <param name="ranked">Texts, the most relevant first.</param>
    /// <param name="mostCharacters">How long it may be; a quarter of it at most is the list of files.</param>
    public static string Write(IReadOnlyCollection<string> paths, IEnumerable<(string Path, string Text)> ranked, int mostCharacters)
    {
        var description = new StringBuilder();
        WriteNames(description, paths, mostCharacters / 4);
        foreach (var (path, text) in ranked)
        {
            var room = mostCharacters - description.Length;
            var whole = Section(path, text, "");
            if (whole.Length <= room)
            {
                description.Append(whole);
            }
            else if (room >= LeastUseful)
            {
                description.Append(Beginning(path, text, room));
            }
        }

        return description.Length <= mostCharacters ? description.ToString() : description.ToString(0, Math.Max(0, mostCharacters));
    }

    private static void WriteNames(StringBuilder description, IReadOnlyCollection<string> paths, int most)
    {
        description.Append(CultureInfo.InvariantCulture, $"The repository has {paths.Count} files:\n");
        if (description.Length + paths.Sum(path => path.Length + 1) <= most)
        {
            foreach (var path in paths.Order(StringComparer.Ordinal)) description.Append(path).Append('\n');
            return;
        }

        var folders = paths.GroupBy(path => path.Contains('/') ? path[..(path.LastIndexOf('/') + 1)] : "./", StringComparer.Ordinal)
            .OrderBy(folder => folder.Key.Count(character => character == '/')).ThenBy(folder => folder.Key, StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{folder.Key} ({folder.Count()} files)\n");
            if (description.Length + line.Length > most)
            {
                description.Append("… and more folders\n");
                return;
            }

            description.Append(line);
        }
    }

    private static string Beginning(string path, string text, int room)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        var (kept, length) = (0, path.Length + 100);
        while (kept < lines.Length && length + lines[kept].Length + 1 <= room)
        {
            length += lines[kept++].Length + 1;
        }

        var section = Section(path, string.Join('\n', lines.Take(kept)), string.Create(CultureInfo.InvariantCulture, $" (the first {kept} of {lines.Length} lines)"));
        return kept > 0 && section.Length <= room ? section : "";
    }

    private static string Section(string path, string text, string note)
    {
        var (longest, run) = (2, 0);
        foreach (var character in text)
        {
            run = character == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        return $"\n--- {path}{note}\n{fence}\n{text}{(text.EndsWith('\n') || text.Length == 0 ? "" : "\n")}{fence}\n";
    }
}
