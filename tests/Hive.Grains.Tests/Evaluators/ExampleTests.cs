using Hive.Evaluators;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>The examples are valid goals whose evaluators measure every candidate of their space, the same each time.</summary>
public class ExampleTests
{
    private static readonly string Folder = Repository.PathOf("examples");

    public static TheoryData<string> Examples => [.. Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileName(path)!)];

    /// <summary>Those that are judged by a metric; the others are for brains, and have no evaluator.</summary>
    public static TheoryData<string> MeasuredExamples =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Where(path => GoalFile.Load(path).Metric is not null).Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(MeasuredExamples))]
    public async Task An_example_measures_any_candidate_and_repeats(string file)
    {
        var goal = GoalFile.Load(Path.Combine(Folder, file));
        var space = SearchSpace.Of(goal.Space);
        var random = new Random(1);
        double[][] points = [.. Enumerable.Range(0, 20).Select(_ => AnyPoint(space, random))];
        var first = new Measurement[points.Length];
        var second = new Measurement[points.Length];
        var before = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Order();

        foreach (var results in new[] { first, second })
        {
            await using var evaluator = EvaluatorFactory.Create(goal.Metric!.Evaluator, goal.Metric, space, goal.Directory!, TimeProvider.System);
            await evaluator.MeasureAsync(points, results, TestContext.Current.CancellationToken);
        }

        Assert.All(first, result => Assert.Null(result.Failure));
        Assert.Equal(first, second);
        Assert.Equal(before, Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Order());
    }

    [Theory]
    [InlineData("shell-evaluator.json", """{"radius": 5.42, "height": 10.84}""", 553.732, 0)]
    [InlineData("shell-evaluator.json", """{"radius": 5.00, "height": 10}""", 471.239, 0.2146)]
    [InlineData("python-evaluator.json", """{"oscillations": [[3.2, 0.18, 0.83, 0.6], [1.7, 0.09, 1.27, -1.9]], "offset": 1.1}""", 0.116, 0)]
    public async Task An_example_measures_what_can_be_worked_out_by_hand(string file, string candidate, double metric, double violation)
    {
        var goal = GoalFile.Load(Path.Combine(Folder, file));
        var space = SearchSpace.Of(goal.Space);
        var results = new Measurement[1];
        await using var evaluator = EvaluatorFactory.Create(goal.Metric!.Evaluator, goal.Metric, space, goal.Directory!, TimeProvider.System);

        await evaluator.MeasureAsync([space.FromJson(candidate)], results, TestContext.Current.CancellationToken);

        Assert.Equal(metric, results[0].Metric, 0.001);
        Assert.Equal(violation, results[0].Violation, 0.0001);
    }

    [Fact]
    public void Every_example_is_in_the_table() =>
        Assert.All(Examples, row => Assert.Contains($"({row.Data})", File.ReadAllText(Path.Combine(Folder, "README.md")), StringComparison.Ordinal));

    private static double[] AnyPoint(SearchSpace space, Random random) =>
        [.. space.Genes.Select(gene => gene.Kind is GeneKind.Real or GeneKind.LogReal
            ? gene.Low + ((gene.High - gene.Low) * random.NextDouble())
            : random.NextInt64((long)gene.Low, (long)gene.High + 1))];
}
