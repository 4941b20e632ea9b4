using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Hive.Goals;

namespace Hive.Grains.Tests.Goals;

/// <summary>The published schema and the reader say the same of a goal. The schema is judged by Debian's python3-jsonschema.</summary>
public sealed class GoalSchemaTests
{
    private const string Validator = """
        import json, sys, jsonschema
        validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
        jsonschema.Draft202012Validator.check_schema(validator.schema)
        for line in sys.stdin:
            print("valid" if validator.is_valid(json.loads(line)) else "invalid", flush=True)
        """;

    [Fact]
    public async Task The_schema_accepts_what_the_reader_accepts()
    {
        var goals = GoalSpecs.Arbitrary.Generator.Sample(200).Select(GoalFile.Write).ToArray();
        Assert.All(await JudgeAsync(goals), verdict => Assert.Equal("valid", verdict));
    }

    [Fact]
    public async Task The_schema_refuses_what_the_reader_refuses()
    {
        const string Good = """{"objective":"o","check":{"metric":{"name":"m","direction":"maximize","evaluator":{"builtin":"b"}}},"space":{"x":{"real":[0,1]}},"budget":{"seconds":1}}""";
        string[] wrong =
        [
            Good.Replace("\"objective\":\"o\",", "", StringComparison.Ordinal),
            Good.Replace("\"o\"", "\" \"", StringComparison.Ordinal),
            Good.Replace("maximize", "maximise", StringComparison.Ordinal),
            Good.Replace("\"direction\"", "\"directoin\"", StringComparison.Ordinal),
            Good.Replace("{\"builtin\":\"b\"}", "{}", StringComparison.Ordinal),
            Good.Replace("{\"builtin\":\"b\"}", "{\"command\":[]}", StringComparison.Ordinal),
            Good.Replace("{\"builtin\":\"b\"}", "{\"command\":[\"a\"],\"protocol\":\"x\"}", StringComparison.Ordinal),
            Good.Replace("{\"builtin\":\"b\"}", "{\"wasm\":\"a\",\"fuel\":0}", StringComparison.Ordinal),
            Good.Replace("{\"x\":{\"real\":[0,1]}}", "{}", StringComparison.Ordinal),
            Good.Replace("{\"real\":[0,1]}", "{\"real\":[0]}", StringComparison.Ordinal),
            Good.Replace("{\"real\":[0,1]}", "{\"real\":[0,1],\"integer\":[0,1]}", StringComparison.Ordinal),
            Good.Replace("{\"real\":[0,1]}", "{\"logReal\":[0,1]}", StringComparison.Ordinal),
            Good.Replace("{\"real\":[0,1]}", "{\"integer\":[0,1.5]}", StringComparison.Ordinal),
            Good.Replace("{\"real\":[0,1]}", "{\"choice\":[[1]]}", StringComparison.Ordinal),
            Good.Replace("{\"real\":[0,1]}", "{\"permutation\":1}", StringComparison.Ordinal),
            Good.Replace("{\"real\":[0,1]}", "{\"vector\":{\"length\":0,\"of\":{\"real\":[0,1]}}}", StringComparison.Ordinal),
            Good.Replace("{\"seconds\":1}", "{}", StringComparison.Ordinal),
            Good.Replace("{\"seconds\":1}", "{\"seconds\":0}", StringComparison.Ordinal),
            Good.Replace("{\"seconds\":1}", "{\"evaluations\":1.5}", StringComparison.Ordinal),
            Good.Replace("\"budget\"", "\"agents\":0,\"budget\"", StringComparison.Ordinal),
            Good.Replace("\"budget\"", "\"seed\":-1,\"budget\"", StringComparison.Ordinal),
        ];
        Assert.All(wrong, goal => Assert.Throws<GoalSpecException>(() => GoalFile.Parse(goal)));
        Assert.NotNull(GoalFile.Parse(Good));
        var verdicts = await JudgeAsync([Good, .. wrong]);
        Assert.Equal(["valid", .. wrong.Select(_ => "invalid")], verdicts);
    }

    private static async Task<string[]> JudgeAsync(string[] goals)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Validator);
        start.ArgumentList.Add(Repository.PathOf("docs/goal.schema.json"));
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        foreach (var goal in goals)
        {
            await process.StandardInput.WriteLineAsync(goal);
        }

        process.StandardInput.Close();
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
