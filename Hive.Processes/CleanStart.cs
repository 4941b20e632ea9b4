using System.Collections.Immutable;
using System.Diagnostics;

namespace Hive.Processes;

/// <summary>How a program from outside is started: with all streams redirected, and in an environment made anew.</summary>
internal static class CleanStart
{
    // What programs need to find their files and to speak the user's language; nothing else of the host's environment, which may hold secrets.
    private static readonly ImmutableArray<string> Inherited =
        ["PATH", "HOME", "LANG", "TMPDIR", "SystemRoot", "USERPROFILE", "PATHEXT", "TEMP", "TMP"];

    /// <summary>A start whose program and arguments <see cref="Supervision.Apply"/> fills in.</summary>
    /// <param name="directory">The working directory.</param>
    public static ProcessStartInfo In(string directory)
    {
        var start = new ProcessStartInfo
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        start.Environment.Clear();
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                start.Environment[name] = value;
            }
        }

        // Python holds back what it prints into a pipe, which is the commonest way to never answer.
        start.Environment["PYTHONUNBUFFERED"] = "1";
        return start;
    }
}
