using System.Runtime.InteropServices;
using Hive.Wasm;

namespace Hive.Evaluators.Modules;

/// <summary>An instance that takes points as doubles in its own memory. It stays from candidate to candidate, until one of them traps.</summary>
internal sealed class NumericGuest : IDisposable
{
    private readonly Store _store;
    private readonly Memory _memory;
    private readonly Func<int, int, double> _evaluate;
    private readonly Func<double>? _violation;
    private readonly int _address;

    private NumericGuest(Store store, Instance instance, int address)
    {
        _store = store;
        _address = address;
        _memory = instance.GetMemory("memory")!;
        _evaluate = instance.GetFunction("evaluate")!.WrapFunc<int, int, double>();
        _violation = instance.GetFunction("violation") is { } violation && violation.Type.Parameters.Count == 0 ? violation.WrapFunc<double>() : null;
    }

    /// <summary>Instantiates the module and has it reserve room for a point.</summary>
    /// <exception cref="WasmException">The module traps already here.</exception>
    public static NumericGuest Start(WasmEvaluatorModule module, int length, ulong fuel, CancellationToken cancellation)
    {
        var store = new Store(module.Engine) { Fuel = fuel, CancellationToken = cancellation };
        try
        {
            // A numeric evaluator needs nothing of the world, but toolchains link WASI in all the same.
            var linker = new Linker(module.Engine).DefineWasi(new Wasi(new WasiConfiguration()));
            var instance = linker.Instantiate(store, module.Module);
            instance.GetFunction("_initialize")?.Invoke();
            return new NumericGuest(store, instance, instance.GetFunction("reserve")!.WrapFunc<int, int>()(length * sizeof(double)));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Measures one point.</summary>
    /// <exception cref="WasmException">The module trapped.</exception>
    public Measurement Measure(double[] point, ulong fuel, CancellationToken cancellation)
    {
        if (_store.CancellationToken != cancellation)
        {
            _store.CancellationToken = cancellation;
        }

        if ((uint)_address > _memory.ByteLength - (point.Length * sizeof(double)))
        {
            return Measurement.Failed("what reserve() returned does not hold a point inside the module's memory");
        }

        MemoryMarshal.AsBytes(point.AsSpan()).CopyTo(_memory.GetSpan((uint)_address, point.Length * sizeof(double)));
        _store.Fuel = fuel;
        var metric = _evaluate(_address, point.Length);
        var violation = _violation?.Invoke() ?? 0;
        return double.IsFinite(metric) && violation is >= 0 and < double.PositiveInfinity
            ? new Measurement(metric, violation, null)
            : Measurement.Failed(FormattableString.Invariant($"the module answers metric {metric}, violation {violation}; both must be finite, and a violation is not negative"));
    }

    public void Dispose() => _store.Dispose();
}
