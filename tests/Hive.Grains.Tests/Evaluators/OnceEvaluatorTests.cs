using Hive.Evaluators;
using Hive.Goals;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>Protocol <c>once</c> with programs that behave.</summary>
public class OnceEvaluatorTests
{
    [Fact]
    public async Task A_process_gets_the_candidate_and_prints_its_metric()
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Python(EvaluatorProtocol.Once, """
            import json, sys
            candidate = json.load(sys.stdin)
            print("score:", candidate["x"] * 2)
            """);

        var results = await Workbench.MeasureAsync(evaluator, 1, 2.5);

        Assert.Equal([new Measurement(2, 0, null), new Measurement(5, 0, null)], results);
    }

    [Fact]
    public async Task The_last_line_of_a_name_counts_and_others_are_ignored()
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Shell(EvaluatorProtocol.Once, """
            echo "epoch 1"
            echo "score: 1"
            echo "violation: 9"
            echo "score : 3.5e0"
            echo "violation: 0.25"
            echo "scores: 7"
            """);

        Assert.Equal([new Measurement(3.5, 0.25, null)], await Workbench.MeasureAsync(evaluator, 0));
    }

    [Theory]
    [InlineData("""{"metric": 2, "violation": 1}""", 2, 1)]
    [InlineData("""{"score": -2e3, "note": {"metric": [7]}}""", -2000, 0)]
    [InlineData("{\n  \"metric\": 4\n}", 4, 0)]
    public async Task One_JSON_object_is_an_answer_too(string output, double metric, double violation)
    {
        using var bench = new Workbench();
        bench.Write("answer.json", output);
        await using var evaluator = bench.Shell(EvaluatorProtocol.Once, "cat answer.json");

        Assert.Equal([new Measurement(metric, violation, null)], await Workbench.MeasureAsync(evaluator, 0));
    }

    [Fact]
    public async Task Only_what_a_program_needs_of_the_environment_is_passed_on()
    {
        using var bench = new Workbench();
        Environment.SetEnvironmentVariable("HIVE_TEST_SECRET", "hush");
        await using var evaluator = bench.Shell(EvaluatorProtocol.Once, """
            env > environment.txt
            echo "score: 1"
            """);
        await Workbench.MeasureAsync(evaluator, 0);

        var names = File.ReadLines(bench.PathOf("environment.txt")).Select(line => line.Split('=')[0]);
        string[] passed = ["PATH", "HOME", "LANG", "TMPDIR", "TEMP", "TMP", "PYTHONUNBUFFERED", "HIVE_MARK"];
        string[] setByTheShell = ["PWD", "OLDPWD", "SHLVL", "_"];
        Assert.Empty(names.Except([.. passed, .. setByTheShell]));
    }

    [Fact]
    public async Task A_program_may_lie_beside_the_goal_and_runs_in_its_folder()
    {
        using var bench = new Workbench();
        bench.WriteProgram("here", "#!/bin/sh\npwd > folder.txt\necho score: $1\n");
        await using var relative = bench.Evaluator(EvaluatorProtocol.Once, Workbench.Patient, "./here", "1");
        await using var bare = bench.Evaluator(EvaluatorProtocol.Once, Workbench.Patient, "here", "2");

        Assert.Equal(1, (await Workbench.MeasureAsync(relative, 0))[0].Metric);
        Assert.Equal(2, (await Workbench.MeasureAsync(bare, 0))[0].Metric);
        Assert.EndsWith(bench.Token, File.ReadAllText(bench.PathOf("folder.txt")).TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are_without_a_shell()
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Evaluator(
            EvaluatorProtocol.Once, Workbench.Patient, "sh", "-c", "printf '%s' \"$1\" > argument.txt; echo score: 1", "sh", "a $(touch no) 'b' \"c\" \\ *");

        await Workbench.MeasureAsync(evaluator, 0);

        Assert.Equal("a $(touch no) 'b' \"c\" \\ *", File.ReadAllText(bench.PathOf("argument.txt")));
        Assert.False(File.Exists(bench.PathOf("no")));
    }
}
