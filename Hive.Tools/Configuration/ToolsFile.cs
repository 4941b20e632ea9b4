using System.Collections.Immutable;
using System.Text.Json;
using Hive.Goals;

namespace Hive.Tools.Configuration;

/// <summary>
/// What a <c>hive.json</c> says of tools: the servers whose tools goals may use, each under its name. <c>docs/tools.md</c> shows every member. The file's other members are
/// read elsewhere.
/// </summary>
/// <param name="Servers">The servers, in the file's order.</param>
public sealed record ToolsFile(ImmutableArray<ToolServer> Servers)
{
    /// <summary>The file's usual name.</summary>
    public const string DefaultName = "hive.json";

    /// <summary>The largest file accepted, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private const int MaxMistakesTold = 5;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>A file without tools.</summary>
    public static ToolsFile Empty { get; } = new(ImmutableArray<ToolServer>.Empty);

    /// <summary>Reads the file that was named, or else <c>hive.json</c> in a folder, or else nothing.</summary>
    /// <param name="path">The file; absent where none was named.</param>
    /// <param name="directory">Where <c>hive.json</c> is looked for.</param>
    /// <exception cref="ToolsFileException">The file cannot be read or is wrong.</exception>
    public static ToolsFile Find(string? path, string directory)
    {
        var usual = Path.Combine(directory, DefaultName);
        return path is not null ? Load(path) : File.Exists(usual) ? Load(usual) : Empty;
    }

    /// <summary>Reads a file; relative folders in it start from its own.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ToolsFileException">The file cannot be read or is wrong.</exception>
    public static ToolsFile Load(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length > MaxBytes
                ? throw new ToolsFileException($"{path} has {file.Length:N0} bytes; it may have {MaxBytes:N0}")
                : Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ToolsFileException(e is FileNotFoundException or DirectoryNotFoundException
                ? $"there is no file {path}; docs/tools.md shows how to write one"
                : $"{path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">The file, for messages; relative folders start from the folder it is in.</param>
    /// <exception cref="ToolsFileException">The text is wrong.</exception>
    public static ToolsFile Parse(string json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var mistakes = new List<string>();
            var root = new ElementReader(document.RootElement, "", (where, message) => mistakes.Add($"{where}: {message}"));
            var servers = root.IsObject("$schema", "brains", "discover", "tiers", "prompts", "tools") && root.Optional("tools") is { } tools
                ? ToolsFileReader.Servers(tools, Path.GetDirectoryName(Path.GetFullPath(path))!)
                : [];
            return mistakes.Count == 0 ? new ToolsFile(servers) : throw new ToolsFileException($"{path}: {Told(mistakes)}");
        }
        catch (JsonException e)
        {
            // The parser's own message may quote what stands there, and that may be a secret.
            throw new ToolsFileException($"{path}: this is not JSON: there is a mistake near line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
        catch (InvalidOperationException)
        {
            // What JsonElement throws for text with half a surrogate pair, when it is read.
            throw new ToolsFileException($"{path}: this holds text that is no Unicode: look for \\ud800 to \\udfff without their other half");
        }
    }

    private static string Told(List<string> mistakes) => mistakes.Count <= MaxMistakesTold
        ? string.Join("; ", mistakes)
        : $"{string.Join("; ", mistakes.Take(MaxMistakesTold))}; and {mistakes.Count - MaxMistakesTold} more mistakes";
}
