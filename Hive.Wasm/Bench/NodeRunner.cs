using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Hive.Wasm.Bench;

/// <summary>Runs a kernel in node, where it is installed.</summary>
internal sealed class NodeRunner
{
    /// <summary>Runs often enough for V8's optimising tier to take over, then times; prints the least time in ns and the result.</summary>
    private const string Script = """
        const [path, size, warmUps, runs] = process.argv.slice(1);
        const { run } = new WebAssembly.Instance(new WebAssembly.Module(require('fs').readFileSync(path))).exports;
        const timed = async () => {
          for (let i = 0; i < +warmUps; i++) { run(+size); await new Promise(resolve => setTimeout(resolve, 5)); }
          let best = Infinity, result;
          for (let i = 0; i < +runs; i++) {
            const start = process.hrtime.bigint();
            result = run(+size);
            best = Math.min(best, Number(process.hrtime.bigint() - start));
          }
          console.log(best + ' ' + result);
        };
        timed();
        """;

    private const int WarmUps = 25;

    private NodeRunner(string version) => Version = version;

    public string Version { get; }

    public static NodeRunner? Find(CancellationToken cancellationToken)
    {
        try
        {
            return new NodeRunner(Run(cancellationToken, "--version").Trim());
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    public (double Nanoseconds, int Result) Time(byte[] module, int size, int runs, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetTempPath(), $"hive-kernel-{Guid.NewGuid():n}.wasm");
        try
        {
            File.WriteAllBytes(path, module);
            var output = Run(cancellationToken, "-e", Script, path, Text(size), Text(WarmUps), Text(runs)).Split(' ');
            return (double.Parse(output[0], CultureInfo.InvariantCulture), int.Parse(output[1], CultureInfo.InvariantCulture));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Run(CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true })!;
        using var registration = cancellationToken.Register(process.Kill);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"node exited with code {process.ExitCode}.");
    }
}
