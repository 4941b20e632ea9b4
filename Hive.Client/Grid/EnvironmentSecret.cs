namespace Hive.Client.Grid;

/// <summary>Secrets as the environment gives them: a variable, or a file that a variable names. Arguments are for all to read, so none comes from there.</summary>
public static class EnvironmentSecret
{
    /// <summary>Reads a secret: the variable <paramref name="name"/>, or the file that <paramref name="name"/><c>_FILE</c> names, without its last line's end.</summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="environment">Reads a variable; null for the process's own.</param>
    /// <returns>The secret; null where neither variable is set.</returns>
    /// <exception cref="ArgumentException">The file cannot be read.</exception>
    public static string? Read(string name, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        if (environment(name) is { Length: > 0 } value)
        {
            return value;
        }

        if (environment(name + "_FILE") is not { Length: > 0 } file)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"{name}_FILE names {file}, which cannot be read: {e.Message}");
        }
    }
}
