using System.Collections.Immutable;
using Hive.Processes;

namespace Hive.Evaluators.Commands;

/// <summary>An evaluator's command, found and ready to be started any number of times. Disposing of it ends whatever it started.</summary>
internal sealed class EvaluatorProgram : IDisposable
{
    private readonly string _file;
    private readonly ImmutableArray<string> _arguments;
    private readonly string _directory;
    private readonly TimeProvider _clock;
    private readonly Supervision _supervision;

    /// <summary>Finds a command.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="directory">The folder it runs in.</param>
    /// <param name="supervision">Ends what it starts; disposed of with this.</param>
    /// <param name="clock">Measures graces.</param>
    /// <exception cref="EvaluatorException">It does not exist.</exception>
    public EvaluatorProgram(ImmutableArray<string> command, string directory, Supervision supervision, TimeProvider clock)
    {
        _file = EvaluatorFile.Find(command[0], directory);
        _arguments = command.RemoveAt(0);
        _directory = directory;
        _supervision = supervision;
        _clock = clock;
        CommandLine = string.Join(' ', command);
    }

    /// <summary>The command as its author wrote it, for messages.</summary>
    public string CommandLine { get; }

    /// <summary>Starts it.</summary>
    /// <exception cref="EvaluatorException">The system cannot start it.</exception>
    public ChildProcess Start()
    {
        var start = CleanStart.In(_directory);
        _supervision.Apply(start, _file, _arguments);
        try
        {
            return ChildProcess.Start(start, _supervision, _clock);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw new EvaluatorException($"the evaluator '{CommandLine}' cannot be started in '{_directory}': {e.Message}", e);
        }
    }

    /// <summary>Kills what left the group of the program that started it.</summary>
    public void KillStrays() => _supervision.KillStrays();

    /// <inheritdoc/>
    public void Dispose() => _supervision.Dispose();
}
