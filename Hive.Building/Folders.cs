namespace Hive.Building;

/// <summary>Removes folders that programs filled.</summary>
internal static class Folders
{
    private const int Attempts = 5;

    /// <summary>Removes a folder with all in it; links are removed, not followed. One that is not there is no error.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">Something in it cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">Something in it belongs to someone else.</exception>
    public static void Delete(string path)
    {
        for (var attempt = 1; Directory.Exists(path); attempt++)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && attempt < Attempts)
            {
                // A package cache protects its folders from writing; a program that is just being killed may still add a file.
                Unprotect(path);
            }
        }
    }

    private static void Unprotect(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folders = new Stack<DirectoryInfo>([new DirectoryInfo(path)]);
        while (folders.TryPop(out var folder))
        {
            try
            {
                folder.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
                foreach (var inner in folder.EnumerateDirectories().Where(inner => inner.LinkTarget is null)) folders.Push(inner);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is gone, or it stays and the next attempt says so.
            }
        }
    }
}
