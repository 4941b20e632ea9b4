using Hive.Wasm.Spec;

namespace Hive.Wasm.Tests.Spec;

public class OfficialSuiteTests
{
    public static TheoryData<string> Files() => OfficialSuite.Files();

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_assertion_of_the_file_passes_or_names_the_feature_it_needs(string file)
    {
        Assert.SkipWhen(OfficialSuite.Folder is null, OfficialSuite.WhyAbsent);
        var result = SpecRunner.Run(Path.Combine(OfficialSuite.Folder!, file), TestContext.Current.CancellationToken);
        Assert.True(result.Failed == 0, $"{file}: {result.Failed} failed, {result.Passed} passed\n" + string.Join('\n', result.Failures.Take(20).Select(f => $"{file}:{f.Line}: {f.Reason}")));
        Assert.True(result.Passed + result.Skipped > 0, $"{file} holds no command");
        var name = Path.GetFileNameWithoutExtension(file);
        if (!UnsupportedFeatures.Files.ContainsKey(name) && !UnsupportedFeatures.FilesInPart.ContainsKey(name))
        {
            Assert.Empty(result.Skips);
        }
    }

    [Fact]
    public void Every_file_listed_as_unsupported_exists_and_has_something_skipped()
    {
        Assert.SkipWhen(OfficialSuite.Folder is null, OfficialSuite.WhyAbsent);
        foreach (var (file, reason) in UnsupportedFeatures.Files.Concat(UnsupportedFeatures.FilesInPart))
        {
            var result = SpecRunner.Run(Path.Combine(OfficialSuite.Folder!, file + ".wast"), TestContext.Current.CancellationToken);
            Assert.Contains(result.Skips, s => s.Reason == reason);
        }
    }
}
