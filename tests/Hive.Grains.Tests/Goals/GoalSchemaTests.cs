using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hive.Goals;
using Hive.Testing;

namespace Hive.Grains.Tests.Goals;

/// <summary>The published schema and the reader say the same of a goal. The schema is judged by Debian's python3-jsonschema.</summary>
public sealed class GoalSchemaTests
{
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

    [Fact]
    public async Task The_schema_accepts_what_the_reader_accepts_of_goals_for_brains()
    {
        var goals = BrainGoalSpecs.Arbitrary.Generator.Sample(200).Select(GoalFile.Write).ToArray();
        var verdicts = await JudgeAsync(goals);
        Assert.All(goals.Zip(verdicts), pair => Assert.True(pair.Second == "valid", pair.First));
    }

    [Fact]
    public async Task The_schema_accepts_the_examples()
    {
        var examples = Directory.GetFiles(Repository.PathOf("examples"), "*.json").Select(file => (file, JsonElement.Parse(File.ReadAllText(file)).GetRawText().ReplaceLineEndings(" "))).ToArray();
        var verdicts = await JudgeAsync([.. examples.Select(example => example.Item2)]);
        Assert.All(examples.Zip(verdicts), pair => Assert.True(pair.Second == "valid", pair.First.file));
        Assert.All(examples, example => Assert.NotNull(GoalFile.Load(example.file)));
    }

    [Fact]
    public async Task The_schema_refuses_what_the_reader_refuses_of_goals_for_brains()
    {
        const string Critics = "\"critics\":{}";
        const string Votes = "\"votes\":{\"answer\":{\"pattern\":\"[0-9]+\"}}";
        const string Tests = "\"tests\":{\"command\":[\"true\"]}";
        const string Steps = "\"steps\":{\"state\":\"0\",\"instruction\":\"i\",\"count\":5}";
        string[] right =
        [
            Goal(Critics), Goal(Votes), Goal(Tests), Goal($"{Critics},{Tests}"), Goal(Votes, Steps), Goal(Tests, "\"build\":{\"repository\":\".\"}"),
            Goal(Critics, "\"stakes\":\"high\""), Goal(Critics, "\"context\":[\"a\",{\"name\":\"n\",\"text\":\"t\"}]"), Goal(Votes, "\"tools\":[]"),
        ];
        string[] wrong =
        [
            Goal(""),
            Goal($"{Critics},{Votes}"),
            Goal($"{Tests},{Votes}"),
            Goal(Critics, Steps),
            Goal(Critics, "\"build\":{\"repository\":\".\"}"),
            Goal("\"tests\":{\"wasm\":\"a\"}", "\"build\":{\"repository\":\".\"}"),
            Goal(Tests, "\"stakes\":\"high\""),
            Goal(Critics, "\"stakes\":\"higher\""),
            Goal(Votes, "\"tools\":[\"a.b\"]"),
            Goal(Critics, "\"space\":{\"x\":{\"real\":[0,1]}}"),
            Goal("\"critics\":{\"quorum\":0}"),
            Goal("\"critics\":{\"treshold\":0.5}"),
            Goal("\"critics\":{\"confidence\":0.5}"),
            Goal("\"votes\":{}"),
            Goal(Votes.Replace("}}", "},\"accuracy\":0.5}", StringComparison.Ordinal)),
            Goal(Votes.Replace("}}", "},\"reliability\":1}", StringComparison.Ordinal)),
            Goal(Votes.Replace("}}", "},\"lead\":65}", StringComparison.Ordinal)),
            Goal(Votes.Replace("\"}}", "\",\"maxCharacters\":40001}}", StringComparison.Ordinal)),
            Goal("\"tests\":{\"command\":[\"a\"],\"wasm\":\"b\"}"),
            Goal("\"tests\":{\"command\":[\"a\"],\"fuel\":5}"),
            Goal("\"tests\":{\"command\":[]}"),
            Goal(Critics, "\"context\":[]"),
            Goal(Critics, "\"context\":[{\"name\":\"n\"}]"),
            Goal(Critics, "\"width\":17"),
            Goal(Critics, "\"answerTokens\":15"),
            Goal(Critics, "\"tasks\":[\" \"]"),
            Goal(Votes, Steps.Replace("5", "0", StringComparison.Ordinal)),
            Goal(Votes, Steps.Replace("instruction", "instructions", StringComparison.Ordinal)),
            Goal(Critics).Replace("\"tokens\":9", "\"rounds\":2", StringComparison.Ordinal),
            Goal(Critics).Replace("\"tokens\":9", "\"calls\":{\"edge\":1,\"core\":1}", StringComparison.Ordinal),
            Goal(Critics).Replace("\"tokens\":9", "\"evaluations\":9", StringComparison.Ordinal),
            Goal(Critics).Replace("\"tokens\":9", "\"tokens\":0", StringComparison.Ordinal),
        ];
        Assert.All(right, goal => Assert.NotNull(GoalFile.Parse(goal)));
        Assert.All(wrong, goal => Assert.Throws<GoalSpecException>(() => GoalFile.Parse(goal)));
        var verdicts = await JudgeAsync([.. right, .. wrong]);
        Assert.Equal([.. right.Select(_ => "valid"), .. wrong.Select(_ => "invalid")], verdicts);
    }

    private static string Goal(string check, string more = "") =>
        $$"""{"objective":"o","check":{{{check}}},"budget":{"tokens":9}{{(more.Length > 0 ? "," : "")}}{{more}}}""";

    private static Task<string[]> JudgeAsync(string[] goals) => JsonSchemaJudge.JudgeAsync("docs/goal.schema.json", goals);
}
