namespace Hive.Wasm.Tests.Spec;

/// <summary>The official test suite, where it lies beside the repository or beside a directory above it.</summary>
internal static class OfficialSuite
{
    /// <summary>The folder of <c>.wast</c> files; null where there is none.</summary>
    public static string? Folder { get; } = Find();

    public static string WhyAbsent => "no folder shared/wasm-testsuite beside the repository; put the official test suite's .wast files there to run it";

    /// <summary>One row a file; a single row with an empty name where the folder is absent, so that the reason is stated.</summary>
    public static TheoryData<string> Files() => Folder is null
        ? new TheoryData<string>("")
        : new TheoryData<string>(Directory.GetFiles(Folder, "*.wast").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));

    private static string? Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "shared", "wasm-testsuite");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
