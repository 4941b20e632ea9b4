using System.Text;
using Hive.Evaluators;
using Hive.Evaluators.Modules;
using Hive.Goals;
using Hive.Wasm;

namespace Hive.Agents;

/// <summary>A test program in the sandbox: a WASI command that reads a text and says by its exit code whether it is good.</summary>
internal static class TextTestModule
{
    private const int MaxOutput = 16 * 1024;

    /// <exception cref="EvaluatorException">The module cannot be loaded.</exception>
    public static TextTestResult Run(WasmEvaluatorSpec wasm, string directory, string text, CancellationToken cancellation)
    {
        using var module = WasmEvaluatorModule.Load(wasm.File, directory);
        using var store = new Store(module.Engine) { Fuel = (ulong)(wasm.Fuel ?? WasmEvaluator.DefaultFuel), CancellationToken = cancellation };
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var world = new Wasi(new WasiConfiguration { Arguments = [wasm.File], StandardInput = input, MaxOutputBytes = MaxOutput });
        try
        {
            var exitCode = Wasi.Run(new Linker(module.Engine).DefineWasi(world).Instantiate(store, module.Module));
            return new TextTestResult(exitCode == 0, Encoding.UTF8.GetString([.. world.StandardOutput, .. world.StandardError]).Trim());
        }
        catch (WasmException e)
        {
            cancellation.ThrowIfCancellationRequested();
            return new TextTestResult(false, e.Message);
        }
    }
}
