namespace Hive.Testing;

/// <summary>The files of the repository that the tests were built in.</summary>
public static class Repository
{
    /// <summary>The full path of a file or folder.</summary>
    /// <param name="path">Its path from the repository's root.</param>
    public static string PathOf(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hive.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"there is no Hive.sln above {AppContext.BaseDirectory}");
        }

        return Path.Combine(folder.FullName, path);
    }
}
