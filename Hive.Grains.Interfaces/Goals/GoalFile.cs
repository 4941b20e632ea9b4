using System.Text;
using System.Text.Json;

namespace Hive.Goals;

/// <summary>The JSON form of a goal: DESIGN.md section 10, <c>docs/goal.schema.json</c>. What is read is checked whole; what is written reads back equal.</summary>
public static class GoalFile
{
    /// <summary>The largest goal file accepted, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>Reads a goal from a file, and the texts that its <c>context</c> names as files; relative paths start from the file's folder.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="GoalSpecException">The file cannot be read, or is no valid goal; each mistake with its path.</exception>
    public static GoalSpec Load(string path)
    {
        string text;
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > MaxBytes)
            {
                throw Mistake($"{path} has {file.Length:N0} bytes; a goal file may have {MaxBytes:N0}");
            }

            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Mistake(e is FileNotFoundException or DirectoryNotFoundException
                ? $"there is no file {path}; give the path of a goal file, such as examples/circle-packing.json"
                : $"{path} cannot be read: {e.Message}");
        }

        return Parse(text, Path.GetDirectoryName(Path.GetFullPath(path)), mayReadFiles: true);
    }

    /// <summary>Reads a goal from its JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="directory">Where relative paths start from, unless the text says so itself; absent: nowhere, and relative paths are mistakes when the evaluator is started.</param>
    /// <exception cref="GoalSpecException">The text is no valid goal; each mistake with its path.</exception>
    public static GoalSpec Parse(string json, string? directory = null) => Parse(json, directory, mayReadFiles: false);

    /// <param name="json">The text.</param>
    /// <param name="directory">Where relative paths start from.</param>
    /// <param name="mayReadFiles">Whether the goal may name files of this machine to be read now: its author's own may, one that came from elsewhere may not.</param>
    private static GoalSpec Parse(string json, string? directory, bool mayReadFiles)
    {
        if (Encoding.UTF8.GetByteCount(json) > MaxBytes)
        {
            throw Mistake($"a goal may have {MaxBytes:N0} bytes of JSON");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Strict);
        }
        catch (JsonException e)
        {
            throw Mistake($"this is not JSON: {Plain(e)}");
        }

        using (document)
        {
            return GoalReader.Read(document.RootElement, directory, mayReadFiles);
        }
    }

    /// <summary>The canonical JSON text of a goal, on one line.</summary>
    /// <param name="spec">A valid goal.</param>
    public static string Write(GoalSpec spec)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            GoalWriter.Write(writer, spec);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static GoalSpecException Mistake(string message) => new([new GoalMistake("$", message)]);

    /// <summary>The parser's message without the position's second telling, and counted from 1 as editors do.</summary>
    private static string Plain(JsonException e)
    {
        var message = e.Message;
        var cut = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var what = cut < 0 ? message : message[..cut];
        return $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {what}";
    }
}
