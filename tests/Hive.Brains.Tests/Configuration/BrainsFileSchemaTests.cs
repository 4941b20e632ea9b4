using System.Text.Json;
using FsCheck.Fluent;
using Hive.Brains.Configuration;
using Hive.Testing;

namespace Hive.Brains.Tests.Configuration;

/// <summary>The published schema and the reader say the same of a hive.json. The schema is judged by Debian's python3-jsonschema.</summary>
public sealed class BrainsFileSchemaTests
{
    [Fact]
    public async Task The_schema_accepts_what_the_reader_accepts_and_refuses_what_it_refuses()
    {
        // Two things no schema can say: that names differ, and how large a number Python makes of 1e400.
        var files = BrainsFiles.Arbitrary.Generator.Sample(600).Where(IsJson).Where(json => !json.Contains("1e400", StringComparison.Ordinal) && !json.Contains("ud800", StringComparison.Ordinal))
            .Select(json => json.ReplaceLineEndings(" ")).Where(json => !Verdict(json).Contains("is taken", StringComparison.Ordinal)).ToArray();
        var verdicts = await JudgeAsync(files);
        Assert.Equal(files.Length, verdicts.Length);
        Assert.All(files.Zip(verdicts), judged => Assert.True((Verdict(judged.First).Length == 0) == (judged.Second == "valid"), $"{judged.First} is {judged.Second}, but the reader says '{Verdict(judged.First)}'"));
        Assert.Contains("valid", verdicts);
        Assert.Contains("invalid", verdicts);
    }

    [Fact]
    public async Task The_examples_in_the_documentation_are_right()
    {
        var examples = File.ReadAllText(Repository.PathOf("docs/brains.md")).Split("```json\n").Skip(1).Select(part => part[..part.IndexOf("```", StringComparison.Ordinal)].ReplaceLineEndings(" ")).ToArray();
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Equal("", Verdict(example)));
        Assert.All(await JudgeAsync(examples), verdict => Assert.Equal("valid", verdict));
    }

    private static string Verdict(string json)
    {
        try
        {
            BrainsFile.Parse(json, Path.GetTempPath());
            return "";
        }
        catch (BrainsFileException e)
        {
            return e.Message;
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Task<string[]> JudgeAsync(string[] files) => JsonSchemaJudge.JudgeAsync("docs/hive.schema.json", files);
}
