using System.Text;
using Hive.Wasm;

namespace Hive.Evaluators.Modules;

/// <summary>The module of a Wasm evaluator, compiled once for all the candidates it measures.</summary>
internal sealed class WasmEvaluatorModule : IDisposable
{
    private const long MaxMemoryBytes = 256 << 20;
    private static readonly Config Sandbox = new() { ConsumeFuel = true, MaxMemoryBytes = MaxMemoryBytes };

    private WasmEvaluatorModule(Hive.Wasm.Engine engine, Module module, bool isNumeric) => (Engine, Module, IsNumeric) = (engine, module, isNumeric);

    public Hive.Wasm.Engine Engine { get; }

    public Module Module { get; }

    /// <summary>Whether points are handed over as doubles; otherwise the module is a WASI command.</summary>
    public bool IsNumeric { get; }

    /// <exception cref="EvaluatorException">The file cannot be read, is no module, or is of no form that can measure.</exception>
    public static WasmEvaluatorModule Load(string file, string directory)
    {
        var path = Path.GetFullPath(file, Path.GetFullPath(directory));
        var engine = new Hive.Wasm.Engine(Sandbox);
        Module module;
        try
        {
            module = path.EndsWith(".wat", StringComparison.OrdinalIgnoreCase)
                ? Module.FromText(engine, Path.GetFileName(path), File.ReadAllText(path, Encoding.UTF8))
                : Module.FromFile(engine, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvaluatorException($"the module '{file}' cannot be read ({e.Message}); correct \"wasm\", whose path starts from {directory}", e);
        }
        catch (WasmException e)
        {
            throw new EvaluatorException($"the module '{file}' is refused: {e.Message}", e);
        }

        var isNumeric = HasFunction(module, "evaluate", [Hive.Wasm.ValueType.I32, Hive.Wasm.ValueType.I32], Hive.Wasm.ValueType.F64)
            && HasFunction(module, "reserve", [Hive.Wasm.ValueType.I32], Hive.Wasm.ValueType.I32)
            && module.Exports.Any(export => export is { Name: "memory", Type: MemoryType });
        if (isNumeric || module.Exports.Any(export => export is { Name: "_start", Type: FunctionExternalType }))
        {
            return new WasmEvaluatorModule(engine, module, isNumeric);
        }

        module.Dispose();
        throw new EvaluatorException(
            $"the module '{file}' measures nothing: it must be a WASI command (export _start), or export memory, reserve(i32) -> i32 and evaluate(i32, i32) -> f64; docs/evaluators.md shows both");
    }

    public void Dispose() => Module.Dispose();

    private static bool HasFunction(Module module, string name, Hive.Wasm.ValueType[] parameters, Hive.Wasm.ValueType result) =>
        module.Exports.Any(export => export.Name == name
            && export.Type is FunctionExternalType function
            && function.Type.Parameters.SequenceEqual(parameters)
            && function.Type.Results.SequenceEqual([result]));
}
