using System.Diagnostics;
using System.Globalization;

namespace Hive.Silo.Tests;

/// <summary>The <c>hive</c> command as a process of its own, as users start it.</summary>
internal sealed class HiveProcess : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly Task _errorRead;
    private readonly Func<string, bool> _until;
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasEnded;
    private TaskCompletionSource _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HiveProcess(Process process, Func<string, bool> until)
    {
        _process = process;
        _until = until;
        _output = process.StandardOutput.ReadToEndAsync();
        _errorRead = ReadErrorAsync();
    }

    /// <summary>Completes when a line was seen that was waited for, or when the process has ended.</summary>
    public Task Seen => _seen.Task;

    /// <summary>How many lines it has written to standard error.</summary>
    public int Lines
    {
        get
        {
            lock (_gate) return _lines.Count;
        }
    }

    /// <summary>What it has written to standard error.</summary>
    public string Error
    {
        get
        {
            lock (_gate) return string.Concat(_lines.Select(line => line + Environment.NewLine));
        }
    }

    public bool HasExited => _process.HasExited;

    public static HiveProcess Start(string folder, Func<string, bool> until, params string[] arguments) =>
        Start(folder, until, new Dictionary<string, string?>(), arguments);

    /// <summary>Starts a command. Where the test says nothing of brains it has none, whatever runs on this machine.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="until">Which line is waited for with <see cref="Seen"/>.</param>
    /// <param name="environment">Variables beside those of the tests.</param>
    /// <param name="arguments">What follows <c>hive</c>.</param>
    public static HiveProcess Start(string folder, Func<string, bool> until, IReadOnlyDictionary<string, string?> environment, string[] arguments)
    {
        var brains = Path.Combine(folder, "hive.json");
        if (!File.Exists(brains))
        {
            File.WriteAllText(brains, """{ "discover": false }""");
        }

        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "hive.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new HiveProcess(process, until);
    }

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int Status, string Output, string Error)> RunAsync(string folder, params string[] arguments) =>
        RunAsync(folder, new Dictionary<string, string?>(), arguments);

    /// <summary>Runs a command to its end, with variables beside those of the tests.</summary>
    public static async Task<(int Status, string Output, string Error)> RunAsync(string folder, IReadOnlyDictionary<string, string?> environment, string[] arguments)
    {
        await using var process = Start(folder, _ => false, environment, arguments);
        return await process.EndAsync();
    }

    /// <summary>Waits for a line on standard error that holds a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="after">How many of the first lines do not count.</param>
    /// <returns>The line.</returns>
    /// <exception cref="InvalidOperationException">It has ended without such a line.</exception>
    public async Task<string> WaitForLineAsync(string text, int after = 0)
    {
        using var longest = new CancellationTokenSource(Longest);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_lines.Skip(after).FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }

                more = _hasEnded ? throw new InvalidOperationException($"it ended without saying '{text}': {string.Join(Environment.NewLine, _lines)}") : _line.Task;
            }

            await more.WaitAsync(longest.Token);
        }
    }

    /// <summary>Ends the process as <c>kill -9</c> does: nothing of it gets to run any more.</summary>
    public void Kill() => _process.Kill();

    public void Interrupt() => Signal("INT");

    /// <summary>Stops it as a machine does that suspends it: nothing of it runs until it is continued.</summary>
    public void Stop() => Signal("STOP");

    public void Continue() => Signal("CONT");

    public async Task<(int Status, string Output, string Error)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Longest);
        await _errorRead;
        return (_process.ExitCode, await _output, Error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)])!;
        kill.WaitForExit();
    }

    private async Task ReadErrorAsync()
    {
        try
        {
            await ReadLinesAsync();
        }
        finally
        {
            lock (_gate)
            {
                // Whoever waits for a line is told of the end, too.
                _hasEnded = true;
                _line.SetResult();
            }
        }
    }

    private async Task ReadLinesAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_gate)
            {
                _lines.Add(line);
                _line.SetResult();
                _line = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            if (_until(line))
            {
                _seen.TrySetResult();
            }
        }

        _seen.TrySetResult();
    }
}
