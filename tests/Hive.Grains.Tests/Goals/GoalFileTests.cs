using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hive.Goals;
using Hive.Testing;

namespace Hive.Grains.Tests.Goals;

public sealed class GoalFileTests : IDisposable
{
    private readonly string _folder = TemporaryDirectory.Create("hive-goal-file");

    private const string Good = """
        {
          "objective": "Find the lowest point",
          "check": { "metric": { "name": "loss", "direction": "minimize", "target": 0.001, "evaluator": { "builtin": "sphere" } } },
          "space": { "x": { "real": [-5, 5] }, "n": { "integer": [1, 8] }, "kind": { "choice": ["a", 2, true] } },
          "budget": { "evaluations": 1000 },
          "agents": 4, "seed": 7
        }
        """;

    public void Dispose() => TemporaryDirectory.Delete(_folder);

    [Fact]
    public void What_is_written_reads_back_equal() =>
        Prop.ForAll(GoalSpecs.Arbitrary, spec =>
        {
            var text = GoalFile.Write(spec);
            return GoalFile.Write(GoalFile.Parse(text)) == text && Same(GoalFile.Parse(text), spec);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_written_of_a_goal_for_brains_reads_back_equal() =>
        Prop.ForAll(BrainGoalSpecs.Arbitrary, spec => GoalFile.Write(GoalFile.Parse(GoalFile.Write(spec))) == GoalFile.Write(spec)).QuickCheckThrowOnFailure();

    [Fact]
    public void Texts_are_read_from_files_beside_the_goal_file_and_never_for_a_goal_from_elsewhere()
    {
        const string Goal = """{ "objective": "o", "check": { "critics": {} }, "context": ["said", { "file": "notes.md" }, { "file": "notes.md", "name": "n" }], "budget": { "tokens": 9 } }""";
        File.WriteAllText(Path.Combine(_folder, "goal.json"), Goal);
        File.WriteAllText(Path.Combine(_folder, "notes.md"), "\uFEFFwhat was noted");
        var spec = GoalFile.Load(Path.Combine(_folder, "goal.json"));
        Assert.Equal([new("text 1", "said"), new("notes.md", "what was noted"), new("n", "what was noted")], spec.Cognition!.Context);
        Assert.Contains("has its texts with it", Assert.Throws<GoalSpecException>(() => GoalFile.Parse(Goal, _folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "there is no file notes.md")]
    [InlineData("", "is empty")]
    [InlineData("a\0b", "is no text")]
    [InlineData("half a surrogate pair", "is no UTF-8 text")]
    public void A_text_that_cannot_be_read_is_told_with_its_place(string? text, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, "goal.json"), """{ "objective": "o", "check": { "critics": {} }, "context": [{ "file": "notes.md" }], "budget": { "tokens": 9 } }""");
        if (text is not null)
        {
            File.WriteAllBytes(Path.Combine(_folder, "notes.md"), text == "half a surrogate pair" ? [0xED, 0xA0, 0x80] : Encoding.UTF8.GetBytes(text));
        }

        var mistake = Assert.Single(Assert.Throws<GoalSpecException>(() => GoalFile.Load(Path.Combine(_folder, "goal.json"))).Mistakes);
        Assert.Equal("context[0].file", mistake.Path);
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_goal_is_read_as_it_is_written_by_hand()
    {
        var spec = GoalFile.Parse(Good, "/goals");
        Assert.Equal("Find the lowest point", spec.Objective);
        Assert.Equal(MetricDirection.Minimize, spec.Metric!.Direction);
        Assert.Equal(0.001, spec.Metric.Target);
        Assert.Equal(["x", "n", "kind"], spec.Space.Select(name => name.Name));
        Assert.Equal(new ChoiceDimension(["\"a\"", "2", "true"]), spec.Space[2].Dimension);
        Assert.Equal(new GoalBudget(1000, null, null), spec.Budget);
        Assert.Equal((4, 7L, "/goals"), (spec.Agents, spec.Seed, spec.Directory));
    }

    [Theory]
    [InlineData("\"minimize\"", "\"minimise\"", "check.metric.direction", "maximize")]
    [InlineData("\"seed\": 7", "\"sed\": 7", "sed", "did you mean 'seed'")]
    [InlineData("\"evaluations\": 1000", "\"evaluations\": 0", "budget.evaluations", "from 1 to")]
    [InlineData("{ \"evaluations\": 1000 }", "{}", "budget", "bounds nothing")]
    [InlineData("{ \"evaluations\": 1000 }", "{ \"seconds\": 0 }", "budget.seconds", "above 0")]
    [InlineData("{ \"builtin\": \"sphere\" }", "{}", "check.metric.evaluator", "builtin")]
    [InlineData("{ \"builtin\": \"sphere\" }", "{ \"command\": [] }", "check.metric.evaluator.command", "1 to")]
    [InlineData("{ \"builtin\": \"sphere\" }", "{ \"command\": [\"x\"], \"protocol\": \"line\" }", "check.metric.evaluator.protocol", "lines")]
    [InlineData("[-5, 5]", "[5, -5]", "space.x.real", "below the upper")]
    [InlineData("[-5, 5]", "[5]", "space.x.real", "it must have 2")]
    [InlineData("{ \"real\": [-5, 5] }", "{ \"logReal\": [0, 5] }", "space.x.logReal", "above 0")]
    [InlineData("{ \"real\": [-5, 5] }", "{ \"reel\": [0, 5] }", "space.x.reel", "no shape")]
    [InlineData("{ \"real\": [-5, 5] }", "7", "space.x", "no shape")]
    [InlineData("[\"a\", 2, true]", "[\"a\", 2, 2.0]", "space.kind.choice[2]", "twice")]
    [InlineData("[1, 8]", "[1.5, 8]", "space.n.integer[0]", "whole number")]
    [InlineData("\"Find the lowest point\"", "\"  \"", "objective", "empty")]
    [InlineData("\"agents\": 4", "\"agents\": \"4\"", "agents", "whole number")]
    [InlineData("\"seed\": 7", "\"tiers\": []", "tiers", "1 to")]
    [InlineData("\"seed\": 7", "\"tiers\": [\"edgy\"]", "tiers[0]", "edge, worker, core")]
    [InlineData("\"seed\": 7", "\"tiers\": [\"edge\", \"edge\"]", "tiers[1]", "twice")]
    [InlineData("\"target\": 0.001", "\"target\": null", "check.metric.target", "finite number")]
    [InlineData("\"seed\": 7", "\"seed\": 7, \"seed\": 8", "$", "not JSON")]
    [InlineData("{\n  \"objective\"", "[{\n  \"objective\"", "$", "not JSON")]
    public void A_mistake_is_told_with_its_path_and_its_mending(string right, string wrong, string path, string mending)
    {
        var text = Good.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Good, text);
        var refused = Assert.Throws<GoalSpecException>(() => GoalFile.Parse(text));
        var mistake = Assert.Single(refused.Mistakes);
        Assert.Equal(path, mistake.Path);
        Assert.Contains(mending, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("objective")]
    [InlineData("check")]
    [InlineData("space")]
    [InlineData("budget")]
    public void A_missing_member_is_told(string member)
    {
        var text = Good.Replace($"\"{member}\":", $"\"$schema\": \"s\", \"{member}_\":", StringComparison.Ordinal);
        var refused = Assert.Throws<GoalSpecException>(() => GoalFile.Parse(text));
        Assert.Contains(refused.Mistakes, mistake => mistake.Path == member && mistake.Message.Contains("missing", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var refused = Assert.Throws<GoalSpecException>(() => GoalFile.Parse("""{"objective": 3, "check": {}, "space": {}, "budget": {"rounds": 0}, "colour": 1}"""));
        Assert.Equal(["colour", "objective", "check.metric", "space", "budget.rounds", "budget"], refused.Mistakes.Select(mistake => mistake.Path));
    }

    [Fact]
    public void A_space_too_large_is_refused_without_being_built()
    {
        const string Huge = """{"vector":{"length":20000,"of":{"vector":{"length":20000,"of":{"vector":{"length":20000,"of":{"real":[0,1]}}}}}}}""";
        var refused = Assert.Throws<GoalSpecException>(() => GoalFile.Parse(Good.Replace("{ \"real\": [-5, 5] }", Huge, StringComparison.Ordinal)));
        Assert.Equal("space", Assert.Single(refused.Mistakes).Path);
    }

    [Fact]
    public void Whatever_the_bytes_only_a_goal_or_its_mistakes_come_out() =>
        Prop.ForAll(
            (from at in Gen.Choose(0, Good.Length - 1) from with in Gen.Elements('"', '{', '}', '[', ']', ',', ':', '0', 'x', '\\', '\u0001', 'é') select (at, with)).ListOf(5).ToArbitrary(),
            edits =>
            {
                var text = new StringBuilder(Good);
                foreach (var (at, with) in edits)
                {
                    text[at] = with;
                }

                try
                {
                    return GoalFile.Parse(text.ToString()).Space.Length > 0;
                }
                catch (GoalSpecException e)
                {
                    return e.Mistakes.Count > 0 && e.Mistakes.All(mistake => mistake.Path.Length > 0 && mistake.Message.Length > 0);
                }
            }).QuickCheckThrowOnFailure();

    private static bool Same(GoalSpec a, GoalSpec b) =>
        a with { Space = [], Tiers = [], Metric = b.Metric } == b with { Space = [], Tiers = [] }
        && a.Space.AsSpan().SequenceEqual(b.Space.AsSpan())
        && a.Tiers.AsSpan().SequenceEqual(b.Tiers.AsSpan())
        && a.Metric! with { Evaluator = b.Metric!.Evaluator } == b.Metric
        && Same(a.Metric!.Evaluator, b.Metric.Evaluator);

    private static bool Same(EvaluatorSpec a, EvaluatorSpec b) =>
        a is BuiltinEvaluatorSpec x && b is BuiltinEvaluatorSpec y ? x.Name == y.Name && x.Parameters.SequenceEqual(y.Parameters) : a == b;
}
