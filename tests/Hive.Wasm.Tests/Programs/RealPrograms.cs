using System.Diagnostics;

namespace Hive.Wasm.Tests.Programs;

/// <summary>Programs built from Debian's sources, for WASI and natively, by <c>build/wasm-programs.sh</c>; built once a process.</summary>
internal static class RealPrograms
{
    private static readonly Lazy<(string Folder, string? WhyAbsent)> Built = new(Build);

    public static string Folder => Built.Value.Folder;

    /// <summary>Why the programs cannot be had here; null where they can.</summary>
    public static string? WhyAbsent => Built.Value.WhyAbsent;

    private static (string Folder, string? WhyAbsent) Build()
    {
        var script = FindScript();
        var folder = Path.Combine(Path.GetTempPath(), "hive-wasm-programs");
        using var process = Process.Start(new ProcessStartInfo("bash", [script, folder]) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode switch
        {
            0 => (folder, null),
            3 => (folder, errors.Trim()),
            _ => throw new InvalidOperationException($"{script} failed: {errors}"),
        };
    }

    private static string FindScript()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var script = Path.Combine(directory.FullName, "build", "wasm-programs.sh");
            if (File.Exists(script)) return script;
        }

        throw new FileNotFoundException("build/wasm-programs.sh is in no directory above the tests.");
    }
}
