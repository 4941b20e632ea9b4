using System.Globalization;
using System.Text.Json;

namespace Hive.Research.Skills;

/// <summary>Reads examples of one's own: <c>{"name": "double", "examples": [{"arguments": [1], "result": 2}, …]}</c>.</summary>
internal static class SkillExamples
{
    private const long MaxBytes = 4 << 20;
    private const int LeastExamples = 16;
    private const int MaxExamples = 2_000;
    private const int MaxArguments = 4;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It holds no examples; the message says where and how to mend it.</exception>
    public static SkillTask Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new FileNotFoundException($"there is no file {path}; give a JSON file of examples (docs/domains.md)", path);
        if (file.Length > MaxBytes) throw new FormatException($"{path} has {file.Length:N0} bytes; at most {MaxBytes:N0} are read: leave examples out");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{path} is no JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"), e);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{path}: {e.Message}", e);
        }
    }

    private static SkillTask Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("examples", out var examples) || examples.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("this has no \"examples\"; write {\"name\": …, \"examples\": [{\"arguments\": [1, 2], \"result\": 3}, …]}");
        }

        var name = root.TryGetProperty("name", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "examples";
        if (examples.GetArrayLength() is < LeastExamples or > MaxExamples)
        {
            throw new FormatException($"there are {examples.GetArrayLength()} examples; {LeastExamples} to {MaxExamples:N0} are wanted, because half of them are hidden from the search");
        }

        SkillCase[] cases = [.. examples.EnumerateArray().Select(Case)];
        var odd = Array.FindIndex(cases, one => one.Arguments.Length != cases[0].Arguments.Length);
        return odd < 0 ? SkillTask.Dealt(name, cases) : throw new FormatException($"examples[{odd}].arguments: there are {cases[odd].Arguments.Length}, and {cases[0].Arguments.Length} in the first example");
    }

    private static SkillCase Case(JsonElement example, int index)
    {
        if (example.ValueKind != JsonValueKind.Object || !example.TryGetProperty("arguments", out var arguments) || arguments.ValueKind != JsonValueKind.Array
            || arguments.GetArrayLength() is < 1 or > MaxArguments)
        {
            throw new FormatException($"examples[{index}].arguments: 1 to {MaxArguments} whole numbers in an array are wanted");
        }

        if (!example.TryGetProperty("result", out var result)) throw new FormatException($"examples[{index}].result: this is missing");
        return new SkillCase([.. arguments.EnumerateArray().Select((argument, i) => Whole(argument, $"examples[{index}].arguments[{i}]"))], Whole(result, $"examples[{index}].result"));
    }

    private static long Whole(JsonElement element, string place) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) ? number : throw new FormatException($"{place}: this is no whole number of 64 bits");
}
