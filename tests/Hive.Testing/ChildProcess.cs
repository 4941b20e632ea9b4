using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Hive.Testing;

/// <summary>A .NET program of this repository, run as a process of its own so that a test can kill it.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private int _disposed;

    private ChildProcess(Process process) => _process = process;

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    /// <summary>Starts a program that lies beside the tests.</summary>
    /// <param name="assembly">Its file name, such as <c>Hive.CrashWriter.dll</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ChildProcess Start(string assembly, params string[] arguments) => new(Process.Start(
        new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments])
        {
            RedirectStandardOutput = true,
        })!);

    /// <summary>The lines that it writes, until it ends.</summary>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<string> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Kills it at once (SIGKILL); what it has written can still be read.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Kills it and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}
