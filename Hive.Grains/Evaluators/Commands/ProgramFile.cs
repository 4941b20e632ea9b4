namespace Hive.Evaluators.Commands;

/// <summary>Finds the file behind a command, as a shell would, so that a goal with a mistyped one is refused before anything starts.</summary>
internal static class ProgramFile
{
    private static readonly string[] ScriptExtensions = [".py", ".sh", ".js", ".mjs", ".ts", ".rb", ".pl", ".lua", ".php", ".r", ".jl", ".jar", ".dll"];

    /// <summary>The full path of a program: on PATH where it is a bare name, otherwise (or else) relative to a folder.</summary>
    /// <param name="program">The first word of a command.</param>
    /// <param name="directory">The goal's folder.</param>
    /// <exception cref="EvaluatorException">There is no such file, or it may not be executed.</exception>
    public static string Find(string program, string directory)
    {
        var isBareName = !program.Contains('/') && !(OperatingSystem.IsWindows() && program.Contains('\\'));
        if (isBareName && OnPath(program) is { } found)
        {
            return found;
        }

        var local = Path.GetFullPath(program, directory);
        if (Candidates(local).FirstOrDefault(IsExecutable) is { } executable)
        {
            return executable;
        }

        throw new EvaluatorException(File.Exists(local)
            ? $"the evaluator's program '{local}' is not executable; run 'chmod +x' on it, or put its interpreter first in \"command\""
            : isBareName
                ? $"the evaluator's program '{program}' is neither on PATH nor in '{directory}'; install it, or correct the first word of \"command\""
                : $"the evaluator's program '{local}' does not exist; correct the first word of \"command\" (relative paths start from the goal file's folder)");
    }

    /// <summary>Refuses a command whose script, as far as it can be told from an argument's ending, does not exist.</summary>
    /// <param name="arguments">The words after the program.</param>
    /// <param name="directory">The goal's folder.</param>
    /// <exception cref="EvaluatorException">The script does not exist.</exception>
    public static void RequireScript(IEnumerable<string> arguments, string directory)
    {
        // After these an interpreter takes code or a module's name, and a later word may be anything.
        var script = arguments.TakeWhile(argument => argument is not ("-c" or "-e" or "-m" or "--eval" or "--"))
            .FirstOrDefault(argument => !argument.StartsWith('-') && ScriptExtensions.Contains(Path.GetExtension(argument).ToLowerInvariant()));
        if (script is not null && !Path.Exists(Path.GetFullPath(script, directory)))
        {
            throw new EvaluatorException(
                $"the evaluator's script '{Path.GetFullPath(script, directory)}' does not exist; correct \"command\" (relative paths start from the goal file's folder)");
        }
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
