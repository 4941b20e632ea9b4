using Hive.Processes;

namespace Hive.Evaluators.Commands;

/// <summary>Finds the files behind an evaluator's command, so that a goal with a mistyped one is refused before anything starts.</summary>
internal static class EvaluatorFile
{
    private static readonly string[] ScriptExtensions = [".py", ".sh", ".js", ".mjs", ".ts", ".rb", ".pl", ".lua", ".php", ".r", ".jl", ".jar", ".dll"];

    /// <summary>The full path of a program: on PATH where it is a bare name, otherwise (or else) relative to a folder.</summary>
    /// <param name="program">The first word of a command.</param>
    /// <param name="directory">The goal's folder.</param>
    /// <exception cref="EvaluatorException">There is no such file, or it may not be executed.</exception>
    public static string Find(string program, string directory) => ProgramFile.TryFind(program, directory, out var file, out var reason)
        ? file
        : throw new EvaluatorException($"the evaluator's program {reason}");

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
}
