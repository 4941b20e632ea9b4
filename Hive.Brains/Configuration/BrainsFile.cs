using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Hive.Brains.Configuration;

/// <summary>
/// What a <c>hive.json</c> says of brains (<c>docs/hive.schema.json</c>). It is read whole or not at all, every mistake with its path.
/// </summary>
public sealed record BrainsFile
{
    /// <summary>The file's usual name.</summary>
    public const string DefaultName = "hive.json";

    /// <summary>The largest file accepted, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The most brains in a file.</summary>
    public const int MaxBrains = 1_000;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>A file that says nothing: local servers are looked for.</summary>
    public static BrainsFile Empty { get; } = new();

    /// <summary>The brains listed, in their order.</summary>
    public ImmutableArray<BrainEntry> Brains { get; init; } = [];

    /// <summary>Whether local servers are looked for.</summary>
    public bool Discover { get; init; } = true;

    /// <summary>The tiers of models that are found, by model name, where their size says otherwise.</summary>
    public ImmutableDictionary<string, string> Tiers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The folder with prompts that replace Hive's own, as a full path; absent: Hive's own.</summary>
    public string? Prompts { get; init; }

    /// <summary>Reads the file that was named, or else <c>hive.json</c> in a folder, or else nothing.</summary>
    /// <param name="path">The file; absent where none was named.</param>
    /// <param name="directory">Where <c>hive.json</c> is looked for.</param>
    /// <exception cref="BrainsFileException">The file cannot be read or is wrong.</exception>
    public static BrainsFile Find(string? path, string directory)
    {
        var usual = Path.Combine(directory, DefaultName);
        return path is not null ? Load(path) : File.Exists(usual) ? Load(usual) : Empty;
    }

    /// <summary>Reads a file; relative paths start from its folder.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BrainsFileException">The file cannot be read or is wrong.</exception>
    public static BrainsFile Load(string path)
    {
        byte[] bytes;
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > MaxBytes)
            {
                throw new BrainsFileException($"{path} has {file.Length:N0} bytes; it may have {MaxBytes:N0}");
            }

            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BrainsFileException(e is FileNotFoundException or DirectoryNotFoundException
                ? $"there is no file {path}; docs/brains.md shows how to write one"
                : $"{path} cannot be read: {e.Message}");
        }

        try
        {
            return Parse(bytes, Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (BrainsFileException e)
        {
            throw new BrainsFileException($"{path}: {e.Message}");
        }
    }

    /// <summary>Reads a file's JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="directory">Where relative paths start from.</param>
    /// <exception cref="BrainsFileException">The text is wrong.</exception>
    public static BrainsFile Parse(string json, string directory) => Parse(Encoding.UTF8.GetBytes(json), directory);

    private static BrainsFile Parse(ReadOnlyMemory<byte> json, string directory)
    {
        if (json.Length > MaxBytes)
        {
            throw new BrainsFileException($"this has {json.Length:N0} bytes; it may have {MaxBytes:N0}");
        }

        var text = json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, Strict);
        }
        catch (JsonException e)
        {
            // The parser's own message may quote what stands there, and that may be a key.
            throw new BrainsFileException($"this is not JSON: there is a mistake near line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }

        using (document)
        {
            try
            {
                return BrainsFileReader.Read(document.RootElement, directory);
            }
            catch (InvalidOperationException)
            {
                // What JsonElement throws for text with half a surrogate pair, when it is read.
                throw new BrainsFileException("this holds text that is no Unicode: look for \\ud800 to \\udfff without their other half");
            }
        }
    }
}
