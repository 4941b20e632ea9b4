namespace Hive.Testing;

/// <summary>Directories for one test, below the system's temporary directory.</summary>
public static class TemporaryDirectory
{
    /// <summary>Makes an empty directory that nobody else uses, and returns its path.</summary>
    /// <param name="name">How its name begins.</param>
    public static string Create(string name) => Directory.CreateTempSubdirectory(name + "-").FullName;

    /// <summary>Removes a directory with all that is in it; one that is gone already is no error.</summary>
    /// <param name="path">Its path.</param>
    public static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
        }
    }
}
