using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Hive.Archive;

/// <summary>Runs git on one bare repository, such that no setting, hook or variable of the user's has a say in what it does.</summary>
internal sealed class GitProgram(string git, string directory)
{
    /// <summary>How much of what git says an error shows.</summary>
    private const int MaxError = 4_096;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>The repository.</summary>
    public string Directory => directory;

    /// <summary>Starts git.</summary>
    /// <exception cref="ArchiveException">There is no git.</exception>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(git)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C";
        string[] fixedArguments = [$"--git-dir={directory}", "-c", "core.hooksPath=/dev/null", "-c", "core.fsync=all", "-c", "gc.auto=0"];
        foreach (var argument in fixedArguments.Concat(arguments)) start.ArgumentList.Add(argument);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ArchiveException($"the archive needs git, and '{git}' cannot be started ({e.Message}): install git, or go without an archive", e);
        }
    }

    /// <summary>Runs git to its end.</summary>
    /// <returns>Its exit status, what it printed, and why it failed in one line.</returns>
    /// <exception cref="ArchiveException">There is no git, or it did not end in time.</exception>
    public async Task<(int Status, string Output, string Error)> RunAsync(CancellationToken cancellation, params string[] arguments)
    {
        using var process = Start(arguments);
        try
        {
            process.StandardInput.Close();
            var error = ReadErrorAsync(process);
            var output = await process.StandardOutput.ReadToEndAsync(cancellation).WaitAsync(Timeout, cancellation).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).WaitAsync(Timeout, cancellation).ConfigureAwait(false);
            return (process.ExitCode, output, await error.ConfigureAwait(false));
        }
        catch (TimeoutException e)
        {
            throw new ArchiveException($"git {arguments[0]} in '{directory}' did not end within {Timeout.TotalSeconds:0} s", e);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>What git says on its standard error until it ends, as one line of bounded length.</summary>
    public static async Task<string> ReadErrorAsync(Process process)
    {
        var said = new StringBuilder();
        while (await process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (said.Length < MaxError) said.Append(said.Length == 0 ? "" : "; ").Append(line.AsSpan(0, Math.Min(line.Length, MaxError)));
        }

        return said.ToString();
    }
}
