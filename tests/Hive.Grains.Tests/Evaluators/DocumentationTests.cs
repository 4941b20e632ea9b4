using Hive.Evaluators;
using Hive.Goals;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>The programs that the documentation shows do what it says.</summary>
public class DocumentationTests
{
    [Theory]
    [InlineData(0, EvaluatorProtocol.Lines)]
    [InlineData(1, EvaluatorProtocol.Once)]
    public async Task The_Python_programs_in_the_documentation_work(int index, EvaluatorProtocol protocol)
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Python(protocol, Blocks("python")[index]);
        var results = new Measurement[2];

        await evaluator.MeasureAsync([[3, -4], [0.5, 0]], results, TestContext.Current.CancellationToken);

        Assert.Equal([new Measurement(25, 0, null), new Measurement(0.25, 0, null)], results);
    }

    [Fact]
    public void Every_builtin_evaluator_is_in_the_documentation()
    {
        var text = File.ReadAllText(Repository.PathOf("docs/evaluators.md"));

        Assert.All(Hive.Evaluators.Builtin.BuiltinCatalogue.All.Keys, name => Assert.Contains($"| `{name}` |", text, StringComparison.Ordinal));
    }

    private static string[] Blocks(string language) =>
        [.. File.ReadAllText(Repository.PathOf("docs/evaluators.md")).Split("```" + language + "\n")[1..].Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])];
}
