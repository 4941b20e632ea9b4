using System.Text.RegularExpressions;
using Hive.Research;
using Hive.Research.Domains;
using Hive.Testing;

namespace Hive.Grains.Tests.Research.Domains;

/// <summary>What <c>docs/your-own-domain.md</c> says works as it says.</summary>
public sealed partial class YourOwnDomainTests : IDisposable
{
    private readonly string _folder = TemporaryDirectory.Create("hive-own-domain");

    [Fact]
    public async Task The_files_on_the_page_are_a_domain_in_which_there_is_something_to_find()
    {
        var files = Files();
        foreach (var (name, text) in files) File.WriteAllText(Path.Combine(_folder, name), text);
        await using var domain = Assert.IsType<EvaluatorDomain>(DomainCatalogue.Make(Path.Combine(_folder, "my-domain.json"), null, TimeProvider.System, default));
        Assert.Equal(("my-domain", "loss", Direction.Minimize), (domain.Name, domain.Metric, domain.Direction));
        Assert.Equal(["terms", "shrinkage", "scaling"], domain.Space.Techniques.Select(technique => technique.Name));

        var better = domain.Baseline.With(0, 5).With(1, 0.01);
        foreach (var part in Enum.GetValues<DataPart>())
        {
            var first = await Run(domain, domain.Baseline, 1, part);
            var second = await Run(domain, better, 1, part);
            Assert.Null(first.Failure);
            Assert.True(second.Value < first.Value / 2, $"{part}: {second.Value} against {first.Value}");
            Assert.NotEqual(second.Value, (await Run(domain, better, 2, part)).Value);
        }
    }

    [Fact]
    public void The_examples_are_the_files_on_the_page_and_every_example_is_a_domain()
    {
        foreach (var (name, text) in Files()) Assert.Equal(text, File.ReadAllText(Repository.PathOf($"examples/domains/{name}")));
        foreach (var file in Directory.GetFiles(Repository.PathOf("examples/domains"), "*.json")) Assert.NotNull(EvaluatorDomain.Load(file, TimeProvider.System).Baseline);
    }

    public void Dispose() => TemporaryDirectory.Delete(_folder);

    private static async Task<ExperimentResult> Run(EvaluatorDomain domain, Configuration point, ulong seed, DataPart part) =>
        await domain.RunAsync(point, seed, part, TestContext.Current.CancellationToken);

    /// <summary>The blocks whose first line names a file.</summary>
    private static Dictionary<string, string> Files() =>
        Block().Matches(File.ReadAllText(Repository.PathOf("docs/your-own-domain.md"))).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    [GeneratedRegex(@"^```\w+ (\S+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
