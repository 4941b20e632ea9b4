using System.Security.Cryptography;
using Hive.Testing;

namespace Hive.Building.Tests;

/// <summary>A person's git repository, beside which a site is made.</summary>
internal sealed class UserRepository : IDisposable
{
    private readonly string _root = TemporaryDirectory.Create("hive-building");

    public UserRepository(params (string Path, string Text)[] files)
    {
        Directory.CreateDirectory(Folder);
        Git("init", "--quiet", "--initial-branch=main");
        foreach (var (path, text) in files) Write(path, text);
        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "--message", "Begin");
    }

    public string Folder => Path.Combine(_root, "user");

    public string Sites => Path.Combine(_root, "sites");

    public string Scratch => _root;

    public string Head => Git("rev-parse", "HEAD");

    public string PathOf(string path) => Path.Combine(Folder, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    /// <summary>Writes a script that may be run.</summary>
    public static string WriteScript(string file, string text)
    {
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
        return file;
    }

    /// <summary>Runs git as the person would, with a name but without any other setting of this machine.</summary>
    public string Git(params string[] arguments) => PersonsGit.Run(Folder, arguments);

    /// <summary>Every file of the folder, git's own included, with a hash of what it holds and its rights.</summary>
    public SortedDictionary<string, string> Snapshot()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(Folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            files[Path.GetRelativePath(Folder, entry.FullName)] = entry switch
            {
                { LinkTarget: { } target } => "-> " + target,
                FileInfo file => $"{file.UnixFileMode} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName)))}",
                _ => entry.UnixFileMode.ToString(),
            };
        }

        return files;
    }

    public void Dispose() => Folders.Delete(_root);
}
