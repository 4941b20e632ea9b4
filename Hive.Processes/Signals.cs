using System.Runtime.InteropServices;

namespace Hive.Processes;

/// <summary>Signals to a whole process group, which .NET's <see cref="System.Diagnostics.Process"/> cannot send (kill(2), POSIX.1-2024).</summary>
internal static class Signals
{
    /// <summary>Asks to end.</summary>
    public const int Terminate = 15;

    /// <summary>Ends without asking.</summary>
    public const int Kill = 9;

    /// <summary>Sends a signal to every process of a group; one that is no more is no error.</summary>
    /// <param name="group">The group's id, above 1: that of the process that leads it.</param>
    /// <param name="signal">The signal's number.</param>
    public static void SendToGroup(int group, int signal)
    {
        // kill(-1) is everything that this user runs, and kill(0) is ourselves.
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(group, 1);
        _ = SendTo(-group, signal);
    }

    /// <summary>Ends one process without asking; one that is no more is no error.</summary>
    /// <param name="process">The process's id, above 1.</param>
    public static void KillProcess(int process)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(process, 1);
        _ = SendTo(process, Kill);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendTo(int process, int signal);
}
