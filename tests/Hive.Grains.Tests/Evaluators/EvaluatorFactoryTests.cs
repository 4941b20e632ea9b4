using System.Collections.Immutable;
using Hive.Evaluators;
using Hive.Evaluators.Builtin;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>An evaluator that cannot work is refused before anything starts, with what is wrong and how to mend it.</summary>
public class EvaluatorFactoryTests
{
    private static readonly SearchSpace Choices = SearchSpace.Of([new NamedDimension("c", new ChoiceDimension(["1", "2"]))]);

    public static TheoryData<string[], string> BadCommands => new()
    {
        { ["no-such-program-here"], "neither on PATH nor in" },
        { ["./missing.sh"], "missing.sh' does not exist" },
        { ["./notes.txt"], "notes.txt' is not executable; run 'chmod +x'" },
        { ["notes.txt"], "is not executable" },
        { ["python3", "missing.py"], "the evaluator's script '" },
        { ["python3", "-u", "missing.py", "--fast"], "missing.py' does not exist" },
        { ["sh", "missing.sh"], "missing.sh' does not exist" },
    };

    [Theory]
    [MemberData(nameof(BadCommands))]
    public void A_command_that_does_not_exist_is_refused(string[] command, string reason)
    {
        using var bench = new Workbench();
        bench.Write("notes.txt", "no program");

        var error = Assert.Throws<EvaluatorException>(() => CheckCommand(bench.Folder, command));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_command_that_exists_is_accepted()
    {
        using var bench = new Workbench();
        bench.Write("score.py", "");
        bench.WriteProgram("run", "#!/bin/sh\n");

        CheckCommand(bench.Folder, "python3", "score.py");
        CheckCommand(bench.Folder, "python3", "-c", "import missing.py");
        CheckCommand(bench.Folder, "python3", "-m", "package.py");
        CheckCommand(bench.Folder, "./run", "data.csv");
        CheckCommand(bench.Folder, bench.PathOf("run"));
        CheckCommand(Path.GetRelativePath(Environment.CurrentDirectory, bench.Folder), "./run");
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_refused()
    {
        var error = Assert.Throws<EvaluatorException>(() => CheckCommand("/nowhere/at/all", "sh"));

        Assert.Contains("the folder '/nowhere/at/all'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_builtin_that_does_not_exist_is_refused_with_those_that_do()
    {
        var error = Assert.Throws<EvaluatorException>(() => EvaluatorFactory.Check(Builtin("spheer"), Workbench.Space, "."));

        Assert.Contains("there is no built-in evaluator 'spheer'; write one of ackley, ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_builtin_refuses_settings_and_spaces_that_it_does_not_know()
    {
        var spec = Builtin("sphere") with { Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("scale", "2") };

        Assert.Contains("remove \"scale\"", Assert.Throws<EvaluatorException>(() => EvaluatorFactory.Check(spec, Workbench.Space, ".")).Message, StringComparison.Ordinal);
        Assert.Contains("it wants real", Assert.Throws<EvaluatorException>(() => EvaluatorFactory.Check(Builtin("sphere"), Choices, ".")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sphere", 0)]
    [InlineData("rastrigin", 0)]
    [InlineData("ackley", 0)]
    [InlineData("rosenbrock", 1)]
    public async Task A_test_function_has_its_minimum_of_0_where_it_says(string name, double gene)
    {
        await using var evaluator = Create(name);
        double[][] points = [[gene, gene], [gene + 0.1, gene], [gene, gene - 0.1], [3, -4]];
        var results = new Measurement[points.Length];

        await evaluator.MeasureAsync(points, results, TestContext.Current.CancellationToken);

        Assert.Equal(0, results[0].Metric, 1e-12);
        Assert.All(results[1..], result => Assert.True(result.Metric > 0.001 && result.IsFeasible));
    }

    [Fact]
    public async Task Test_functions_agree_with_values_worked_out_by_hand()
    {
        Assert.Equal(25, await ValueAsync("sphere", 3, -4));
        Assert.Equal(100 + 1, await ValueAsync("rosenbrock", 0, 1));
        Assert.Equal(20 + 0.25 + 0.25 + 10 + 10 - 20 + 20, await ValueAsync("rastrigin", 0.5, 0.5), 1e-12);
        Assert.Equal(20 + Math.E - (20 * Math.Exp(-0.2)) - Math.E, await ValueAsync("ackley", 1, 1), 1e-12);
        Assert.Equal(0, await ValueAsync("noop", 7, 8));
    }

    [Fact]
    public async Task A_builtin_stops_when_it_is_cancelled()
    {
        await using var evaluator = Create("noop");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => evaluator.MeasureAsync([[1, 2]], new Measurement[1], new CancellationToken(canceled: true)).AsTask());
    }

    [Fact]
    public void Every_builtin_has_a_description_under_its_name() =>
        Assert.All(BuiltinCatalogue.All, entry => Assert.True(entry.Key == entry.Value.Name && entry.Value.Description.Length > 0 && entry.Value.Space.Length > 0));

    private static void CheckCommand(string folder, params string[] command) =>
        EvaluatorFactory.Check(new CommandEvaluatorSpec([.. command], EvaluatorProtocol.Once, 1), Workbench.Space, folder);

    private static BuiltinEvaluatorSpec Builtin(string name) => new(name, ImmutableSortedDictionary<string, string>.Empty);

    private static IEvaluator Create(string name) =>
        EvaluatorFactory.Create(Builtin(name), Workbench.Metric(Builtin(name)), Workbench.Space, ".", TimeProvider.System);

    private static async Task<double> ValueAsync(string name, double x, double y)
    {
        await using var evaluator = Create(name);
        var results = new Measurement[1];
        await evaluator.MeasureAsync([[x, y]], results, CancellationToken.None);
        return results[0].Metric;
    }
}
