using System.Collections.Frozen;
using System.Text;

namespace Hive.Cognition.Prompts;

/// <summary>
/// The prompts that brains are asked with: texts that ship with Hive, each of which a file of the same name overrides. Every prompt was checked when it was loaded,
/// so that a rendering never lacks what its reader relies on.
/// </summary>
public sealed class PromptLibrary
{
    private const string ResourcePrefix = "Hive.Cognition.Prompts.";
    private const string Extension = ".md";
    private const int MostBytes = 65_536;

    private readonly FrozenDictionary<string, PromptText> _prompts;

    private PromptLibrary(Dictionary<string, PromptText> prompts)
    {
        _prompts = prompts.ToFrozenDictionary(StringComparer.Ordinal);
        Names = [.. prompts.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The prompts' names, in the order of the alphabet.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Loads the prompts.</summary>
    /// <param name="folder">A folder whose files <c>NAME.md</c> override the prompts of these names; absent: the prompts as they ship.</param>
    /// <exception cref="PromptException">The folder cannot be read, or it holds a file that is no prompt's, is longer than 64 KiB, is no UTF-8, has a placeholder that its
    /// prompt does not know or lacks one that it needs.</exception>
    public static PromptLibrary Load(string? folder)
    {
        var prompts = LoadDefaults();
        if (folder is not null) Override(prompts, folder);
        return new(prompts);
    }

    /// <summary>Fills a prompt's placeholders. A section, from its heading to the next, all of whose placeholders are empty is left out.</summary>
    /// <param name="name">The prompt's name.</param>
    /// <param name="values">A value for each placeholder that the prompt's head lists. They are inserted as they are: a placeholder inside a value is plain text.</param>
    /// <returns>The text to send.</returns>
    /// <exception cref="ArgumentException">There is no such prompt, a placeholder got no value or two, or a value has a name that the prompt does not know.</exception>
    public string Render(string name, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var prompt = Find(name);
        var filled = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (placeholder, value) in values)
        {
            ArgumentNullException.ThrowIfNull(value);
            if (!prompt.Placeholders.ContainsKey(placeholder)) throw new ArgumentException($"The prompt '{name}' has no placeholder '{placeholder}'.", nameof(values));
            if (!filled.TryAdd(placeholder, value)) throw new ArgumentException($"The placeholder '{placeholder}' of the prompt '{name}' has two values.", nameof(values));
        }

        foreach (var placeholder in prompt.Placeholders.Keys)
        {
            if (!filled.ContainsKey(placeholder)) throw new ArgumentException($"The placeholder '{placeholder}' of the prompt '{name}' has no value.", nameof(values));
        }

        return prompt.Render(filled);
    }

    /// <summary>The text of a prompt that is in force, its head included and its placeholders unfilled.</summary>
    internal string Text(string name) => Find(name).Text;

    /// <summary>The placeholders of a prompt, and whether an override must have each.</summary>
    internal IReadOnlyDictionary<string, bool> Placeholders(string name) => Find(name).Placeholders;

    private PromptText Find(string name) =>
        _prompts.TryGetValue(name, out var prompt) ? prompt : throw new ArgumentException($"There is no prompt '{name}'.", nameof(name));

    private static Dictionary<string, PromptText> LoadDefaults()
    {
        var assembly = typeof(PromptLibrary).Assembly;
        var prompts = new Dictionary<string, PromptText>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(ResourcePrefix, StringComparison.Ordinal) || !resource.EndsWith(Extension, StringComparison.Ordinal)) continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var name = resource[ResourcePrefix.Length..^Extension.Length];
            prompts.Add(name, PromptText.Default(name + Extension, reader.ReadToEnd()));
        }

        return prompts;
    }

    private static void Override(Dictionary<string, PromptText> prompts, string folder)
    {
        foreach (var path in Entries(folder))
        {
            var file = Path.GetFileName(path);
            if (file.StartsWith('.')) continue;
            if (!file.EndsWith(Extension, StringComparison.Ordinal) || !prompts.TryGetValue(file[..^Extension.Length], out var shipped))
            {
                throw new PromptException($"{path}:1: no prompt has this name; move the file elsewhere or name it as the prompt it overrides: "
                    + $"{string.Join(", ", prompts.Keys.Order(StringComparer.Ordinal).Select(name => name + Extension))}.");
            }

            prompts[file[..^Extension.Length]] = PromptText.Override(path, Read(path), shipped);
        }
    }

    private static string[] Entries(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new PromptException($"{folder}: the folder of prompts cannot be read ({exception.Message}); make it, or name another one.", exception);
        }
    }

    private static string Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MostBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MostBytes) throw new PromptException($"{path}:1: the prompt is longer than {MostBytes:N0} bytes; shorten it.");
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException exception)
        {
            throw new PromptException($"{path}:1: the prompt is no UTF-8 text; save it in that encoding.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PromptException($"{path}:1: the prompt cannot be read ({exception.Message}); mend that, or take the file away.", exception);
        }
    }
}
