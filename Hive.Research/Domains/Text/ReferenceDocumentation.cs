using System.Runtime.InteropServices;

namespace Hive.Research.Text;

/// <summary>
/// Real text that every .NET SDK has: the XML documentation of its reference pack <c>Microsoft.NETCore.App.Ref</c>, the one pack that is the same on every
/// operating system. The same pack gives the same documents in the same order on every machine.
/// </summary>
public static class ReferenceDocumentation
{
    private const string Pack = "Microsoft.NETCore.App.Ref";

    /// <summary>Reads the documents of an SDK, sorted by name.</summary>
    /// <param name="maxCharacters">The most characters of text, above 0. Where there is more, an even sample is kept, chosen by a hash of the names.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <param name="dotnetDirectory">
    /// The directory that <c>dotnet</c> is installed in; null looks where this process, <c>DOTNET_ROOT</c> and the installers have it.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no reference pack; the message says where it was looked for and what to do.</exception>
    /// <exception cref="FormatException">A file of the pack is damaged; the message names it.</exception>
    public static IReadOnlyList<TextDocument> Read(long maxCharacters, CancellationToken cancellation, string? dotnetDirectory = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCharacters);
        string[] directories = dotnetDirectory is null ? [.. InstallDirectories()] : [dotnetDirectory];
        var files = directories.Select(Files).FirstOrDefault(found => found.Length > 0)
            ?? throw new FileNotFoundException(
                $"no reference pack with documentation was found (packs/{Pack}/*/ref/*/*.xml below {string.Join(", ", directories)}): "
                + "install the .NET SDK, set DOTNET_ROOT to where it is, or give a text file of your own");
        var documents = new List<TextDocument>();
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            documents.AddRange(XmlDocumentation.Read(file));
        }

        return Sample(documents, maxCharacters);
    }

    private static List<TextDocument> Sample(List<TextDocument> documents, long maxCharacters)
    {
        var left = maxCharacters;
        return
        [
            .. documents.DistinctBy(document => document.Name, StringComparer.Ordinal)
                .OrderBy(document => StableHash.Of(document.Name)).ThenBy(document => document.Name, StringComparer.Ordinal)
                .TakeWhile(document => (left -= document.Text.Length) >= 0)
                .OrderBy(document => document.Name, StringComparer.Ordinal),
        ];
    }

    private static string[] Files(string directory)
    {
        var pack = Path.Combine(directory, "packs", Pack);
        if (!Directory.Exists(pack)) return [];
        var newest = Directory.GetDirectories(pack).OrderByDescending(VersionOf).ThenByDescending(path => path, StringComparer.Ordinal).FirstOrDefault();
        if (newest is null || !Directory.Exists(Path.Combine(newest, "ref"))) return [];
        return [.. Directory.EnumerateFiles(Path.Combine(newest, "ref"), "*.xml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    private static Version VersionOf(string path) => Version.TryParse(Path.GetFileName(path).Split('-')[0], out var version) ? version : new Version(0, 0);

    private static IEnumerable<string> InstallDirectories()
    {
        // The runtime lies in <dotnet>/shared/Microsoft.NETCore.App/<version>/.
        var ofThisProcess = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string?[] directories =
        [
            Environment.GetEnvironmentVariable("DOTNET_ROOT"),
            ofThisProcess,
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet"),
            OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "dotnet") : "/usr/share/dotnet",
            OperatingSystem.IsMacOS() ? "/usr/local/share/dotnet" : "/usr/lib/dotnet",
        ];
        return directories.OfType<string>().Where(path => path.Length > 0).Distinct();
    }
}
