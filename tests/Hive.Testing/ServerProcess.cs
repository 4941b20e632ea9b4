using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Hive.Testing;

/// <summary>A server's process: its output is read line by line, so that a test waits for what the server says and never for time.</summary>
internal sealed class ServerProcess
{
    /// <summary>How much of the output an error shows.</summary>
    private const int KeptLines = 40;

    private readonly Process _process;

    private readonly Lock _gate = new();

    private readonly Queue<string> _lines = new();

    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];

    private ServerProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => FailAwaited();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts a server.</summary>
    public static ServerProcess Start(string[] command)
    {
        var process = Create(command);
        try
        {
            return new ServerProcess(process);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"'{command[0]}' is not installed ({e.Message}).", e);
        }
    }

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public static async Task RunAsync(string[] command, CancellationToken cancellation, string input = "")
    {
        using var process = Create(command);
        process.Start();
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await output}{await error}");
        }
    }

    /// <summary>Completes when a line that contains the text has been written since the start.</summary>
    public async Task WaitForLineAsync(string text, CancellationToken cancellation)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
            {
                return;
            }

            _awaited.Add((text, seen));
        }

        if (_process.HasExited)
        {
            FailAwaited();
        }

        await seen.Task.WaitAsync(cancellation);
    }

    /// <summary>Sends a signal, such as "INT", to the server's first process.</summary>
    public Task SignalAsync(string signal, CancellationToken cancellation) =>
        RunAsync(["kill", "-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)], cancellation);

    public Task WaitForExitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>Kills the server and its children, and completes when they are gone.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(cancellation);
        _process.Dispose();
    }

    private static Process Create(string[] command) => new()
    {
        StartInfo = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        },
    };

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            _lines.Enqueue(line);
            while (_lines.Count > KeptLines)
            {
                _lines.Dequeue();
            }

            foreach (var (_, seen) in _awaited.Where(awaited => line.Contains(awaited.Text, StringComparison.Ordinal)))
            {
                seen.TrySetResult();
            }
        }
    }

    private void FailAwaited()
    {
        lock (_gate)
        {
            foreach (var (text, seen) in _awaited)
            {
                seen.TrySetException(new InvalidOperationException(
                    $"The server ended before it said '{text}': {string.Join(Environment.NewLine, _lines)}"));
            }
        }
    }
}
