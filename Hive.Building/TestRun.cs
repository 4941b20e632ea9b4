using System.Collections.Immutable;
using System.Globalization;
using Hive.Processes;

namespace Hive.Building;

/// <summary>Runs a test command.</summary>
/// <param name="time">Measures time.</param>
internal sealed class TestRun(TimeProvider time)
{
    // What builds need to find their tools and caches.
    private static readonly ImmutableArray<string> Inherited =
    [
        "USER", "LOGNAME", "TZ", "SHELL", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "JAVA_HOME", "ANDROID_HOME", "GOPATH", "GOROOT", "GOCACHE",
        "GOMODCACHE", "GOFLAGS", "CARGO_HOME", "RUSTUP_HOME", "NODE_PATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "PKG_CONFIG_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "XDG_CACHE_HOME", "XDG_DATA_HOME",
    ];

    private static readonly ImmutableArray<string> Prefixes = ["DOTNET_", "NUGET_", "MSBUILD", "LC_"];

    private static readonly ImmutableArray<string> Secrets = ["KEY", "TOKEN", "SECRET", "PASSW", "CREDENTIAL", "AUTH"];

    // Servers that compilers leave running to be quicker the next time would be killed with the rest; these say not to start them.
    private static readonly ImmutableArray<(string Name, string Value)> Fixed =
    [
        ("MSBUILDDISABLENODEREUSE", "1"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"), ("UseSharedCompilation", "false"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
        ("DOTNET_NOLOGO", "1"), ("GIT_TERMINAL_PROMPT", "0"),
    ];

    /// <summary>Runs a command to its end, or kills it.</summary>
    /// <param name="folder">The work tree.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="cancellation">Kills it.</param>
    public async Task<TestResult> RunAsync(string folder, ImmutableArray<string> command, TimeSpan timeout, CancellationToken cancellation)
    {
        if (!ProgramFile.TryFind(command[0], folder, out var program, out var reason))
        {
            return new TestResult(false, $"the test program {reason}", 0);
        }

        var began = time.GetTimestamp();
        using var patience = new CancellationTokenSource(timeout, time);
        using var supervision = new Supervision();
        var output = new OutputTail();
        await using var child = Start(folder, program, command, supervision);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        var status = default(int?);
        try
        {
            child.Input.Close();
            await ReadAsync(child, supervision, output, stop.Token).ConfigureAwait(false);
            await child.Exited.WaitAsync(stop.Token).ConfigureAwait(false);
            status = child.ExitStatus;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            output.Say(string.Create(CultureInfo.InvariantCulture, $"[killed: it did not end within {timeout.TotalSeconds} s]"));
        }

        if (status is > 0)
        {
            output.Say(string.Create(CultureInfo.InvariantCulture, $"[it ended with exit status {status}]"));
        }

        return new TestResult(status == 0, output.ToString(), time.GetElapsedTime(began).TotalSeconds);
    }

    private ChildProcess Start(string folder, string program, ImmutableArray<string> command, Supervision supervision)
    {
        var start = CleanStart.In(folder);
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsInherited))
        {
            start.Environment[name] = Environment.GetEnvironmentVariable(name);
        }

        foreach (var (name, value) in Fixed) start.Environment[name] = value;

        // The shell only joins the two streams, so that errors stand where they happened; it interprets nothing of the command.
        if (supervision.HasGroups && ProgramFile.OnPath("sh") is { } shell)
        {
            supervision.Apply(start, shell, ["-c", "exec \"$@\" 2>&1", "test", program, .. command.RemoveAt(0)]);
        }
        else
        {
            supervision.Apply(start, program, command.RemoveAt(0));
        }

        try
        {
            return ChildProcess.Start(start, supervision, time);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw new BuildException($"the test command '{string.Join(' ', command)}' cannot be started in '{folder}': {e.Message}", e);
        }
    }

    private static async Task ReadAsync(ChildProcess child, Supervision supervision, OutputTail output, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, child.Silenced);
        try
        {
            await output.ReadAsync(child.Output, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The program has ended, and something that it left behind holds the output open. Without it the end comes.
            supervision.KillStrays();
            await output.ReadAsync(child.Output, stop).ConfigureAwait(false);
        }
    }

    private static bool IsInherited(string name) =>
        (Inherited.Contains(name, StringComparer.OrdinalIgnoreCase) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
        && !Secrets.Any(secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase));
}
