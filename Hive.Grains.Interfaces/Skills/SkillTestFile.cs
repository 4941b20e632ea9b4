using System.Collections.Immutable;
using System.Text.Json;
using Hive.Goals;

namespace Hive.Skills;

/// <summary>
/// The JSON file that says what a skill may cost and what it must answer:
/// <c>{"name": …, "limits": {"fuel": …, "memoryMiB": …}, "tests": [{"name": …, "arguments": […], "input": …, "output": …, "exitCode": …}]}</c>. Only <c>tests</c> is required,
/// and of a test only <c>output</c>.
/// </summary>
/// <param name="Name">The skill's name; absent: the module's file name.</param>
/// <param name="Limits">What one run may cost.</param>
/// <param name="Tests">The tests, at least one.</param>
public sealed record SkillTestFile(string? Name, SkillLimits Limits, ImmutableArray<SkillTest> Tests)
{
    private const long MaxFuel = 1_000_000_000_000_000;

    /// <summary>Reads the file's text.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="GoalSpecException">The text is no such file; each mistake with its path.</exception>
    public static SkillTestFile Parse(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new GoalSpecException([new GoalMistake("$", $"this is not JSON: {e.Message}")]);
        }

        using (document)
        {
            var mistakes = new List<GoalMistake>();
            var file = Read(new ElementReader(document.RootElement, "", (path, message) => mistakes.Add(new GoalMistake(path, message))));
            return mistakes.Count == 0 ? file! : throw new GoalSpecException(mistakes);
        }
    }

    private static SkillTestFile? Read(ElementReader file)
    {
        if (!file.IsObject("name", "limits", "tests"))
        {
            return null;
        }

        var limits = SkillLimits.Default;
        if (file.Optional("limits") is { } given && given.IsObject("fuel", "memoryMiB"))
        {
            limits = new SkillLimits(
                given.Optional("fuel")?.WholeNumber(1, MaxFuel) ?? limits.Fuel,
                (int)(given.Optional("memoryMiB")?.WholeNumber(1, 1024) ?? limits.MemoryMiB));
        }

        var tests = file.Required("tests", "give at least one, such as {\"input\": \"2 3\", \"output\": \"5\"}");
        return new SkillTestFile(
            file.Optional("name")?.Text(100),
            limits,
            tests is { } list ? [.. list.Array(1, SkillLimits.MaxTests).Select((item, i) => Test(list.At(i, item), i))] : []);
    }

    private static SkillTest Test(ElementReader test, int index)
    {
        if (!test.IsObject("name", "arguments", "input", "output", "exitCode"))
        {
            return new SkillTest("", new SkillCall([], ""), "", 0);
        }

        var arguments = test.Optional("arguments") is { } list ? list.Array(0, 1000).Select((item, i) => Plain(list.At(i, item))).ToImmutableArray() : [];
        return new SkillTest(
            test.Optional("name")?.Text(200) ?? $"{index + 1}",
            new SkillCall(arguments, test.Optional("input") is { } input ? Plain(input) : ""),
            test.Required("output", "say what the skill must print") is { } output ? Plain(output) : "",
            (int)(test.Optional("exitCode")?.WholeNumber(0, 255) ?? 0));
    }

    /// <summary>A string that may be empty.</summary>
    private static string Plain(ElementReader text)
    {
        if (text.Element.ValueKind == JsonValueKind.String)
        {
            return text.Element.GetString()!;
        }

        text.Wrong($"this is {ElementReader.Kind(text.Element)}; it must be a string");
        return "";
    }
}
