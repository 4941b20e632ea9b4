using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Text;

namespace Hive.Processes;

/// <summary>
/// Ties programs to the one who starts them, their owner: whatever they start, and however this process ends, nothing is left running.
/// <para>
/// On Linux each program runs in a session of its own, led by a small shell: the program is its child, and so is a watcher that reads a pipe to which only this
/// process holds the other end. When that end closes, because the owner is disposed of or because this process was killed, the watcher kills the group.
/// A process that left the group (a daemon) still carries the owner's mark in its environment, and is found by it.
/// </para>
/// <para>Elsewhere, and where <c>setsid</c> or <c>sh</c> is missing, a program is started as it is, and ended with the processes that are still its descendants.</para>
/// </summary>
internal sealed class Supervision : IDisposable
{
    /// <summary>The environment variable that marks every process of an owner.</summary>
    public const string Mark = "HIVE_MARK";

    private const int MaxSweeps = 5;
    private const int MaxLooks = 50;

    // The watcher ignores what asks the program to end, so that it outlives the time the program gets for that. `read self` is how a subshell learns its own
    // number. The shell lets go of the program's pipes, so that their other ends see when the program closes them.
    private const string Script = """
        lifeline=$1
        shift
        (
            trap '' HUP INT TERM
            read -r line
            read -r self rest </proc/self/stat
            for sweep in 1 2 3; do
                for found in $(grep -lsF "HIVE_MARK=$HIVE_MARK" /proc/[0-9]*/environ); do
                    found=${found#/proc/}
                    found=${found%/environ}
                    [ "$found" = "$self" ] || kill -KILL "$found"
                done
            done
            kill -KILL 0
        ) <"/proc/self/fd/$lifeline" >/dev/null 2>&1 &
        watcher=$!
        trap : TERM
        exec 3<&0
        "$@" <&3 3<&- &
        program=$!
        exec 3<&- </dev/null >/dev/null 2>&1
        while wait "$program"; status=$?; kill -0 "$program"; do :; done
        kill -KILL "$watcher"
        wait "$watcher"
        exit "$status"
        """;

    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly string? _setsid;
    private readonly string? _shell;
    private readonly AnonymousPipeServerStream? _lifeline;

    /// <param name="withGroups">Whether to use process groups where the system has what that takes.</param>
    public Supervision(bool withGroups = true)
    {
        if (withGroups && OperatingSystem.IsLinux() && ProgramFile.OnPath("setsid") is { } setsid && ProgramFile.OnPath("sh") is { } shell)
        {
            _setsid = setsid;
            _shell = shell;
            _lifeline = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        }
    }

    /// <summary>Whether a program leads a process group of its own.</summary>
    public bool HasGroups => _lifeline is not null;

    /// <summary>Makes a program start under supervision.</summary>
    /// <param name="start">How it is to be started; its file name and arguments are replaced, its environment gets the mark.</param>
    /// <param name="program">The program's full path.</param>
    /// <param name="arguments">Its arguments.</param>
    public void Apply(ProcessStartInfo start, string program, IEnumerable<string> arguments)
    {
        start.Environment[Mark] = _mark;
        start.FileName = _setsid ?? program;
        if (_lifeline is not null)
        {
            string[] supervisor = [_shell!, "-c", Script, "program", _lifeline.GetClientHandleAsString(), program];
            Array.ForEach(supervisor, start.ArgumentList.Add);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
    }

    /// <summary>Kills what bears the owner's mark and runs still: processes that left their group.</summary>
    public void KillStrays()
    {
        if (!HasGroups)
        {
            return;
        }

        // What a stray starts while the strays are looked for is found the next time.
        var mark = Encoding.ASCII.GetBytes(Mark + "=" + _mark);
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            if (!KillMarked(mark))
            {
                return;
            }
        }
    }

    /// <summary>Ends all that is left.</summary>
    public void Dispose()
    {
        KillStrays();
        _lifeline?.Dispose();
    }

    private static bool KillMarked(byte[] mark)
    {
        var isAnyFound = false;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var process) && HasMark(folder, mark))
            {
                Signals.KillProcess(process);
                isAnyFound = true;
            }
        }

        return isAnyFound;
    }

    private static bool HasMark(string folder, byte[] mark)
    {
        try
        {
            var environment = File.ReadAllBytes(Path.Combine(folder, "environ"));
            var pause = new SpinWait();
            while (environment.Length == 0 && pause.Count < MaxLooks && HasMemory(folder))
            {
                // A process in the middle of execve(2) shows none yet.
                pause.SpinOnce();
                environment = File.ReadAllBytes(Path.Combine(folder, "environ"));
            }

            return environment.AsSpan().IndexOf(mark) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that ended meanwhile.
            return false;
        }
    }

    /// <summary>Whether it is neither a thread of the kernel nor a process that has ended: those show an environment never again.</summary>
    private static bool HasMemory(string folder) => !File.ReadAllText(Path.Combine(folder, "statm")).StartsWith("0 ", StringComparison.Ordinal);
}
