using System.Diagnostics;
using System.Text;

namespace Hive.Silo.Tests;

/// <summary>The <c>hive</c> command as a process of its own, as users start it.</summary>
internal sealed class HiveProcess : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly StringBuilder _error = new();
    private readonly Task _errorRead;
    private readonly Func<string, bool> _until;
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HiveProcess(Process process, Func<string, bool> until)
    {
        _process = process;
        _until = until;
        _output = process.StandardOutput.ReadToEndAsync();
        _errorRead = ReadErrorAsync();
    }

    /// <summary>Completes when a line was seen that was waited for, or when the process has ended.</summary>
    public Task Seen => _seen.Task;

    public static HiveProcess Start(string folder, Func<string, bool> until, params string[] arguments)
    {
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

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new HiveProcess(process, until);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Status, string Output, string Error)> RunAsync(string folder, params string[] arguments)
    {
        await using var process = Start(folder, _ => false, arguments);
        return await process.EndAsync();
    }

    /// <summary>Ends the process as <c>kill -9</c> does: nothing of it gets to run any more.</summary>
    public void Kill() => _process.Kill();

    public void Interrupt() => Process.Start("kill", ["-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!.WaitForExit();

    public async Task<(int Status, string Output, string Error)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Longest);
        await _errorRead;
        return (_process.ExitCode, await _output, _error.ToString());
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

    private async Task ReadErrorAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _error.AppendLine(line);
            if (_until(line))
            {
                _seen.TrySetResult();
            }
        }

        _seen.TrySetResult();
    }
}
