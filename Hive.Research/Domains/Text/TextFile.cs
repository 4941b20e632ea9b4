using System.Text;

namespace Hive.Research.Text;

/// <summary>A user's own text: UTF-8, its paragraphs divided by blank lines.</summary>
public static class TextFile
{
    /// <summary>The most bytes of a file.</summary>
    public const long MaxBytes = 64 << 20;

    /// <summary>Reads a file's paragraphs as documents, in the file's order; a document's name is the number of its first line.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is too large, not UTF-8, or has no text; the message says which.</exception>
    public static IReadOnlyList<TextDocument> Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"there is no file {path}", path);
        var bytes = new FileInfo(path).Length;
        if (bytes > MaxBytes) throw new FormatException($"{path} has {bytes:N0} bytes; at most {MaxBytes:N0} are read: cut it");
        var documents = new List<TextDocument>();
        try
        {
            documents.AddRange(Paragraphs(File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true))));
        }
        catch (DecoderFallbackException mistake)
        {
            throw new FormatException($"{path} is not UTF-8: convert it first", mistake);
        }

        return documents.Count > 0 ? documents : throw new FormatException($"{path} has no text");
    }

    private static IEnumerable<TextDocument> Paragraphs(string text)
    {
        var lines = text.Split('\n');
        for (var first = 0; first < lines.Length; first++)
        {
            if (string.IsNullOrWhiteSpace(lines[first])) continue;
            var end = first + 1;
            while (end < lines.Length && !string.IsNullOrWhiteSpace(lines[end])) end++;
            var details = string.Join('\n', lines[(first + 1)..end].Select(line => line.TrimEnd()));
            yield return new TextDocument($"line {first + 1}", lines[first].TrimEnd(), details);
            first = end;
        }
    }
}
