using System.Collections.Immutable;
using System.Text.Json;

namespace Hive.Cognition.Prompts;

/// <summary>Reads the members of a reply's JSON object within bounds, and collects what is wrong with them in words that a model can act on.</summary>
internal sealed class ReplyFields
{
    private const int MostMistakes = 20;
    private const int MostQuoted = 40;

    private readonly List<string> _mistakes = [];

    internal bool HasMistakes => _mistakes.Count > 0;

    /// <summary>The first mistakes; the last of them tells how many more there are.</summary>
    internal ImmutableArray<string> Mistakes => _mistakes.Count <= MostMistakes
        ? [.. _mistakes]
        : [.. _mistakes.Take(MostMistakes), $"and {_mistakes.Count - MostMistakes} more mistakes"];

    /// <summary>A text from outside as a mistake quotes it.</summary>
    internal static string Quote(string text) => $"'{Wording.Line(text, MostQuoted)}'";

    internal void Add(string mistake) => _mistakes.Add(mistake);

    /// <summary>A text that must be there and hold more than white space.</summary>
    internal string Text(JsonElement owner, string path, string name, int most)
    {
        var mistakes = _mistakes.Count;
        var text = OptionalText(owner, path, name, most);
        if (_mistakes.Count > mistakes) return string.Empty;
        if (string.IsNullOrWhiteSpace(text)) Add($"{path}{name} is {(text is null ? "missing" : "empty")}; give it a text of 1 to {most:N0} characters");
        return text ?? string.Empty;
    }

    /// <summary>A text, or null where there is none; a text of a wrong kind or length is a mistake and reads as empty.</summary>
    internal string? OptionalText(JsonElement owner, string path, string name, int most)
    {
        if (!TryGet(owner, name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String)
        {
            Add($"{path}{name} is {Kind(value)}; it must be a text");
            return string.Empty;
        }

        var text = value.GetString()!;
        if (text.Length <= most) return text;
        Add($"{path}{name} has {text.Length:N0} characters; it may have {most:N0}");
        return string.Empty;
    }

    /// <summary>A whole number within bounds, or null where there is none.</summary>
    internal int? OptionalInteger(JsonElement owner, string path, string name, int least, int most)
    {
        if (!TryGet(owner, name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == Math.Floor(number) && number >= least && number <= most) return (int)number;
        Add($"{path}{name} is {Shown(value)}; it may be {least} to {most}, a whole number");
        return null;
    }

    /// <summary>The elements of an array, at most so many; none where there is no array.</summary>
    internal IReadOnlyList<JsonElement> Items(JsonElement owner, string path, string name, int most, bool isRequired)
    {
        if (!TryGet(owner, name, out var value))
        {
            if (isRequired) Add($"{path}{name} is missing; it must be an array");
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Add($"{path}{name} is {Kind(value)}; it must be an array");
            return [];
        }

        var length = value.GetArrayLength();
        if (length <= most) return [.. value.EnumerateArray()];
        Add($"{path}{name} has {length:N0} elements; it may have {most:N0}");
        return [];
    }

    /// <summary>Whether an element is an object, as it must be.</summary>
    internal bool IsObject(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Object) return true;
        Add($"{path} is {Kind(value)}; it must be an object");
        return false;
    }

    /// <summary>A member that is there and not null.</summary>
    internal static bool TryGet(JsonElement owner, string name, out JsonElement value) =>
        owner.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    internal static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Quote(value.GetString()!),
        JsonValueKind.Number => Wording.Cut(value.GetRawText(), MostQuoted),
        _ => Kind(value),
    };

    internal static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };
}
