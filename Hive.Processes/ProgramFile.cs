using System.Diagnostics.CodeAnalysis;

namespace Hive.Processes;

/// <summary>Finds the file behind a command, as a shell would, so that a mistyped one is refused before anything starts.</summary>
internal static class ProgramFile
{
    /// <summary>Finds a program: on PATH where it is a bare name, otherwise (or else) relative to a folder.</summary>
    /// <param name="program">The first word of a command.</param>
    /// <param name="directory">The folder.</param>
    /// <param name="file">Its full path.</param>
    /// <param name="reason">Why there is none, and how to mend it; follows words like "the program".</param>
    /// <returns>Whether there is such a file and it may be executed.</returns>
    public static bool TryFind(string program, string directory, [NotNullWhen(true)] out string? file, [NotNullWhen(false)] out string? reason)
    {
        var isBareName = !program.Contains('/') && !(OperatingSystem.IsWindows() && program.Contains('\\'));
        var local = Path.GetFullPath(program, directory);
        file = (isBareName ? OnPath(program) : null) ?? Candidates(local).FirstOrDefault(IsExecutable);
        reason = file is not null
            ? null
            : File.Exists(local)
                ? $"'{local}' is not executable; run 'chmod +x' on it, or put its interpreter first in \"command\""
                : isBareName
                    ? $"'{program}' is neither on PATH nor in '{directory}'; install it, or correct the first word of \"command\""
                    : $"'{local}' does not exist; correct the first word of \"command\" (relative paths start from '{directory}')";
        return file is not null;
    }

    /// <summary>The first file of that name in a folder of PATH that may be executed; absent where there is none.</summary>
    /// <param name="name">A bare name.</param>
    public static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => Candidates(Path.Combine(folder, name)))
            .FirstOrDefault(IsExecutable);

    private static IEnumerable<string> Candidates(string path) =>
        OperatingSystem.IsWindows() ? [path, path + ".exe", path + ".cmd", path + ".bat"] : [path];

    private static bool IsExecutable(string path)
    {
        const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
    }
}
