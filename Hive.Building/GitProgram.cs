using System.ComponentModel;
using System.Diagnostics;
using Hive.Processes;

namespace Hive.Building;

/// <summary>Runs git such that no hook, filter, driver, helper or transport that a repository or a person configured is ever started.</summary>
/// <param name="program">The program, such as <c>git</c>.</param>
/// <param name="home">A folder without settings, which git takes for the home directory.</param>
/// <param name="time">Measures how long a command may take.</param>
internal sealed class GitProgram(string program, string home, TimeProvider time)
{
    /// <summary>The most bytes that a command may print.</summary>
    public const int MaxOutput = 256 << 20;

    private const int MaxError = 4_096;

    // Git itself ends with at most this; 128 and a signal's number are above it, but for SIGHUP, which nobody sends here.
    private const int MaxStatus = 129;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private static readonly string[] Inherited = ["PATH", "TMPDIR", "SystemRoot", "PATHEXT", "TEMP", "TMP"];

    private static readonly (string Name, string Value)[] Variables =
    [
        ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_ATTR_NOSYSTEM", "1"), ("GIT_TERMINAL_PROMPT", "0"), ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_NO_REPLACE_OBJECTS", "1"), ("GIT_NO_LAZY_FETCH", "1"), ("GIT_ALLOW_PROTOCOL", "none"), ("LC_ALL", "C"),
    ];

    // On the command line a setting goes before that of the repository. References are to survive a power cut.
    private static readonly string[] Settings =
    [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.attributesFile=/dev/null", "core.excludesFile=/dev/null", "core.fsync=all",
        "core.protectHFS=true", "core.protectNTFS=true", "core.logAllRefUpdates=false", "core.quotePath=false", "core.autocrlf=false", "core.sparseCheckout=false",
        "submodule.recurse=false", "gc.auto=0", "maintenance.auto=false", "protocol.allow=never", "i18n.commitEncoding=utf-8", "apply.whitespace=nowarn",
    ];

    /// <summary>Runs git to its end.</summary>
    /// <param name="run">What to run.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <exception cref="BuildException">There is no git, it printed too much, it was killed, or it did not end in time.</exception>
    public async Task<GitResult> RunAsync(GitRun run, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        using var process = Start(run);
        try
        {
            var feeding = FeedAsync(process, run.Input, patience.Token);
            var reading = ReadAsync(process.StandardError.BaseStream, MaxError, patience.Token);
            var output = await ReadAsync(process.StandardOutput.BaseStream, MaxOutput, patience.Token).ConfigureAwait(false);
            if (output.IsCut)
            {
                throw new BuildException($"git {run.Arguments[0]} printed more than {MaxOutput >> 20} MiB: the repository is larger than a build goal can work on");
            }

            var error = await reading.ConfigureAwait(false);
            await feeding.ConfigureAwait(false);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            return process.ExitCode <= MaxStatus
                ? new GitResult(process.ExitCode, output.Bytes, OneLine.Of(error.Bytes))
                : throw new BuildException($"git {run.Arguments[0]} was killed (status {process.ExitCode}): go on, and it is done again");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new BuildException($"git {run.Arguments[0]} did not end within {Timeout.TotalMinutes:0} minutes");
        }
        finally
        {
            Kill(process);
        }
    }

    private Process Start(GitRun run)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        var inherited = Inherited.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(variable => variable.Value is not null).ToArray();
        start.Environment.Clear();
        foreach (var (name, value) in inherited) start.Environment[name] = value;
        foreach (var (name, value) in Variables.Concat(run.Variables)) start.Environment[name] = value;
        start.Environment["HOME"] = home;
        start.Environment["XDG_CONFIG_HOME"] = home;
        foreach (var setting in Settings)
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(setting);
        }

        foreach (var argument in run.Place.Concat(run.Arguments)) start.ArgumentList.Add(argument);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new BuildException($"build goals need git, and '{program}' cannot be started ({e.Message}): install git", e);
        }
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellation).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all; its exit status tells.
        }
    }

    /// <summary>Reads to the end, and keeps as much as is allowed.</summary>
    private static async Task<(byte[] Bytes, bool IsCut)> ReadAsync(Stream stream, int most, CancellationToken cancellation)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 << 10];
        var isCut = false;
        while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read)
        {
            var room = (int)Math.Min(read, most - kept.Length);
            kept.Write(buffer, 0, room);
            isCut |= room < read;
        }

        return (kept.ToArray(), isCut);
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }
    }
}
