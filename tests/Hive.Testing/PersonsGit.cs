using System.Diagnostics;

namespace Hive.Testing;

/// <summary>Runs git as a person would, with a name but without any other setting of this machine.</summary>
public static class PersonsGit
{
    /// <summary>Runs git.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="arguments">What.</param>
    /// <returns>What it printed, without the last line's end.</returns>
    /// <exception cref="InvalidOperationException">It failed; with what it said.</exception>
    public static string Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        foreach (var who in new[] { "AUTHOR", "COMMITTER" })
        {
            start.Environment[$"GIT_{who}_NAME"] = "A person";
            start.Environment[$"GIT_{who}_EMAIL"] = "person@example.org";
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.TrimEnd('\n') : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error.Result}");
    }
}
