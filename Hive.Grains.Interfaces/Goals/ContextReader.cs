using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Hive.Goals;

/// <summary>Reads the texts that brains are given: they stand in the goal, or in files beside it.</summary>
internal static class ContextReader
{
    private const int MaxTexts = 1_000;
    private const int MaxName = 1_000;
    private const int MaxPath = 4_096;

    /// <summary>No character takes more bytes of UTF-8 than that.</summary>
    private const int MaxBytes = 3 * CognitionSpec.MaxContextCharacters;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads them.</summary>
    /// <param name="reader">The goal's <c>context</c>; absent: there are none.</param>
    /// <param name="files">The folder that files are read from; absent: none are.</param>
    public static ImmutableArray<ContextText> Read(ElementReader? reader, string? files)
    {
        if (reader is not { } context)
        {
            return [];
        }

        var texts = ImmutableArray.CreateBuilder<ContextText>();
        foreach (var (item, i) in context.Array(1, MaxTexts).Select((item, i) => (item, i)))
        {
            var at = context.At(i, item);
            if (item.ValueKind == JsonValueKind.String)
            {
                texts.Add(new ContextText($"text {i + 1}", at.Text(CognitionSpec.MaxContextCharacters)));
            }
            else if (item.ValueKind == JsonValueKind.Object && at.Optional("file") is { } file)
            {
                texts.Add(at.IsObject("file", "name") ? FromFile(file, at.Optional("name"), files) : new ContextText("", ""));
            }
            else if (at.IsObject("name", "text"))
            {
                texts.Add(new ContextText(
                    at.Required("name", "name the text")?.Text(MaxName) ?? "",
                    at.Required("text", "give the text, or {\"file\": PATH} in a goal file")?.Text(CognitionSpec.MaxContextCharacters) ?? ""));
            }
        }

        var characters = texts.Sum(text => text.Text.Length);
        if (characters > CognitionSpec.MaxContextCharacters)
        {
            context.Wrong($"this has {characters:N0} characters; at most {CognitionSpec.MaxContextCharacters:N0} are allowed");
        }

        return texts.ToImmutable();
    }

    private static ContextText FromFile(ElementReader file, ElementReader? name, string? folder)
    {
        var path = file.Text(MaxPath);
        var called = name?.Text(MaxName) ?? Path.GetFileName(path);
        if (folder is null)
        {
            file.Wrong("a goal that is no file of this machine has its texts with it; write {\"name\": …, \"text\": …}");
            return new ContextText(called, "");
        }

        try
        {
            var (text, mistake) = Read(Path.GetFullPath(path, folder));
            if (mistake is not null)
            {
                file.Wrong(mistake);
            }

            return new ContextText(called, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file.Wrong(e is FileNotFoundException or DirectoryNotFoundException
                ? $"there is no file {path}; relative paths start from the goal file's folder"
                : $"{path} cannot be read: {e.Message}");
            return new ContextText(called, "");
        }
    }

    private static (string Text, string? Mistake) Read(string path)
    {
        // A device or a pipe has no length, and may never end.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read);
        if (!stream.CanSeek || stream.Length > MaxBytes)
        {
            return ("", $"{path} is too long, or no plain file; the texts may have {CognitionSpec.MaxContextCharacters:N0} characters together");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        try
        {
            var text = Strict.GetString(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes);
            return (text, string.IsNullOrWhiteSpace(text) ? $"{path} is empty" : text.Contains('\0') ? $"{path} is no text" : null);
        }
        catch (DecoderFallbackException)
        {
            return ("", $"{path} is no UTF-8 text");
        }
    }
}
