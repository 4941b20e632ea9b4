using System.Text;
using Hive.Evaluators.Commands;
using Hive.Goals;
using Hive.Processes;
using Hive.Spaces;
using Hive.Wasm;

namespace Hive.Evaluators.Modules;

/// <summary>
/// An evaluator in the sandbox. Two forms of module are measured with:
/// <list type="bullet">
/// <item>a WASI command, started anew for each candidate: JSON on standard input, the answer of protocol <c>once</c> on standard output;</item>
/// <item>a module that exports <c>memory</c>, <c>reserve(bytes: i32) → i32</c> and <c>evaluate(point: i32, length: i32) → f64</c>, and <c>violation() → f64</c>
/// where it has one: the point is handed over as doubles, without JSON, millions of times a second.</item>
/// </list>
/// Every candidate gets the same fuel, so one that runs away fails alone, and at the same instruction on every machine.
/// </summary>
internal sealed class WasmEvaluator : IEvaluator
{
    /// <summary>The fuel of a candidate where the goal names none: some seconds of work.</summary>
    public const long DefaultFuel = 10_000_000_000;

    private readonly WasmEvaluatorModule _module;
    private readonly SearchSpace _space;
    private readonly AnswerParser _parser;
    private readonly ulong _fuel;
    private NumericGuest? _guest;

    /// <exception cref="EvaluatorException">The module cannot be read, or is of neither form.</exception>
    public WasmEvaluator(WasmEvaluatorSpec spec, string metric, SearchSpace space, string directory)
    {
        _module = WasmEvaluatorModule.Load(spec.File, directory);
        _space = space;
        _parser = new AnswerParser(metric);
        _fuel = (ulong)(spec.Fuel ?? DefaultFuel);
    }

    /// <inheritdoc/>
    public int PreferredBatch => 64;

    /// <inheritdoc/>
    public ValueTask MeasureAsync(IReadOnlyList<double[]> points, Memory<Measurement> results, CancellationToken cancellation)
    {
        for (var i = 0; i < points.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Span[i] = _module.IsNumeric ? MeasureNumbers(points[i], cancellation) : MeasureCommand(points[i], cancellation);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _guest?.Dispose();
        _module.Dispose();
        return ValueTask.CompletedTask;
    }

    private Measurement MeasureNumbers(double[] point, CancellationToken cancellation)
    {
        try
        {
            _guest ??= NumericGuest.Start(_module, _space.Length, _fuel, cancellation);
            return _guest.Measure(point, _fuel, cancellation);
        }
        catch (WasmException e)
        {
            // What a trap leaves behind is anybody's guess: the next candidate gets a fresh instance.
            _guest?.Dispose();
            _guest = null;
            return Failed(e, cancellation);
        }
    }

    private Measurement MeasureCommand(double[] point, CancellationToken cancellation)
    {
        using var store = new Store(_module.Engine) { Fuel = _fuel, CancellationToken = cancellation };
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(_space.ToJson(point)));
        var wasi = new Wasi(new WasiConfiguration { Arguments = [_module.Module.Name], StandardInput = input, MaxOutputBytes = 1 << 20 });
        try
        {
            var status = Wasi.Run(new Linker(_module.Engine).DefineWasi(wasi).Instantiate(store, _module.Module));
            return status == 0
                ? _parser.ReadOutput(wasi.StandardOutput)
                : Measurement.Failed($"exit status {status}: {OneLine.Of(Encoding.UTF8.GetString(wasi.StandardError))}");
        }
        catch (WasmException e)
        {
            return Failed(e, cancellation);
        }
    }

    private static Measurement Failed(WasmException e, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Measurement.Failed(e is TrapException { Code: TrapCode.OutOfFuel } ? "out of fuel; give the evaluator more with \"fuel\"" : e.Message);
    }
}
